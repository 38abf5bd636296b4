import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../test/builders/values.ts';
import { fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { compareTables } from './compare-tables.ts';
import { normaliseConforming } from './normalise-sql.ts';
import { sampleValues, type TableSamples } from './sample-values.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

async function shown(a: string, b: string, limit = 10): Promise<TableSamples> {
  const db = openConnection('', 'memory');
  db.define('normalise', normaliseConforming);
  const tables = [];
  for (const [name, sql] of Object.entries({ a, b })) {
    const made = await files.make((file) => file.exec(sql));
    db.rows(`ATTACH ? AS ${name}`, fileUri(made.file, 'immutable'));
    tables.push(...made.tables);
  }
  const [x, y] = tables;
  if (x === undefined || y === undefined) throw new TypeError('a table is missing');
  const comparison = compareTables(db, x, y, { textual: false, exactRows: 1_000_000, sampleRows: 100 });
  const samples = sampleValues(db, x, y, comparison, { limit, textual: false });
  db.close();
  return samples;
}

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, note TEXT);';
const users = (...rows: string[]): string => `${USERS} INSERT INTO users VALUES ${rows.join(', ')};`;
const NOTHING: TableSamples = { onlyA: [], onlyB: [], conflicting: [] };

describe('the rows behind a comparison', () => {
  it('are those of one side only, and the cells that differ', async () => {
    const samples = await shown(
      users("(1, 'a@x.org', 'one')", "(2, 'b@x.org', 'two')", "(3, 'c@x.org', NULL)"),
      users("(1, 'a@x.org', 'one')", "(2, 'b@x.org', 'TWO')", "(4, 'd@x.org', 'four')"),
    );
    expect(samples).toEqual({
      onlyA: [{ id: '3', email: 'c@x.org', note: null }],
      onlyB: [{ id: '4', email: 'd@x.org', note: 'four' }],
      conflicting: [{ key: { id: '2' }, a: { note: 'two' }, b: { note: 'TWO' } }],
    });
  });

  it('are none where the tables are equal', async () => {
    expect(await shown(users("(1, 'a@x.org', 'x')"), users("(1, 'a@x.org', 'x')"))).toEqual(NOTHING);
  });

  it('are at most as many as were asked for', async () => {
    const many = Array.from({ length: 9 }, (_, i) => `(${i}, '${i}@x.org', 'n')`);
    const samples = await shown(users(...many), users("(0, '0@x.org', 'n')"), 3);
    expect(samples.onlyA).toHaveLength(3);
  });

  it('R12: are cut where they are long, and counted where they are blobs', async () => {
    const schema = 'CREATE TABLE t (k TEXT PRIMARY KEY, v);';
    const samples = await shown(
      `${schema} INSERT INTO t VALUES ('same', 1), ('long', '${'x'.repeat(90)}'), ('blob', x'00ff');`,
      `${schema} INSERT INTO t VALUES ('same', 1);`,
    );
    const cells = Object.fromEntries(samples.onlyA.map((row) => [row.k, row.v]));
    expect(cells).toEqual({ long: `${'x'.repeat(80)}…`, blob: '<2 bytes>' });
  });

  it('R12: of a table without rowids are exactly those of one side', async () => {
    const schema = 'CREATE TABLE t (k1 INT, k2 TEXT, v TEXT, PRIMARY KEY (k1, k2)) WITHOUT ROWID;';
    const samples = await shown(
      `${schema} INSERT INTO t VALUES (1, 'a', 'x'), (1, 'b', 'y'), (2, 'a', 'z');`,
      `${schema} INSERT INTO t VALUES (1, 'a', 'x'), (2, 'a', 'z');`,
    );
    expect(samples.onlyA).toEqual([{ k1: '1', k2: 'b', v: 'y' }]);
  });

  it('are found in a table with a column called rowid', async () => {
    const schema = 'CREATE TABLE t (k TEXT PRIMARY KEY, rowid INT);';
    const samples = await shown(
      `${schema} INSERT INTO t VALUES ('a', 3), ('b', 1), ('c', 2);`,
      `${schema} INSERT INTO t VALUES ('a', 3), ('b', 1);`,
    );
    expect(samples.onlyA).toEqual([{ k: 'c', rowid: '2' }]);
  });

  it('R8: with NULL in the key are only those that the other side lacks', async () => {
    const schema = 'CREATE TABLE t (code TEXT UNIQUE, n INT);';
    const samples = await shown(
      `${schema} INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('k', 3), ('l', 4);`,
      `${schema} INSERT INTO t VALUES (NULL, 1), ('k', 3), ('l', 4);`,
    );
    expect(samples.onlyA).toEqual([{ code: null, n: '2' }]);
  });

  it('R18: without a key are whole rows, whatever collation a column has', async () => {
    const schema = 'CREATE TABLE t (v TEXT COLLATE NOCASE, w INT);';
    const samples = await shown(
      `${schema} INSERT INTO t VALUES ('x', 1), ('x', 1), ('y', 2), ('Z', 3);`,
      `${schema} INSERT INTO t VALUES ('x', 1), ('x', 1), ('y', 2), ('z', 3);`,
    );
    expect(samples).toEqual({ ...NOTHING, onlyA: [{ v: 'Z', w: '3' }], onlyB: [{ v: 'z', w: '3' }] });
  });

  it('R18: of equal rows one is shown where a side has more of them', async () => {
    const schema = 'CREATE TABLE t (v TEXT, w INT);';
    const samples = await shown(
      `${schema} INSERT INTO t VALUES ('x', 1), ('x', 1), ('x', 1), ('y', NULL), ('z', 3);`,
      `${schema} INSERT INTO t VALUES ('x', 1), ('y', NULL), ('z', 3);`,
    );
    expect(samples).toEqual({ ...NOTHING, onlyA: [{ v: 'x', w: '1' }] });
  });

  it('R8: are found quickly where keys are spelt differently', async () => {
    const rows = (spelling: string, changed: string): string =>
      `CREATE TABLE t (email TEXT UNIQUE, v INT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) INSERT INTO t SELECT '${spelling}' || i || '@x.org', i FROM n; ${changed}`;
    const samples = await shown(
      rows('user', 'UPDATE t SET v = 0 WHERE v = 7;'),
      rows('User', 'DELETE FROM t WHERE v = 9;'),
    );
    expect(samples.onlyA).toEqual([{ email: 'user9@x.org', v: '9' }]);
    expect(samples.conflicting).toEqual([{ key: { email: 'user7@x.org' }, a: { v: '0' }, b: { v: '7' } }]);
  }, 5_000);
});
