import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Table } from '../stores/model.ts';
import { fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { openSqliteReader } from '../stores/sqlite/sqlite-reader.ts';
import { type Comparison, compareTables } from './compare-tables.ts';
import { normaliseConforming } from './normalise-sql.ts';

const dir = mkdtempSync(join(tmpdir(), 'compare-test-'));
afterAll(() => rmSync(dir, { recursive: true }));
let files = 0;

async function build(sql: string): Promise<{ file: string; tables: readonly Table[] }> {
  const file = join(dir, `${++files}.db`);
  const db = openConnection(file, 'create');
  db.exec(sql);
  db.close();
  const reader = openSqliteReader(file, 'immutable');
  const read = { sampleRows: 1_000, digestRows: 1_000, integrity: false, freshness: true, now: Date.UTC(2026, 0, 1) };
  const { tables } = await reader.contents(read);
  reader.close();
  return { file, tables };
}

async function compare(
  a: string,
  b: string,
  options: { exactRows?: number; useDigest?: boolean; textual?: boolean } = {},
): Promise<Comparison> {
  const [left, right] = [await build(a), await build(b)];
  const db = openConnection('', 'memory');
  db.define('normalise', normaliseConforming);
  db.rows('ATTACH ? AS a', fileUri(left.file, 'immutable'));
  db.rows('ATTACH ? AS b', fileUri(right.file, 'immutable'));
  const [x, y] = [left.tables[0], right.tables[0]];
  if (x === undefined || y === undefined) throw new TypeError('the fixture has no table');
  const withoutDigest = ({ digest: _, ...table }: Table): Table => table;
  const result = compareTables(db, options.useDigest ? x : withoutDigest(x), y, {
    textual: options.textual ?? false,
    exactRows: options.exactRows ?? 1_000_000,
    sampleRows: 100,
  });
  db.close();
  return result;
}

const PEOPLE = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, password TEXT);';
const people = (...rows: string[]): string => `${PEOPLE} INSERT INTO users VALUES ${rows.join(', ')};`;

describe('identity', () => {
  it('R1: ids that are different people in two files are not identity; the e-mail is', async () => {
    const result = await compare(
      people("(1, 'ana@x.org', 'Ana', 'p1')", "(2, 'ben@x.org', 'Ben', 'p2')", "(3, 'cy@x.org', 'Cy', 'p3')"),
      people("(1, 'dora@x.org', 'Dora', 'q1')", "(2, 'ana@x.org', 'Ana', 'p1')", "(3, 'eve@x.org', 'Eve', 'q3')"),
    );
    expect(result.keys.find((key) => key.chosen)?.columns).toEqual(['email']);
    expect(result).toMatchObject({ idCollisions: 3, onlyA: 2, onlyB: 2, relation: 'diverged' });
    expect(result.keys.find((key) => key.surrogate)).toMatchObject({ chosen: false, matched: 3, agreeing: 0 });
  });

  it('R2: one person under three ids and three password hashes is one entity with a conflict', async () => {
    const result = await compare(
      people("(1, 'ana@x.org', 'Ana', 'h1')", "(2, 'ben@x.org', 'Ben', 'h')"),
      people("(7, 'ana@x.org', 'Ana', 'h2')"),
    );
    expect(result).toMatchObject({ conflicting: 1, onlyA: 1, onlyB: 0, relation: 'diverged' });
    expect(result.columns.filter((column) => column.conflicting > 0).map((column) => column.a)).toEqual(['password']);
    expect(result.renumbered).toBe(1);
  });

  it('keeps the id as identity where the rows that share it agree, also when an e-mail changed', async () => {
    const result = await compare(
      people("(1, 'ana@x.org', 'Ana', 'p1')", "(2, 'ben@x.org', 'Ben', 'p2')"),
      people("(1, 'ana@new.org', 'Ana', 'p1')", "(2, 'ben@x.org', 'Ben', 'p2')", "(3, 'cy@x.org', 'Cy', 'p3')"),
    );
    expect(result.keys.find((key) => key.chosen)?.columns).toEqual(['id']);
    expect(result).toMatchObject({ same: 1, conflicting: 1, onlyA: 0, onlyB: 1, idCollisions: 0 });
  });

  it('R18: a row that matches two rows through two keys is counted as ambiguous', async () => {
    const schema = 'CREATE TABLE u (email TEXT PRIMARY KEY, login TEXT UNIQUE, n INT);';
    const result = await compare(
      `${schema} INSERT INTO u VALUES ('a@x.org', 'two', 1), ('c@x.org', 'three', 3);`,
      `${schema} INSERT INTO u VALUES ('a@x.org', 'one', 1), ('b@x.org', 'two', 2), ('c@x.org', 'three', 3);`,
    );
    expect(result).toMatchObject({ same: 1, conflicting: 1, ambiguous: 1 });
  });

  it('R18: keyless rows are multisets: two equal rows are two', async () => {
    const schema = 'CREATE TABLE log (what TEXT, n INT);';
    const result = await compare(
      `${schema} INSERT INTO log VALUES ('a', 1), ('a', 1), ('b', NULL), ('b', NULL), ('c', 1);`,
      `${schema} INSERT INTO log VALUES ('a', 1), ('b', NULL), ('b', NULL), ('b', NULL);`,
    );
    expect(result).toMatchObject({ same: 3, onlyA: 2, onlyB: 1, relation: 'diverged' });
    expect(result.keys[0]).toMatchObject({ kind: 'row', chosen: true });
  });

  it('compares rows without their ids where ids were given anew', async () => {
    const schema = 'CREATE TABLE m (id INTEGER PRIMARY KEY, room TEXT, celsius REAL);';
    const result = await compare(
      `${schema} INSERT INTO m VALUES (1, 'bath', 21.5), (2, 'hall', 18.25), (3, 'attic', 9.5);`,
      `${schema} INSERT INTO m VALUES (1, 'attic', 9.5), (2, 'bath', 21.5), (3, 'hall', 18.25), (4, 'cellar', 11.0);`,
    );
    expect(result).toMatchObject({ same: 3, onlyA: 0, onlyB: 1, renumbered: 3, relation: 'subset' });
  });
});

