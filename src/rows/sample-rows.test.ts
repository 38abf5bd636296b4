import { afterAll, describe, expect, it } from 'vitest';
import { databaseFiles } from '../../test/builders/values.ts';
import { type Connection, fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { countOf, sampleSides } from './sample-rows.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

const filled = (schema: string, rows: number, key = 'i'): string =>
  `${schema} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO t SELECT ${key}, 'v' || i FROM n;`;

/** Keys of the rows that a sample of each side takes. */
async function sampled(a: string, b: string, rows: number): Promise<readonly (readonly bigint[])[]> {
  const db: Connection = openConnection('', 'memory');
  const tables = [];
  for (const [name, sql] of Object.entries({ a, b })) {
    const made = await files.make((file) => file.exec(sql));
    db.rows(`ATTACH ? AS ${name}`, fileUri(made.file, 'immutable'));
    tables.push(...made.tables);
  }
  const [x, y] = tables;
  if (x === undefined || y === undefined) throw new TypeError('a table is missing');
  const sides = sampleSides(db, x, y, rows);
  const keys = [sides.a, sides.b].map((side) => {
    const found = db
      .rows(`SELECT k FROM ${side.schema}.t WHERE ${side.where} ORDER BY k`)
      .map(([key]) => key as bigint);
    if (found.length > 0) expect(countOf(db, side)).toBe(found.length);
    return found;
  });
  db.close();
  return keys;
}

describe('a sample of a large table', () => {
  const PLAIN = 'CREATE TABLE t (k INTEGER PRIMARY KEY, v);';

  it('spreads over the whole range, both ends included', async () => {
    const [keys = []] = await sampled(filled(PLAIN, 10_000), filled(PLAIN, 10), 100);
    expect(keys).toHaveLength(100);
    expect([keys[0], keys.at(-1)]).toEqual([1n, 10_000n]);
    const gaps = keys.slice(1).map((key, i) => Number(key - (keys[i] ?? 0n)));
    expect(Math.max(...gaps)).toBeLessThan(110);
  });

  it('takes equal rows of equal tables', async () => {
    const [a, b] = await sampled(filled(PLAIN, 3_000), filled(PLAIN, 3_000), 50);
    expect(a).toEqual(b);
  });

  it('takes each row once where ids have wide gaps', async () => {
    const gappy = `${filled(PLAIN, 500)} INSERT INTO t VALUES (9000000000, 'far');`;
    const [keys = []] = await sampled(gappy, filled(PLAIN, 2), 100);
    expect(new Set(keys).size).toBe(keys.length);
    expect([keys[0], keys.at(-1)]).toEqual([1n, 9_000_000_000n]);
  });

  it('takes all of a table that is smaller than the sample', async () => {
    const [a = [], b = []] = await sampled(filled(PLAIN, 7), filled(PLAIN, 1), 100);
    expect([a.length, b.length]).toEqual([7, 1]);
  });

  it('R12: takes both ends of a table without rowids', async () => {
    const keyed = 'CREATE TABLE t (k INT PRIMARY KEY, v) WITHOUT ROWID;';
    const [keys = []] = await sampled(filled(keyed, 1_000), filled(keyed, 10), 20);
    expect(keys).toEqual(
      [...Array(10).keys()].map((i) => BigInt(i + 1)).concat([...Array(10).keys()].map((i) => BigInt(991 + i))),
    );
  });

  it('finds rows where a column is called rowid', async () => {
    const [keys = []] = await sampled(filled('CREATE TABLE t (k, rowid);', 1_000), filled(PLAIN, 10), 20);
    expect(keys).toHaveLength(20);
  });

  it('of an empty table is empty', async () => {
    const [keys] = await sampled(PLAIN, filled(PLAIN, 10), 20);
    expect(keys).toEqual([]);
  });
});
