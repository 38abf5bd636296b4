import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles, writeRows } from '../../test/builders/values.ts';
import { fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { type ThreeWay, threeWay } from './three-way.ts';
import type { Row } from './value.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

/** States of one table `k`, `v`, `w`: the ancestor and its two descendants. */
async function since(c: readonly Row[], a: readonly Row[], b: readonly Row[]): Promise<ThreeWay> {
  const db = openConnection('', 'memory');
  const tables = [];
  for (const [name, rows] of Object.entries({ a, b, c })) {
    const made = await files.make((file) => writeRows(file, ['k', 'v', 'w'], rows));
    db.rows(`ATTACH ? AS ${name}`, fileUri(made.file, 'immutable'));
    tables.push(...made.tables);
  }
  const [x, y, z] = tables;
  if (x === undefined || y === undefined || z === undefined) throw new TypeError('a table is missing');
  const columns = ['k', 'v', 'w'].map((name) => [name, name, name] as const);
  const result = threeWay(db, { a: x, b: y, c: z, key: columns.slice(0, 1), columns });
  db.close();
  return result;
}

const NONE = { changedInA: 0, changedInB: 0, changedInBoth: 0, deletedInA: 0, deletedInB: 0, addedInA: 0, addedInB: 0 };
const BASE: readonly Row[] = [
  [1n, 'one', null],
  [2n, 'two', ''],
  [3n, 'three', 0.5],
];
const with2 = (...cells: Row): readonly Row[] => BASE.map((row) => (row[0] === 2n ? [2n, ...cells] : row));

describe('since the ancestor', () => {
  it.each<[string, readonly Row[], readonly Row[], Partial<ThreeWay>]>([
    ['nothing happened', BASE, BASE, {}],
    ['one side changed a row', with2('TWO', ''), BASE, { changedInA: 1 }],
    [
      'both changed the same row',
      with2('TWO', ''),
      with2('zwei', ''),
      { changedInA: 1, changedInB: 1, changedInBoth: 1 },
    ],
    ['R12: empty text became NULL', with2('two', null), BASE, { changedInA: 1 }],
    ['NULL became a value', BASE, [[1n, 'one', 1n], ...BASE.slice(1)], { changedInB: 1 }],
    ['R17: a row was erased on one side', BASE.slice(1), BASE, { deletedInA: 1 }],
    [
      'a row was erased on one side and changed on the other',
      [...BASE.slice(0, 1), ...BASE.slice(2)],
      with2('x', ''),
      { deletedInA: 1, changedInB: 1 },
    ],
    [
      'rows came',
      [...BASE, [4n, 'four', null]],
      [...BASE, [4n, 'quatre', null], [5n, '', '']],
      { addedInA: 1, addedInB: 2 },
    ],
    ['one side was emptied', [], BASE, { deletedInA: 3 }],
  ])('%s', async (_, a, b, expected) => {
    expect(await since(BASE, a, b)).toEqual({ rows: 3, ...NONE, ...expected });
  });

  it('an empty ancestor says that everything was added', async () => {
    expect(await since([], BASE, BASE.slice(1))).toEqual({ rows: 0, ...NONE, addedInA: 3, addedInB: 2 });
  });

  it('agrees with a naive count, and mirrors when the sides are swapped', async () => {
    const state = fc.uniqueArray(
      fc.tuple(fc.bigInt({ min: 0n, max: 9n }), fc.constantFrom<string | null>('x', 'y', null)),
      {
        selector: ([key]) => key,
      },
    );
    type State = readonly (readonly [bigint, string | null])[];
    const check = async (c: State, a: State, b: State): Promise<void> => {
      const [inA, inB] = [new Map(a), new Map(b)];
      const changed = (side: ReadonlyMap<bigint, string | null>): bigint[] =>
        c.flatMap(([key, value]) => (side.has(key) && side.get(key) !== value ? [key] : []));
      const deleted = (side: ReadonlyMap<bigint, string | null>): number => c.filter(([key]) => !side.has(key)).length;
      const added = (side: ReadonlyMap<bigint, string | null>): number => side.size - (c.length - deleted(side));
      const rows = (one: State): readonly Row[] => one.map((cells) => [...cells, null]);
      const counts = await since(rows(c), rows(a), rows(b));
      expect(counts).toEqual({
        rows: c.length,
        changedInA: changed(inA).length,
        changedInB: changed(inB).length,
        changedInBoth: changed(inA).filter((key) => changed(inB).includes(key)).length,
        deletedInA: deleted(inA),
        deletedInB: deleted(inB),
        addedInA: added(inA),
        addedInB: added(inB),
      });
    };
    await fc.assert(fc.asyncProperty(state, state, state, check), { numRuns: 30 });
  });
});