describe('cells', () => {
  it('R6: columns are matched by name, never by position; extra columns are named', async () => {
    const result = await compare(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, x TEXT); INSERT INTO t VALUES (1, 'one', 'uno', 'only here');",
      "CREATE TABLE t (b TEXT, id INTEGER PRIMARY KEY, A TEXT, y TEXT); INSERT INTO t VALUES ('uno', 1, 'one', 'only there');",
    );
    expect(result).toMatchObject({
      same: 1,
      conflicting: 0,
      columnsOnlyA: ['x'],
      columnsOnlyB: ['y'],
      relation: 'diverged',
    });
  });

  it('R8: dashed and plain UUIDs, T and space, case of e-mails are one value', async () => {
    const one = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const two = '9b2d6c1e-0a4f-4c3b-8f6e-1d2c3b4a5968';
    const result = await compare(
      `CREATE TABLE t (uid TEXT PRIMARY KEY, mail TEXT, seen TEXT); INSERT INTO t VALUES ('${one}', 'Ana@X.org', '2025-09-16T10:00:00'), ('${two}', 'ben@x.org', '2025-09-17T11:30:00');`,
      `CREATE TABLE t (uid TEXT PRIMARY KEY, mail TEXT, seen TEXT); INSERT INTO t VALUES ('${one.replaceAll('-', '')}', 'ana@x.org', '2025-09-16 10:00:00'), ('${two.replaceAll('-', '')}', 'ben@x.org', '2025-09-17 11:30:00');`,
    );
    expect(result).toMatchObject({ same: 2, relation: 'identical' });
  });

  it('R8: NULL in a key matches nothing by the key, and equal rows all the same', async () => {
    const schema = 'CREATE TABLE t (code TEXT UNIQUE, n INT);';
    const result = await compare(
      `${schema} INSERT INTO t VALUES (NULL, 1), (NULL, 2), ('k', 3);`,
      `${schema} INSERT INTO t VALUES (NULL, 1), ('k', 3);`,
    );
    expect(result).toMatchObject({ same: 2, onlyA: 1, onlyB: 0, conflicting: 0 });
  });

  it('R12: composite keys, WITHOUT ROWID, STRICT, generated columns, blobs, 64-bit integers, empty text vs NULL', async () => {
    const schema =
      'CREATE TABLE t (k1 INT NOT NULL, k2 TEXT NOT NULL, big INT, raw BLOB, s TEXT, twice INT GENERATED ALWAYS AS (k1 * 2) STORED, PRIMARY KEY (k1, k2)) STRICT, WITHOUT ROWID;';
    const rows = (s: string, big: string): string =>
      `${schema} INSERT INTO t (k1, k2, big, raw, s) VALUES (1, 'a', 9223372036854775807, x'00ff', ''), (1, 'b', ${big}, x'', ${s});`;
    const same = await compare(rows('NULL', '9007199254740993'), rows('NULL', '9007199254740993'));
    expect(same).toMatchObject({ same: 2, relation: 'identical' });
    const bigger = await compare(rows('NULL', '9007199254740993'), rows('NULL', '9007199254740992'));
    expect(bigger).toMatchObject({ same: 1, conflicting: 1 });
    const empty = await compare(rows('NULL', '1'), rows("''", '1'));
    expect(empty).toMatchObject({ same: 1, conflicting: 1 });
  });

  it('R16: text with NUL and broken UTF-8 is compared to the last byte', async () => {
    const schema = 'CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT);';
    const result = await compare(
      `${schema} INSERT INTO t VALUES (1, 'a' || char(0) || 'b'), (2, CAST(x'ff41' AS TEXT)), (3, 'same');`,
      `${schema} INSERT INTO t VALUES (1, 'a' || char(0) || 'c'), (2, CAST(x'fe41' AS TEXT)), (3, 'same');`,
    );
    expect(result).toMatchObject({ same: 1 });
  });

  it('a collation makes no two values one', async () => {
    const schema = 'CREATE TABLE t (k TEXT COLLATE NOCASE PRIMARY KEY, v TEXT COLLATE NOCASE);';
    const result = await compare(
      `${schema} INSERT INTO t VALUES ('one', 'x'), ('two', 'y');`,
      `${schema} INSERT INTO t VALUES ('one', 'X'), ('TWO', 'y');`,
    );
    expect(result).toMatchObject({ same: 0 });
  });
});

