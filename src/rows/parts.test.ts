import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Table } from '../stores/model.ts';
import { type Connection, fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { openSqliteReader } from '../stores/sqlite/sqlite-reader.ts';
import { type Comparison, compareTables } from './compare-tables.ts';
import { normaliseConforming } from './normalise-sql.ts';
import { isDivisible, measurePart } from './parts.ts';

const dir = mkdtempSync(join(tmpdir(), 'parts-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;
const OPTIONS = { textual: false, exactRows: Number.MAX_SAFE_INTEGER, sampleRows: 0 };

interface Built {
  readonly file: string;
  readonly table: Table;
}

async function build(sql: string): Promise<Built> {
  const file = join(dir, `${++files}.db`);
  const db = openConnection(file, 'create');
  db.exec(sql);
  db.close();
  const reader = openSqliteReader(file, 'immutable');
  const read = { sampleRows: 1_000, digestRows: 1_000, integrity: false, freshness: false, now: 0 };
  const [table] = (await reader.contents(read)).tables;
  reader.close();
  if (table === undefined) throw new TypeError('the fixture has no table');
  // As of a table too large to have a digest.
  const { digest: _, ...without } = table;
  return { file, table: without };
}

function attached<T>(a: Built, b: Built, run: (db: Connection) => T): T {
  const db = openConnection('', 'memory');
  try {
    db.define('normalise', normaliseConforming);
    db.rows('ATTACH ? AS a', fileUri(a.file, 'immutable'));
    db.rows('ATTACH ? AS b', fileUri(b.file, 'immutable'));
    return run(db);
  } finally {
    db.close();
  }
}

function inParts(a: Built, b: Built, of: number): Comparison {
  const parts = Array.from({ length: of }, (_, index) => {
    const file = join(dir, `${++files}.part.db`);
    for (const work of ['differences', 'left-over'] as const) {
      attached(a, b, (db) => {
        db.rows('ATTACH ? AS part', fileUri(file, 'create'));
        measurePart(db, a.table, b.table, OPTIONS, work, { index, of });
      });
    }
    return file;
  });
  return attached(a, b, (db) => {
    const names = parts.map((file, i) => {
      db.rows(`ATTACH ? AS part${i}`, fileUri(file, 'immutable'));
      return `part${i}`;
    });
    return compareTables(db, a.table, b.table, OPTIONS, names);
  });
}

const people = (rows: readonly (readonly [bigint, number, number])[]): string =>
  `CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT UNIQUE, city TEXT, n INT);${rows
    .map(([id, mail, n]) => `INSERT OR IGNORE INTO people VALUES (${id}, 'p${mail}@x.org', 'City ${n % 3}', ${n});`)
    .join('')}`;

const rows = fc.uniqueArray(
  fc.tuple(
    fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.constantFrom(-(2n ** 63n) + 1n, 2n ** 63n - 1n, 0n)),
    fc.nat({ max: 30 }),
    fc.nat({ max: 4 }),
  ),
  { selector: ([id]) => id, minLength: 1, maxLength: 25 },
);

it('whatever the rows and however many processes: the answer is that of one process', async () => {
  await fc.assert(
    fc.asyncProperty(rows, rows, fc.integer({ min: 1, max: 4 }), async (left, right, of) => {
      const [a, b] = [await build(people(left)), await build(people(right))];
      const whole = attached(a, b, (db) => compareTables(db, a.table, b.table, OPTIONS));
      expect(inParts(a, b, of)).toEqual(whole);
    }),
    { numRuns: 40 },
  );
});

it('a unique text key is divided as well', async () => {
  const codes = (from: number, to: number): string =>
    `CREATE TABLE codes (code TEXT NOT NULL PRIMARY KEY, n INT); WITH RECURSIVE i(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM i WHERE n < ${to})
     INSERT INTO codes SELECT 'c' || n, n % 7 FROM i;`;
  const [a, b] = [await build(codes(1, 60)), await build(codes(20, 90))];
  const whole = attached(a, b, (db) => compareTables(db, a.table, b.table, OPTIONS));
  expect(whole).toMatchObject({ same: 41, onlyA: 19, onlyB: 30 });
  expect(inParts(a, b, 3)).toEqual(whole);
});

it('only large tables are divided, and only by a key that both sides declare', async () => {
  const { table } = await build('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO t VALUES (1, 2);');
  const large = { ...table, rows: 1_000_000 };
  expect(isDivisible(large, large, OPTIONS)).toBe(true);
  expect(isDivisible(large, table, OPTIONS)).toBe(false);
  expect(isDivisible(large, { ...large, withoutRowid: true }, OPTIONS)).toBe(false);
  expect(isDivisible(large, { ...large, primaryKey: [] }, OPTIONS)).toBe(false);
  expect(isDivisible(large, large, { ...OPTIONS, textual: true })).toBe(false);
  expect(isDivisible(large, large, { ...OPTIONS, exactRows: 100_000 })).toBe(false);
});
