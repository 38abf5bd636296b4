import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BrokenText, type Row } from '../rows/value.ts';
import { openConnection } from '../stores/sqlite/driver.ts';
import type { ExportSpec } from './model.ts';
import { selectRows } from './select-rows.ts';

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'select-'));
  file = join(folder, 'a.db');
  const db = openConnection(file, 'create');
  db.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT COLLATE NOCASE, age, upper_name GENERATED ALWAYS AS (upper(name)));
    INSERT INTO users (id, name, age) VALUES (3, 'b', 1), (1, 'B', 2), (2, 'a', 1);
    CREATE TABLE keyless (v, w);
    INSERT INTO keyless VALUES ('b', 1), ('a', 1.0), ('a', 1), (NULL, 1), (x'00', 1), ('B', 1), (1, 1);
    CREATE TABLE pairs (a TEXT, b INTEGER, PRIMARY KEY (b, a)) WITHOUT ROWID;
    INSERT INTO pairs VALUES ('x', 2), ('y', 1), ('x', 1);
    CREATE TABLE rowid_taken (rowid TEXT, _rowid_ TEXT);
    INSERT INTO rowid_taken VALUES ('b', 'x'), ('a', 'y');
    CREATE VIEW names AS SELECT name FROM users;
    CREATE VIRTUAL TABLE words USING fts5(w);
  `);
  db.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const form: ExportSpec['form'] = {
  format: 'csv',
  blobs: 'hex',
  oddText: 'refuse',
  csv: { delimiter: ',', bom: false, eol: 'lf', nulls: '', formulas: 'as-is' },
};

function select(from: ExportSpec['from'], more: Partial<ExportSpec> = {}): { columns: string[]; rows: Row[] } {
  const db = openConnection(file, 'immutable');
  try {
    const found = selectRows(db, { store: 'a.db', from, columns: null, order: [], file: 'x', to: null, form, ...more });
    return { columns: found.columns.map(({ name }) => name), rows: [...found.rows()] };
  } finally {
    db.close();
  }
}

const up = (column: string) => ({ column, descending: false });
const down = (column: string) => ({ column, descending: true });

it('rows stand in the order of the primary key, generated columns are there', () => {
  const { columns, rows } = select({ table: 'USERS' });
  expect(columns).toEqual(['id', 'name', 'age', 'upper_name']);
  expect(rows.map(([id]) => id)).toEqual([1n, 2n, 3n]);
  expect(select({ table: 'pairs' }).rows).toEqual([
    ['x', 1n],
    ['y', 1n],
    ['x', 2n],
  ]);
});

it('without a key all columns order, and kinds of values where values are equal', () => {
  expect(select({ table: 'keyless' }).rows).toEqual([
    [null, 1n],
    [1n, 1n],
    ['B', 1n],
    ['a', 1n],
    ['a', 1],
    ['b', 1n],
    [new Uint8Array([0]), 1n],
  ]);
  expect(select({ table: 'rowid_taken' }).rows.map(([first]) => first)).toEqual(['a', 'b']);
});

it('a declared order goes first, as its column compares; the key says the rest', () => {
  const ids = (...order: ReturnType<typeof up>[]) => select({ table: 'users' }, { order }).rows.map(([id]) => id);
  expect(ids(up('name'))).toEqual([2n, 1n, 3n]);
  expect(ids(down('age'))).toEqual([1n, 2n, 3n]);
  expect(ids(down('age'), down('id'))).toEqual([1n, 3n, 2n]);
  expect(select({ table: 'users' }, { columns: ['NAME'], order: [up('id')] })).toEqual({
    columns: ['name'],
    rows: [['B'], ['a'], ['b']],
  });
});

it('a query and a view give rows, ordered by their columns', () => {
  expect(select({ query: 'select age, count(*) as n from users group by age order by n desc;\n' })).toEqual({
    columns: ['age', 'n'],
    rows: [
      [1n, 2n],
      [2n, 1n],
    ],
  });
  expect(select({ query: 'WITH x AS (SELECT 1 AS one) SELECT * FROM x -- the end' }).rows).toEqual([[1n]]);
  expect(select({ query: 'values (2), (1)' }).rows).toEqual([[1n], [2n]]);
  expect(select({ table: 'names' }).rows).toEqual([['B'], ['a'], ['b']]);
  expect(select({ query: 'select id from users' }, { order: [down('id')] }).rows).toEqual([[3n], [2n], [1n]]);
});

it('text of a store in UTF-16 is text', () => {
  const other = join(folder, 'utf16.db');
  const db = openConnection(other, 'create');
  db.exec("PRAGMA encoding = 'UTF-16be'; CREATE TABLE t (v); INSERT INTO t VALUES ('é€𝄞'), (CAST(x'd800' AS TEXT))");
  const found = selectRows(db, {
    store: '',
    from: { table: 't' },
    columns: null,
    order: [],
    file: 'x',
    to: null,
    form,
  });
  expect([...found.rows()]).toEqual([['é€𝄞'], [new BrokenText(new Uint8Array([0xd8, 0x00]))]]);
  db.close();
  rmSync(other);
});

it('what a query asks twice of chance is one row', () => {
  const { rows } = select({ query: 'SELECT abs(random()) % 1000000 AS a, 0 AS z FROM users' }, { order: [up('a')] });
  const values = rows.map(([a]) => a as bigint);
  expect(values).toEqual([...values].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)));
});

it.each([
  [{ table: 'nobody' }, {}, /there is no table nobody; there are: users, keyless/],
  [{ table: 'words' }, {}, /virtual/],
  [{ table: 'words_data' }, {}, /there is no table/],
  [{ table: 'users' }, { columns: ['id', 'nmae'] }, /the table users has no column nmae; it has: id, name/],
  [{ table: 'users' }, { columns: ['id', 'ID'] }, /asked for twice/],
  [{ table: 'users' }, { order: [{ column: 'nmae', descending: false }] }, /no column nmae/],
  [{ query: 'delete from users' }, {}, /not one SELECT/],
  [{ query: 'select 1; select 2' }, {}, /not one SELECT/],
  [{ query: 'select 1) , y as (select 2' }, {}, /not one SELECT/],
  [{ query: "attach 'stolen.db' as s" }, {}, /not one SELECT/],
  [{ query: 'pragma user_version = 5' }, {}, /not one SELECT/],
  [{ query: 'select * from nobody' }, {}, /no such table: nobody/],
  [{ query: "select load_extension('x')" }, {}, /not authorized|no such function/],
  [{ query: '' }, {}, /not one SELECT/],
] as const)('%o %o is refused, and nothing is touched', (from, more, why) => {
  const before = readFileSync(file);
  expect(() => select(from, more as Partial<ExportSpec>)).toThrow(why);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual(['a.db']);
});