describe('samples', () => {
  it('compares large tables by sample and says so', async () => {
    const rows = (extra: string): string =>
      `CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, 'value ' || i, 'other ' || i FROM n; ${extra}`;
    const result = await compare(rows("UPDATE t SET v = 'changed' WHERE id % 2 = 0;"), rows(''), { exactRows: 1_000 });
    expect(result.method).toBe('sample');
    expect(result.sampledRows).toBe(200);
    expect(result.conflicting).toBeGreaterThan(20);
    expect(result.same).toBeGreaterThan(20);
  });
});

/** Slow and obviously right: by id where rows agree, else whole rows. Only for the simple tables generated below. */
function oracle(
  a: readonly (readonly [string, number])[],
  b: readonly (readonly [string, number])[],
): [number, number, number, number] {
  const other = new Map(b);
  const shared = a.filter(([key]) => other.has(key));
  const same = shared.filter(([key, value]) => other.get(key) === value).length;
  return [same, shared.length - same, a.length - shared.length, b.length - shared.length];
}

describe('R16: values that only look alike', () => {
  const items = (n: string, value: string): string =>
    `CREATE TABLE items (id INTEGER PRIMARY KEY, code TEXT UNIQUE, value ${n}); INSERT INTO items VALUES (1, 'c-1', ${value}), (2, 'c-2', 8), (3, 'c-3', 9);`;
  const textual = { textual: true };

  it.each([
    ['text behind a NUL and a number', "'7' || char(0) || 'x'", '7'],
    ['a blob and the text of its bytes', "x'37'", "'7'"],
    ['a blob and the number that its bytes spell', "x'37'", '7'],
  ])('%s differ', async (_what, x, y) => {
    for (const options of [{}, textual]) {
      expect(await compare(items('', x), items('', y), options)).toMatchObject({ same: 2, conflicting: 1 });
    }
  });

  it('e-mails that differ behind a NUL differ', async () => {
    const mails = (one: string): string =>
      `CREATE TABLE u (email TEXT PRIMARY KEY, n INT); INSERT INTO u VALUES ('b@x.org', 2), ('c@x.org', 3), (${one}, 1);`;
    const result = await compare(mails("'a@x.org' || char(0) || 'Z'"), mails("'a@x.org' || char(0) || 'Y'"));
    expect(result).toMatchObject({ same: 2, onlyA: 1, onlyB: 1 });
  });
});

describe('samples', () => {
  it('an empty table beside a large one shares nothing with it', async () => {
    const large = `${PEOPLE} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)
      INSERT INTO users SELECT i, 'p' || i || '@x.org', 'P', 'h' FROM n;`;
    for (const [a, b] of [
      [PEOPLE, large],
      [large, PEOPLE],
    ] as const) {
      expect(await compare(a, b, { exactRows: 500 })).toMatchObject({ same: 0, conflicting: 0, method: 'sample' });
    }
  });
});

describe('numbers', () => {
  it('balance and agree with a naive comparison for any two tables with a declared natural key', async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'b', 'é', 'ß', "'", '"', '%', ' '),
      minLength: 1,
      maxLength: 4,
    });
    const table = fc.uniqueArray(fc.tuple(key, fc.integer({ min: 0, max: 2 })), {
      selector: ([k]) => k,
      minLength: 1,
      maxLength: 12,
    });
    const sql = (rows: readonly (readonly [string, number])[]): string =>
      `CREATE TABLE t (k TEXT PRIMARY KEY, n INT); INSERT INTO t VALUES ${rows.map(([k, n]) => `('${k.replaceAll("'", "''")}', ${n})`).join(', ')};`;
    await fc.assert(
      fc.asyncProperty(table, table, async (a, b) => {
        const result = await compare(sql(a), sql(b));
        expect([result.same, result.conflicting, result.onlyA, result.onlyB]).toEqual(oracle(a, b));
        const mirrored = await compare(sql(b), sql(a));
        expect([mirrored.same, mirrored.conflicting, mirrored.onlyB, mirrored.onlyA]).toEqual(oracle(a, b));
      }),
      { numRuns: 60 },
    );
  });
});
