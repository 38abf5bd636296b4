import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnection } from '../stores/sqlite/driver.ts';
import { lostRows } from './lost-rows.ts';
import type { ExportSpec, Lost } from './model.ts';
import { writeRows } from './write-rows.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lost-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let given = 0;
const path = (suffix: string): string => join(folder, `${++given}${suffix}`);

function store(sql: string): string {
  const file = path('.db');
  const db = openConnection(file, 'create');
  db.exec(sql);
  db.close();
  return file;
}

const spec = (more: Partial<ExportSpec> = {}, form: Partial<ExportSpec['form']> = {}): ExportSpec => ({
  store: 'a.db',
  from: { table: 't' },
  columns: null,
  order: [],
  file: 't.csv',
  to: null,
  form: {
    format: 'csv',
    blobs: 'base64',
    oddText: 'refuse',
    csv: { delimiter: ',', bom: false, eol: 'lf', nulls: '', formulas: 'as-is' },
    ...form,
  },
  ...more,
});

async function lost(sql: string, old: string, of: ExportSpec = spec()): Promise<Lost> {
  const file = path(`.${of.form.format}`);
  writeFileSync(file, old);
  const found = await lostRows({ file: store(sql), spec: of, old: file, to: path('.scratch') });
  if ('refused' in found) throw new Error(found.message);
  return found;
}

const columns = ({ columns: found }: Lost): readonly string[] =>
  found.map((one) => `${one.name} ${one.is} ${one.count}`);
const T = 'CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, score REAL);';

it('an older file of the same columns loses nothing but what was changed since', async () => {
  const found = await lost(
    `${T} INSERT INTO t VALUES (1, 'a', 1.0), (2, 'B', 0.5), (3, 'c', 2)`,
    'id,name,score\n1,a,1\n2,b,0.50\n',
  );
  expect(found).toMatchObject({ rowsInFile: 2, rowsInExport: 3, by: ['id'], rows: 0 });
  expect(columns(found)).toEqual(['name changed 1']);
});

it('X4: rows, columns and values that only the file has, and several values where there would be one', async () => {
  const found = await lost(
    `${T} INSERT INTO t VALUES (1, NULL, 0), (2, 'b', 0), (4, 'd', 0)`,
    'id;note;name;score\n1;x;a;0.5\n2;;b;0.7\n3;y;c;0\n',
  );
  expect(found).toMatchObject({ rows: 1, by: ['id'] });
  expect(columns(found)).toEqual(['note column 2', 'name values 1', 'score one value 3']);
});

it('a column without a value is no loss, and neither is another spelling', async () => {
  const found = await lost(
    "CREATE TABLE t (id INTEGER PRIMARY KEY, ok INTEGER, b BLOB, n TEXT); INSERT INTO t VALUES (1, 1, x'00', NULL), (2, 0, NULL, '')",
    'empty,ok,id,b,n\n,True,1,base64:AA==,\n,false,2,,\n',
  );
  expect([found.rows, columns(found)]).toEqual([0, []]);
  expect(columns(await lost(`${T} INSERT INTO t VALUES (1, '7', 1)`, 'id,name,score\n1,007,1\n'))).toEqual([
    'name changed 1',
  ]);
});

it('without a key rows are compared as a whole, each as often as it is there', async () => {
  const sql = "CREATE TABLE t (name TEXT, n INTEGER); INSERT INTO t VALUES ('a', 1), ('a', 1), ('b', 2)";
  expect(await lost(sql, 'name,n\na,1\na,1\na,1\nb,3\n')).toMatchObject({ rows: 2, by: null, columns: [] });
  expect(await lost(sql, 'name,n\nb,2\na,1\n')).toMatchObject({ rows: 0 });
  expect(await lost(sql, 'other\nb\na\n')).toMatchObject({
    rows: 2,
    columns: [{ name: 'other', is: 'column', count: 2 }],
  });
  // The key is not among the columns that are exported.
  const part = spec({ columns: ['name'] });
  expect(await lost(`${T} INSERT INTO t VALUES (1, 'a', 1)`, 'id,name\n1,a\n2,a\n', part)).toMatchObject({
    by: null,
    rows: 1,
    columns: [{ name: 'id', is: 'column', count: 2 }],
  });
});

it('what was written as it would be written now loses nothing, in every form', async () => {
  const sql = `CREATE TABLE t (id INTEGER PRIMARY KEY, v);
    INSERT INTO t VALUES (1, '=1+1'), (2, 9007199254740993), (3, x'00ff'), (4, 1e300), (5, ''), (6, NULL), (7, 'a,b'), (8, -0.0), (9, 'true')`;
  const forms: readonly Partial<ExportSpec['form']>[] = [
    {},
    { csv: { delimiter: '\t', bom: true, eol: 'crlf', nulls: 'NULL', formulas: 'guard' }, blobs: 'hex' },
    { format: 'jsonl' },
  ];
  for (const form of forms) {
    const of = spec({}, form);
    const [file, old] = [store(sql), path(`.${of.form.format}`)];
    writeRows(file, of, old);
    const found = await lostRows({ file, spec: of, old, to: path('.scratch') });
    expect(found).toMatchObject({ rowsInFile: 9, rowsInExport: 9, rows: 0, columns: [] });
  }
});

it('says what does not fit, and what cannot be read', async () => {
  await expect(lost(T, 'id\n1\n', spec({ from: { table: 'u' } }))).rejects.toThrow('no table u');
  await expect(lost(T, '{"a":', spec({}, { format: 'jsonl' }))).rejects.toThrow();
});
