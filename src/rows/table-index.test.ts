import fc from 'fast-check';
import { expect, it } from 'vitest';
import { table } from '../../test/builders/facts.ts';
import type { Table } from '../stores/model.ts';
import { kinship } from './related.ts';
import { sketchHash, startBottom } from './sketch.ts';
import { tableIndex } from './table-index.ts';

function made(name: string, from: number, columns = ['id:integer', 'title', 'owner', 'status']): Table {
  const sketch = columns.map((spec) => {
    const bottom = startBottom();
    for (let i = from; i < from + 20; i++) bottom.add(sketchHash(`${spec} ${i}`, false));
    return [spec.split(':')[0] ?? '', bottom.smallest()] as const;
  });
  return table(name, 20, columns, { sketch: { sampledRows: 20, complete: true, columns: Object.fromEntries(sketch) } });
}

it('leaves out no table that is kin', () => {
  const tables = fc.array(
    fc
      .tuple(fc.constantFrom('tasks', 'task', 'jobs', 'dynamic_tasks', 'users'), fc.nat({ max: 60 }))
      .map(([name, from]) => made(name, from)),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(tables, tables, (mine, theirs) => {
      for (const one of mine) {
        const kin = theirs.filter((other) => kinship(one, other, false) !== 'no');
        expect(tableIndex(theirs).candidates(one)).toEqual(expect.arrayContaining(kin));
      }
    }),
    { numRuns: 60 },
  );
});

it('keeps the order of the store and looks at no table that shares neither name nor value', () => {
  const [first, second, other] = [made('b', 5), made('a', 0), made('c', 500)];
  expect(tableIndex([first, other, second]).candidates(made('z', 3))).toEqual([first, second]);
});

it('two stores of thousands of tables are not matched each with each', () => {
  const tables = Array.from({ length: 2_000 }, (_, i) => made(`t${i}`, i * 100));
  const index = tableIndex(tables);
  const looked = tables.reduce((sum, one) => sum + index.candidates(one).length, 0);
  // A few more: hashes of 32 bits meet by chance.
  expect(looked).toBeLessThan(2_200);
});
