import { array, assert, integer, property, record } from 'fast-check';
import { expect, it } from 'vitest';
import { binding } from '../../../test/builders/bindings.ts';
import { facts } from '../../../test/builders/facts.ts';
import { audited, large, small } from '../../../test/builders/html-audit.ts';
import { drawingOf, MOST } from './drawing.ts';
import { HEIGHTS, layOut } from './layout.ts';
import { orderColumns } from './order.ts';
import { placeColumn, stacked } from './place.ts';
import { storeLabels } from './store-label.ts';
import { withoutMachine } from './without-machine.ts';

it('boxes of a column keep their order, stand over nothing else and stay in the picture', () => {
  const wish = record({ height: integer({ min: 1, max: 90 }), top: integer({ min: -500, max: 3000 }) });
  assert(
    property(array(wish, { maxLength: 30 }), integer({ min: 0, max: 500 }), (wishes, spare) => {
      const heights = wishes.map(({ height }) => height);
      const room = stacked(heights, 10) + spare;
      const tops = placeColumn(wishes, 10, room);
      expect(tops).toHaveLength(wishes.length);
      for (const [i, top] of tops.entries()) {
        expect(top).toBeGreaterThanOrEqual(0);
        expect(top + (heights[i] ?? 0)).toBeLessThanOrEqual(room + 1);
        if (i > 0) expect(top).toBeGreaterThanOrEqual((tops[i - 1] ?? 0) + (heights[i - 1] ?? 0) + 9);
      }
    }),
  );
});

it('a box that is free to stand where it wants stands there', () => {
  const wishes = [
    { height: 10, top: 5 },
    { height: 10, top: 100 },
  ];
  expect(placeColumn(wishes, 10, 500)).toEqual([5, 100]);
});

it('lines that need not cross do not', () => {
  const code = [[3], [2], [1], [0]];
  const twins = [[0, 1] as const, [2, 3] as const];
  const orders = orderColumns({ code, twins, groups: ['a', 'b', 'c', 'd'] });
  const at = orders.stores.map((_, i) => orders.stores.indexOf(i));
  const ends = orders.code.map((file) => at[code[file]?.[0] ?? 0] ?? 0);
  expect(ends).toEqual([...ends].sort((a, b) => a - b));
});

it('stores of one group stand beside each other', () => {
  const groups = ['x', 'y', 'x', 'y', 'x'];
  const code = [
    [0, 1],
    [1, 2],
    [3, 4],
    [0, 4],
  ];
  const { stores } = orderColumns({ code, twins: [[1, 2]], groups });
  expect(stores.map((i) => groups[i]).join('')).toMatch(/^(xxxyy|yyxxx)$/);
});

it('draws everything of a small project and no more of a large one than can be told apart', () => {
  const all = drawingOf(withoutMachine(small()));
  expect(all.left).toEqual({ stores: 0, code: 0, twins: 0, rows: 0 });
  const drawing = drawingOf(withoutMachine(large()));
  expect(drawing.stores.length).toBeLessThanOrEqual(MOST.stores);
  expect(drawing.twins.length).toBeLessThanOrEqual(MOST.twins);
  expect(drawing.code.flatMap(({ rows }) => rows).length).toBeLessThanOrEqual(MOST.lines);
  const drawn = [...drawing.stores, ...drawing.alone].flatMap(({ stores }) => stores).length;
  expect(drawn + drawing.left.stores).toBe(60);
});

it('files that a program makes in one folder share a box', () => {
  const made = (path: string) => binding('a.py', 1, { kind: 'runtime', path });
  const bindings = ['out/1.csv', 'out/2.csv', 'out/3.csv', 'out/4.csv', 'log/1.csv'].map(made);
  const drawing = drawingOf(withoutMachine(audited(facts([]), bindings)));
  expect(drawing.stores.map(({ label }) => label).sort()).toEqual(['4 files in out/', 'log/1.csv']);
});

it('every line ends at the boxes that it connects', () => {
  const drawing = drawingOf(withoutMachine(large()));
  const { codeLines, twinLines, stores, code } = layOut(drawing);
  expect(codeLines).toHaveLength(drawing.code.reduce((sum, { rows }) => sum + rows.length, 0));
  expect(twinLines).toHaveLength(drawing.twins.length * 2);
  for (const { store, right, from, left } of codeLines) {
    expect(right).toBeGreaterThanOrEqual(stores[store] ?? Number.NaN);
    expect(right).toBeLessThanOrEqual((stores[store] ?? Number.NaN) + HEIGHTS.store);
    expect(left).toBeGreaterThan(code[from] ?? Number.NaN);
  }
});

it('a short name means one store', () => {
  const labels = storeLabels(['app.db', 'backend/app.db', 'data/hub.db', 'old/data/hub.db', 'x/one.db']);
  expect([...labels.values()]).toEqual(['./app.db', 'backend/app.db', './data/hub.db', 'old/data/hub.db', 'one.db']);
  expect(new Set(labels.values()).size).toBe(5);
});
