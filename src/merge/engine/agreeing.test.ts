/** Two stores that were one and went on apart: the numbers up to there are the same rows, those after it other things (trap R1). */
import { afterAll, expect, it } from 'vitest';
import { mergeGround, refers } from '../../../test/merge-ground.ts';

const ground = mergeGround();
afterAll(() => ground.remove());

const ORDERS = `CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT, at TEXT, state TEXT);
  CREATE TABLE lines (id INTEGER PRIMARY KEY, "order" INTEGER REFERENCES orders (id), item TEXT);`;
const orders = (...rows: readonly (readonly [number, string, string, string])[]): string =>
  `INSERT INTO orders VALUES ${rows.map(([id, what, at, state]) => `(${id}, '${what}', '${at}', '${state}')`).join(', ')};`;
const SHARED = [
  [1, 'tea', 'mon', 'open'],
  [2, 'rope', 'tue', 'open'],
] as const;
const identity = { kind: 'key', columns: ['id'], agreeing: { began: [] } } as const;
const tables = {
  orders: { identity, surrogate: 'id', differ: { what: 'target', at: 'target', state: 'source' } as const },
  lines: { identity, surrogate: 'id', references: [refers('order', 'orders')], differ: { item: 'target' } as const },
};

it('rows that share a number and nothing else are two, and what refers to them follows', () => {
  const { rows, counts, result } = ground.merge({
    target: `${ORDERS} ${orders(...SHARED, [3, 'nails', 'wed', 'open'])} INSERT INTO lines VALUES (1, 1, 'green'), (2, 3, 'long')`,
    sources: [
      `${ORDERS} ${orders([1, 'tea', 'mon', 'paid'], SHARED[1], [3, 'soap', 'thu', 'open'])} INSERT INTO lines VALUES (1, 1, 'green'), (2, 3, 'hard')`,
    ],
    tables,
  });
  expect(counts).toEqual(['1/1/1/0', '1/1/0/0']);
  expect(rows('SELECT id, what, state FROM orders ORDER BY id')).toEqual([
    [1, 'tea', 'paid'],
    [2, 'rope', 'open'],
    [3, 'nails', 'open'],
    [6, 'soap', 'open'],
  ]);
  expect(rows('SELECT what, item FROM lines JOIN orders o ON o.id = "order" ORDER BY lines.id')).toEqual([
    ['tea', 'green'],
    ['nails', 'long'],
    ['soap', 'hard'],
  ]);
  expect(result.parts.map(({ renumbered }) => renumbered)).toEqual([1, 1]);
});

it('a copy of what another source brought meets it under its new number', () => {
  const copy = `${ORDERS} ${orders(...SHARED, [3, 'soap', 'thu', 'open'])}`;
  const { rows, counts } = ground.merge({
    target: `${ORDERS} ${orders(...SHARED, [3, 'nails', 'wed', 'open'])}`,
    sources: [copy, copy],
    tables,
  });
  expect(counts).toEqual(['1/2/0/0', '0/0/0/0', '0/3/0/0', '0/0/0/0']);
  expect(rows('SELECT id, what FROM orders ORDER BY id')).toEqual([
    [1, 'tea'],
    [2, 'rope'],
    [3, 'nails'],
    [6, 'soap'],
  ]);
});

it('a row of the ancestor is one entity, however much of it was changed since', () => {
  const { rows, counts } = ground.merge({
    target: `${ORDERS} ${orders([1, 'two teas', 'fri', 'paid'], SHARED[1])}`,
    sources: [`${ORDERS} ${orders(...SHARED)}`],
    ancestors: [`${ORDERS} ${orders(...SHARED)}`],
    tables,
  });
  expect(counts).toEqual(['0/1/1/0', '0/0/0/0']);
  expect(rows('SELECT id, what FROM orders ORDER BY id')).toEqual([
    [1, 'two teas'],
    [2, 'rope'],
  ]);
});

it('numbers of a source that has them in a plain column are those that it gave', () => {
  const { rows, counts } = ground.merge({
    target: `${ORDERS} ${orders(...SHARED, [3, 'nails', 'wed', 'open'])}`,
    sources: [
      `CREATE TABLE orders (what TEXT, id INTEGER, at TEXT, state TEXT);
       INSERT INTO orders VALUES ('soap', 3, 'thu', 'open'), ('tea', 1, 'mon', 'open'), ('rope', 2, 'tue', 'paid')`,
    ],
    tables: { orders: tables.orders },
  });
  expect(counts).toEqual(['1/1/1/0']);
  expect(rows('SELECT id, what, state FROM orders ORDER BY id')).toEqual([
    [1, 'tea', 'open'],
    [2, 'rope', 'paid'],
    [3, 'nails', 'open'],
    [4, 'soap', 'open'],
  ]);
});

it('rows that were made at two times are two, unless nearly all else is equal', () => {
  const players = 'CREATE TABLE players (id INTEGER PRIMARY KEY, cup TEXT, name TEXT, points INTEGER, joined_at TEXT);';
  const { rows, counts } = ground.merge({
    target: `${players} INSERT INTO players VALUES (1, 'june', 'ada', 3, 'mon'), (2, 'june', 'ben', 5, 'tue'), (3, 'may', 'cleo', 7, 'wed')`,
    sources: [
      `${players} INSERT INTO players VALUES (1, 'june', 'ada', 3, 'fri'), (2, 'may', 'ben', 8, 'sat'), (3, 'may', 'cleo', 9, 'wed')`,
    ],
    tables: {
      players: {
        ...{ identity: { ...identity, agreeing: { began: ['joined_at'] } }, surrogate: 'id' },
        differ: { cup: 'target', points: 'target', joined_at: 'target' },
      },
    },
  });
  expect(counts).toEqual(['1/0/2/0']);
  expect(rows('SELECT cup, name, points FROM players ORDER BY id')).toEqual([
    ['june', 'ada', 3],
    ['june', 'ben', 5],
    ['may', 'cleo', 7],
    ['may', 'ben', 8],
  ]);
});
