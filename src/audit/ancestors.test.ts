import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lastCommon, type State } from './ancestors.ts';

/** Rows by key. */
type Rows = ReadonlyMap<number, number>;
type Edit = { readonly kind: 'add' | 'delete' | 'change'; readonly pick: number };

const edits = fc.array(
  fc.record({ kind: fc.constantFrom('add' as const, 'delete' as const, 'change' as const), pick: fc.nat(1000) }),
  { minLength: 1, maxLength: 4 },
);

/**
 * Values and keys are never used twice, as with timestamps and AUTOINCREMENT: nothing goes back to what it was. `mine`: keys that
 * this line touches; two lines that happen to delete the same row cannot be told from one that did.
 */
function history(
  start: Rows,
  steps: readonly (readonly Edit[])[],
  next: { value: number },
  mine: (key: number) => boolean = () => true,
): readonly Rows[] {
  const states: Rows[] = [];
  let now = new Map(start);
  for (const step of steps) {
    now = new Map(now);
    for (const { kind, pick } of step) {
      const keys = [...now.keys()].filter(mine);
      const key = keys[pick % Math.max(1, keys.length)];
      if (kind === 'add' || key === undefined) now.set(next.value, next.value++);
      else if (kind === 'delete') now.delete(key);
      else now.set(key, next.value++);
    }
    states.push(now);
  }
  return states;
}

function stateOf(from: string, c: Rows, a: Rows, b: Rows): State {
  const keys = [...c.keys()];
  const changed = (side: Rows): number[] => keys.filter((key) => side.has(key) && side.get(key) !== c.get(key));
  const both = changed(a).filter((key) => changed(b).includes(key));
  const table = {
    table: 'rows',
    rows: c.size,
    changedInA: changed(a).length,
    changedInB: changed(b).length,
    changedInBoth: both.length,
    deletedInA: keys.filter((key) => !a.has(key)).length,
    deletedInB: keys.filter((key) => !b.has(key)).length,
    addedInA: [...a.keys()].filter((key) => !c.has(key)).length,
    addedInB: [...b.keys()].filter((key) => !c.has(key)).length,
  };
  return { from, at: from, tables: [table] };
}

const START: Rows = new Map(Array.from({ length: 40 }, (_, i) => [i, i]));

it('R17: a state after the parting is never taken for the ancestor while an earlier one is there', () => {
  fc.assert(
    fc.property(
      fc.array(edits, { minLength: 1, maxLength: 4 }),
      fc.array(edits, { minLength: 2, maxLength: 4 }),
      fc.array(edits, { minLength: 1, maxLength: 4 }),
      (before, lineA, lineB) => {
        const next = { value: 1000 };
        const common = [START, ...history(START, before, next)];
        const fork = common.at(-1) ?? START;
        const statesA = history(fork, lineA, next, (key) => key % 2 === 0);
        const b = history(fork, lineB, next, (key) => key % 2 === 1).at(-1) ?? fork;
        const a = statesA.at(-1) ?? fork;
        // Backups: all common states, and those of one line until just before its present state.
        const states = [
          ...common.map((rows, i) => stateOf(`common ${i}`, rows, a, b)),
          ...statesA.slice(0, -1).map((rows, i) => stateOf(`later ${i}`, rows, a, b)),
        ];
        const found = lastCommon(states);
        if (found === undefined) return;
        // A step that adds and deletes the same row leaves a state equal to the one before it: that one is as good.
        const same = (x: Rows, y: Rows): boolean =>
          x.size === y.size && [...x].every(([key, value]) => y.get(key) === value);
        const rowsOf = [...common, ...statesA.slice(0, -1)][states.indexOf(found)] ?? START;
        expect(found.from.startsWith('common') || same(rowsOf, fork), found.from).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

it('R17: a row that was deleted before a later backup is not an addition of the other store', () => {
  const fork: Rows = new Map([...START]);
  const erased = new Map([...fork].filter(([key]) => key !== 7));
  const a = new Map([...erased, [100, 100]]);
  const b = new Map([...fork, [200, 200]]);
  const found = lastCommon([stateOf('fork', fork, a, b), stateOf('later', erased, a, b)]);
  expect(found).toMatchObject({ from: 'fork', tables: [{ deletedInA: 1, addedInB: 1 }] });
});

it('a state equal to one of the stores tells nothing', () => {
  const b = new Map([...START, [200, 200]]);
  expect(lastCommon([stateOf('copy of a', START, START, b)])).toBeUndefined();
});
