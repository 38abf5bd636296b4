import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { openSqliteReader } from '../stores/sqlite/sqlite-reader.ts';
import { type Comparison, compareTables } from './compare-tables.ts';
import { normaliseConforming } from './normalise-sql.ts';

const dir = mkdtempSync(join(tmpdir(), 'apart-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;

/** Compares the first tables of two databases, each in a file of its own. */
async function compare(...sides: readonly [string, string]): Promise<Comparison> {
  const db = openConnection('', 'memory');
  db.define('normalise', normaliseConforming);
  const tables = [];
  for (const [i, sql] of sides.entries()) {
    const file = join(dir, `${++files}.db`);
    const made = openConnection(file, 'create');
    made.exec(sql);
    made.close();
    const reader = openSqliteReader(file, 'immutable');
    const read = { sampleRows: 1_000, digestRows: 1_000, integrity: false, freshness: false, now: 0 };
    tables.push(...(await reader.contents(read)).tables.slice(0, 1));
    reader.close();
    db.rows(`ATTACH ? AS ${i === 0 ? 'a' : 'b'}`, fileUri(file, 'immutable'));
  }
  const [a, b] = tables;
  if (a === undefined || b === undefined) throw new TypeError('the fixture has no table');
  const result = compareTables(db, a, b, { textual: false, exactRows: 1_000, sampleRows: 100 });
  db.close();
  return result;
}

const readings = (...rows: string[]): string =>
  `CREATE TABLE readings (id INTEGER PRIMARY KEY, meter INT, note TEXT); INSERT INTO readings VALUES ${rows.join(', ')};`;

describe('keys that lie apart', () => {
  it('match nobody; whole rows are compared without them', async () => {
    const a = readings("(1, 7, 'x')", "(2, 8, 'y')", "(3, 9, 'z')");
    const b = readings("(11, 7, 'x')", "(12, 8, 'y')", "(13, 10, 'z')");
    for (const result of [await compare(a, b), await compare(b, a)]) {
      expect(result).toMatchObject({ same: 2, onlyA: 1, onlyB: 1, conflicting: 0, idCollisions: 0 });
      expect(result.keys.find((key) => key.surrogate)).toMatchObject({ chosen: false, matched: 0 });
    }
  });

  it('leave every row to another key', async () => {
    const people = (...rows: string[]): string =>
      `CREATE TABLE people (id INTEGER PRIMARY KEY, login TEXT UNIQUE, name TEXT); INSERT INTO people VALUES ${rows.join(', ')};`;
    const result = await compare(
      people("(1, 'ana', 'Ana')", "(2, 'ben', 'Ben')"),
      people("(11, 'ben', 'Benjamin')", "(12, 'cy', 'Cy')"),
    );
    expect(result).toMatchObject({ same: 0, conflicting: 1, onlyA: 1, onlyB: 1 });
    expect(result.keys.find((key) => key.chosen)?.columns).toEqual(['login']);
  });

  it('ends that touch do not lie apart', async () => {
    const result = await compare(readings("(1, 7, 'x')", "(2, 8, 'y')"), readings("(2, 8, 'y')", "(3, 9, 'z')"));
    expect(result).toMatchObject({ same: 1, onlyA: 1, onlyB: 1 });
  });

  it('are equal where a number is compared with text that says the same number', async () => {
    const keyed = (type: string, ...rows: string[]): string =>
      `CREATE TABLE t (k ${type} UNIQUE NOT NULL, v TEXT); INSERT INTO t VALUES ${rows.join(', ')};`;
    const result = await compare(keyed('INT', "(1, 'x')", "(2, 'y')"), keyed('TEXT', "('1', 'x')", "('2', 'y')"));
    expect(result).toMatchObject({ same: 2, onlyA: 0, onlyB: 0 });
  });
});

describe('rows that lie apart', () => {
  it('in one column are never equal', async () => {
    const result = await compare(readings("(1, 7, 'x')", "(2, 8, 'y')"), readings("(11, 70, 'x')", "(12, 80, 'y')"));
    expect(result).toMatchObject({ same: 0, onlyA: 2, onlyB: 2, relation: 'disjoint' });
  });

  it('but for those with NULL on both sides', async () => {
    const result = await compare(
      readings("(1, NULL, 'x')", "(2, 8, 'y')"),
      readings("(11, NULL, 'x')", "(12, 80, 'z')"),
    );
    expect(result).toMatchObject({ same: 1, onlyA: 1, onlyB: 1 });
  });

  it('are told apart to the last bit, and numbers from text', async () => {
    const apart = await compare(
      readings("(1, 9007199254740992, 'x')", "(2, 5, 'x')"),
      readings("(11, 9007199254740993, 'x')"),
    );
    expect(apart).toMatchObject({ same: 0 });
    const mixed = await compare(
      readings("(1, 7, 'x')", "(2, 'seven', 'x')", "(3, 8, 'x')"),
      readings("(11, 70, 'x')", "(12, 'seven', 'x')", "(13, 80, 'x')"),
    );
    expect(mixed).toMatchObject({ same: 1, onlyA: 2, onlyB: 2 });
  });
});
