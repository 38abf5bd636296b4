import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Table } from '../stores/model.ts';
import { type Connection, fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { openSqliteReader } from '../stores/sqlite/sqlite-reader.ts';
import type { CompareOptions } from './compare-sql.ts';
import { type Comparison, compareTables } from './compare-tables.ts';
import { normaliseConforming } from './normalise-sql.ts';
import { isDivisible, measurePart } from './parts.ts';

const dir = mkdtempSync(join(tmpdir(), 'parts-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;
const fresh = (): string => join(dir, `${++files}.db`);

const ALL: CompareOptions = { textual: false, exactRows: Number.MAX_SAFE_INTEGER, sampleRows: 0 };

interface Built {
  readonly file: string;
  readonly table: Table;
}

async function build(sql: string): Promise<Built> {
  const file = fresh();
  const db = openConnection(file, 'create');
  db.exec(sql);
  db.close();
  const reader = openSqliteReader(file, 'immutable');
  const read = { sampleRows: 1_000, digestRows: 1_000, integrity: false, freshness: false, now: 0 };
  const { tables } = await reader.contents(read);
  reader.close();
  const [found] = tables;
  if (found === undefined) throw new TypeError('the fixture has no table');
  // Equal digests would leave nothing to measure.
  const { digest: _, ...table } = found;
  return { file, table };
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

const whole = (a: Built, b: Built): Comparison => attached(a, b, (db) => compareTables(db, a.table, b.table, ALL));

/** As the child processes do it: each slice on a connection of its own, then one that goes on from their files. */
function divided(a: Built, b: Built, of: number): Comparison {
  const parts = Array.from({ length: of }, (_, index) => {
    const to = fresh();
    for (const work of ['differences', 'left-over'] as const) {
      attached(a, b, (db) => {
        db.rows('ATTACH ? AS part', fileUri(to, 'create'));
        measurePart(db, a.table, b.table, ALL, work, { index, of });
      });
    }
    return to;
  });
  return attached(a, b, (db) => {
    const schemas = parts.map((file, i) => {
      db.rows(`ATTACH ? AS part${i}`, fileUri(file, 'immutable'));
      return `part${i}`;
    });
    return compareTables(db, a.table, b.table, ALL, schemas);
  });
}

const PEOPLE = 'CREATE TABLE p (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, n INT);';
type Person = readonly [id: bigint, name: string];
const people = (rows: readonly Person[]): string =>
  rows.length === 0
    ? PEOPLE
    : `${PEOPLE} INSERT INTO p VALUES ${rows
        .map(([id, name]) => `(${sqlInteger(id)}, 'p' || ${sqlInteger(id)} || '@x.org', '${name}', 1)`)
        .join(', ')};`;

/** The least integer has no literal of its own: its digits without the sign are one too many. */
const sqlInteger = (n: bigint): string => (n === -(2n ** 63n) ? '(-9223372036854775807 - 1)' : String(n));

describe('slices', () => {
  const same = 'same';
  it.each<readonly [string, readonly Person[], readonly Person[]]>([
    [
      'rows on both sides of each boundary',
      [1n, 2n, 3n, 4n, 5n, 6n].map((id) => [id, id % 2n === 0n ? 'here' : same]),
      [2n, 3n, 4n, 5n, 6n, 7n].map((id) => [id, same]),
    ],
    [
      'negative ids',
      [-9n, -5n, -1n, 0n, 4n].map((id) => [id, same]),
      [-9n, -5n, -2n, 0n, 4n].map((id) => [id, id === -5n ? 'there' : same]),
    ],
    [
      'ids at both ends of 64 bits',
      [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n].map((id) => [id, same]),
      [-(2n ** 63n), 1n, 2n ** 63n - 1n].map((id) => [id, id < 0n ? 'there' : same]),
    ],
    [
      'all rows but one in the first slice',
      [1n, 2n, 3n, 4n, 1_000_000n].map((id) => [id, same]),
      [1n, 2n, 4n, 999_999n].map((id) => [id, same]),
    ],
    ['ranges that do not overlap', [1n, 2n, 3n].map((id) => [id, same]), [11n, 12n, 13n].map((id) => [id, same])],
    ['fewer rows than slices', [[1n, 'here']], [[1n, 'there']]],
  ])('%s: as one pass over all', async (_what, a, b) => {
    const [x, y] = [await build(people(a)), await build(people(b))];
    for (const of of [1, 2, 3]) {
      expect(divided(x, y, of)).toEqual(whole(x, y));
      expect(divided(y, x, of)).toEqual(whole(y, x));
    }
  });

  it('a key of text: slices are of rowids, partners may be in any', async () => {
    const schema = 'CREATE TABLE t (code TEXT PRIMARY KEY, v TEXT);';
    const rows = (from: string): string =>
      `${schema} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO t SELECT ${from} FROM n;`;
    const a = await build(rows("printf('c%03d', i), i % 7"));
    const b = await build(rows("printf('c%03d', 45 - i), (45 - i) % 9"));
    for (const of of [2, 3]) expect(divided(a, b, of)).toEqual(whole(a, b));
    expect(whole(a, b)).toMatchObject({ onlyA: 4, onlyB: 4, rowsA: 40 });
  });

  it('a key of several columns, one of them NULL', async () => {
    const schema = 'CREATE TABLE t (k1 INT, k2 TEXT, v TEXT, UNIQUE (k1, k2));';
    const a = await build(
      `${schema} INSERT INTO t VALUES (1, 'a', 'x'), (1, NULL, 'x'), (2, 'a', 'y'), (3, 'b', 'z');`,
    );
    const b = await build(
      `${schema} INSERT INTO t VALUES (3, 'b', 'z'), (1, NULL, 'x'), (2, 'a', 'w'), (4, 'b', 'z');`,
    );
    for (const of of [2, 3]) expect(divided(a, b, of)).toEqual(whole(a, b));
  });

  it('a column that is named rowid is no address', async () => {
    const schema = 'CREATE TABLE t (id INTEGER PRIMARY KEY, rowid TEXT, v TEXT);';
    const a = await build(`${schema} INSERT INTO t VALUES (1, 'z', 'x'), (2, NULL, 'y'), (3, 'a', 'z');`);
    const b = await build(`${schema} INSERT INTO t VALUES (1, 'z', 'x'), (2, NULL, 'w'), (4, 'a', 'z');`);
    expect(divided(a, b, 2)).toEqual(whole(a, b));
  });

  it('renumbered rows: where ids are refused, the parts of the first key stay its own', async () => {
    const a = await build(people([1n, 2n, 3n, 4n].map((id) => [id, `name ${id}`])));
    const b = await build(
      `${PEOPLE} INSERT INTO p VALUES (1, 'p3@x.org', 'name 3', 1), (2, 'p4@x.org', 'name 4', 1), (3, 'p9@x.org', 'name 9', 1);`,
    );
    expect(whole(a, b).keys.find((key) => key.chosen)?.columns).toEqual(['email']);
    for (const of of [2, 3]) expect(divided(a, b, of)).toEqual(whole(a, b));
  });

  it('any two tables', async () => {
    const id = fc.oneof(fc.bigInt(-20n, 20n), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    const rows = fc.uniqueArray(fc.tuple(id, fc.constantFrom('ana', 'ben', 'cy')), {
      selector: ([one]) => one,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.integer({ min: 1, max: 4 }), async (a, b, of) => {
        const [x, y] = [await build(people(a)), await build(people(b))];
        expect(divided(x, y, of)).toEqual(whole(x, y));
      }),
      { numRuns: 40 },
    );
  });
});

describe('what is divided', () => {
  const large = (table: Table): Table => ({ ...table, rows: 1_000_000 });

  it('large tables with a key that both sides declare', async () => {
    const { table } = await build(people([[1n, 'ana']]));
    expect(isDivisible(large(table), large(table), ALL)).toBe(true);
  });

  it('no small ones, no samples, none whose rows are equal, no text, no table without rowids or key', async () => {
    const { table } = await build(people([[1n, 'ana']]));
    expect(isDivisible(table, large(table), ALL)).toBe(false);
    expect(isDivisible(large(table), large(table), { ...ALL, exactRows: 100_000 })).toBe(false);
    expect(isDivisible(large(table), large(table), { ...ALL, textual: true })).toBe(false);
    const equal = { ...large(table), digest: 'd' };
    expect(isDivisible(equal, equal, ALL)).toBe(false);
    for (const sql of [
      "CREATE TABLE p (id INTEGER PRIMARY KEY, v TEXT) WITHOUT ROWID; INSERT INTO p VALUES (1, 'x');",
      "CREATE TABLE p (id INTEGER, v TEXT); INSERT INTO p VALUES (1, 'x');",
    ]) {
      const other = large((await build(sql)).table);
      expect(isDivisible(other, other, ALL)).toBe(false);
    }
  });
});
