import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openConnection, type SqlValue } from '../stores/sqlite/driver.ts';
import { type Affinity, asInteger, asStored, wouldChange } from './affinity-sql.ts';

const db = openConnection('', 'memory');
const types: Record<Affinity, string> = {
  integer: 'INTEGER',
  text: 'TEXT',
  blob: 'BLOB',
  real: 'REAL',
  numeric: 'NUMERIC',
};
db.exec(
  `CREATE TABLE any_value (v); ${Object.values(types)
    .map((type) => `CREATE TABLE as_${type} (v ${type})`)
    .join(';')}`,
);

/** What SQLite really stores, and what is said of it. */
function look(value: SqlValue, to: Affinity): { said: SqlValue[]; changes: boolean } {
  db.exec(`DELETE FROM any_value; DELETE FROM as_${types[to]}`);
  db.prepare('INSERT INTO any_value VALUES (?)')(value);
  db.exec(`INSERT INTO as_${types[to]} SELECT v FROM any_value`);
  const cells = (sql: string): SqlValue[] => [...(db.row(sql) ?? [])];
  return {
    // A whole number is the same, whether it is stored as an integer or as a real.
    said: cells(
      `SELECT +v IS +w, replace(typeof(v), 'real', 'integer') IS replace(typeof(w), 'real', 'integer') FROM as_${types[to]}, (SELECT ${asStored('v', to)} AS w FROM any_value)`,
    ),
    changes: cells(`SELECT ${wouldChange('v', to)} FROM any_value`)[0] === 1n,
  };
}

const values = fc.oneof(
  fc.constantFrom<SqlValue>(
    null,
    '',
    '7',
    '007',
    '+7',
    ' 7',
    '7 ',
    '5.0',
    '1.50',
    '1.5',
    '1e3',
    'abc',
    '0x10',
    '-0',
    '7.0',
  ),
  fc.constantFrom<SqlValue>(
    7n,
    0n,
    -1n,
    9007199254740993n,
    9223372036854775807n,
    1.5,
    7,
    0.1 + 0.2,
    1e300,
    Number.POSITIVE_INFINITY,
  ),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
  fc.uint8Array({ maxLength: 4 }),
  fc.string({ maxLength: 4, unit: fc.constantFrom('0', '1', '5', '.', '-', 'e', ' ', 'x') }),
);

it('says what SQLite stores, for every affinity', () => {
  fc.assert(
    fc.property(values, fc.constantFrom<Affinity>('integer', 'text', 'blob', 'real', 'numeric'), (value, to) => {
      const { said, changes } = look(value, to);
      if (!changes) expect(said).toEqual([1n, 1n]);
    }),
    { numRuns: 2000 },
  );
});

it.each<[SqlValue, Affinity, boolean]>([
  ['7', 'integer', false],
  ['007', 'integer', true],
  ['5.0', 'integer', true],
  ['abc', 'integer', false],
  ['7', 'real', false],
  ['1.50', 'real', true],
  [9007199254740993n, 'real', true],
  [Number.POSITIVE_INFINITY, 'text', true],
  [7n, 'text', false],
  ['007', 'text', false],
  ['007', 'blob', false],
])('%s in a column of affinity %s cannot be turned back: %s', (value, to, changes) => {
  expect(look(value, to).changes).toBe(changes);
});

it('reads the integer that a value means', () => {
  const of = (value: SqlValue): unknown => db.row(`SELECT ${asInteger('v')} FROM (SELECT ? AS v)`, value)?.[0];
  expect([7n, '7', 7, '7.5', 'x', null, 7.5, '9007199254740993'].map(of)).toEqual([
    7n,
    7n,
    7n,
    null,
    null,
    null,
    null,
    9007199254740993n,
  ]);
});
