import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { laterRuns, type StackedRun, stackedOn } from './stack.ts';

const run = (id: string, after: string[], more: Partial<StackedRun> = {}): StackedRun => ({
  id,
  after,
  undoes: [],
  inForce: true,
  ...more,
});

describe('later runs', () => {
  it('those that stand on it, and on those, the newest first; disjoint ones not', () => {
    const runs = [run('1', []), run('2', ['1']), run('3', []), run('4', ['2']), run('5', ['1', '3'])];
    expect(laterRuns(runs, '1')).toEqual(['5', '4', '2']);
    expect(laterRuns(runs, '2')).toEqual(['4']);
    expect(laterRuns(runs, '3')).toEqual(['5']);
    expect(laterRuns(runs, '4')).toEqual([]);
  });

  it('the order is that of `after`, not of names, which clocks gave', () => {
    expect(laterRuns([run('9', []), run('5', ['9']), run('7', ['5'])], '9')).toEqual(['7', '5']);
  });

  it('what was taken back does not count, nor does its rollback', () => {
    const runs = [run('1', []), run('2', ['1'], { inForce: false }), run('3', ['2'], { undoes: ['2'] })];
    expect(laterRuns(runs, '1')).toEqual([]);
    expect(laterRuns([...runs, run('4', ['3'])], '1')).toEqual(['4']);
    expect(laterRuns([...runs, run('4', ['3'])], '3')).toEqual(['4']);
  });

  it('a rollback of what lies below stands on a rollback', () => {
    const runs = [
      run('1', [], { inForce: false }),
      run('2', ['1'], { inForce: false }),
      run('3', ['2'], { undoes: ['2'] }),
      run('4', ['3'], { undoes: ['1'] }),
    ];
    expect(laterRuns(runs, '3')).toEqual(['4']);
  });
});

it('a new run stands on the newest in force that touched one of its paths', () => {
  const of = (id: string, after: string[], paths: string[], inForce = true) => ({
    ...run(id, after, { inForce }),
    paths: new Set(paths),
  });
  const runs = [of('1', [], ['a', 'b']), of('2', ['1'], ['a']), of('3', [], ['c']), of('4', ['2'], ['a'], false)];
  expect(stackedOn(runs, ['a'])).toEqual(['2']);
  expect(stackedOn(runs, ['b'])).toEqual(['1']);
  expect(stackedOn(runs, ['a', 'b', 'c'])).toEqual(['2', '3']);
  expect(stackedOn(runs, ['d'])).toEqual([]);
});

/**
 * Histories on paths whose content is just the list of runs that made it, so that what going back must do can be seen: each run that
 * goes finds its paths exactly as it had left them.
 */
it('random histories of runs, rollbacks, and rollbacks of rollbacks', () => {
  type Lists = ReadonlyMap<string, string>;
  interface Known extends Omit<StackedRun, 'inForce'> {
    readonly paths: ReadonlySet<string>;
    readonly before: Lists;
    readonly left: Lists;
  }
  const move = fc.tuple(fc.boolean(), fc.nat(), fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(move, { maxLength: 16 }), (moves) => {
      const history: Known[] = [];
      const now = new Map<string, string>();
      const inForce = ({ id }: Known): boolean => !history.some((one) => one.undoes.includes(id) && inForce(one));
      for (const [back, pick, some] of moves) {
        const runs = history.map((one) => ({ ...one, inForce: inForce(one) }));
        const candidates = runs.filter((one) => one.inForce);
        const target = back ? candidates[pick % Math.max(1, candidates.length)] : undefined;
        const undoes = target === undefined ? [] : [...laterRuns(runs, target.id), target.id];
        const undone = undoes.flatMap((id) => history.find((one) => one.id === id) ?? []);
        const paths = new Set(target === undefined ? some : undone.flatMap((one) => [...one.paths]));
        const seen = new Map([...paths].map((path) => [path, now.get(path) ?? '']));
        // Clocks that go back: names say nothing.
        const id = `${(history.length * 7919) % 101}-${history.length}`;
        if (target === undefined) for (const path of paths) now.set(path, `${seen.get(path)} ${id}`);
        for (const one of undone) {
          for (const path of one.paths) {
            expect(now.get(path)).toBe(one.left.get(path));
            now.set(path, one.before.get(path) ?? '');
          }
        }
        const left = new Map([...paths].map((path) => [path, now.get(path) ?? '']));
        history.push({ id, undoes, after: stackedOn(runs, paths), paths, before: seen, left });
      }
    }),
    { numRuns: 3_000 },
  );
});
