/** Values of every kind that a store can hold, for property tests, and real SQLite files that hold them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { BrokenText, type Row, type Value } from '../../src/rows/value.ts';
import type { Table } from '../../src/stores/model.ts';
import { type Connection, openConnection, type SqlValue } from '../../src/stores/sqlite/driver.ts';
import { quoteName } from '../../src/stores/sqlite/quote.ts';
import { openSqliteReader } from '../../src/stores/sqlite/sqlite-reader.ts';

const INTEGERS: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n ** 31n - 1n,
  2n ** 31n,
  -(2n ** 31n),
  -(2n ** 31n) - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const REALS: readonly number[] = [0, -0, 1, -1, 0.1, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), 1e300, 5e-324];

/** What SQLite holds apart from broken text: NaN is NULL there. Edges come often, so that neighbours meet. */
export const sqlValue: fc.Arbitrary<Exclude<Value, boolean | BrokenText>> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...INTEGERS),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(...REALS, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.double({ noNaN: true }),
  fc.constantFrom('', 'NULL', '0', '1', '1.0', 'a', 'ab', 'é', 'e\u0301', 'a\0b', '\0', '\uFEFFa'),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 6 }),
);

export const brokenText: fc.Arbitrary<BrokenText> = fc
  .uint8Array({ maxLength: 5 })
  .map((bytes) => new BrokenText(new Uint8Array([...bytes, 0xff])));

/** The driver binds integral reals, and reals below 2^-52, as integers; a larger one and a division give them exactly. */
const scaleOf = (real: number): number => 2 ** (Math.abs(real) < 1 ? 1023 : 500);

/** Binds a value so that SQLite holds exactly it: the driver also cuts text at NUL and replaces broken UTF-8. */
export function bound(value: Value): readonly [SqlValue, number | bigint] {
  if (value instanceof BrokenText) return [value.bytes, 1n];
  if (typeof value === 'boolean') return [value ? 1n : 0n, 0n];
  if (typeof value === 'number' && Math.abs(value % 1) < Number.EPSILON && Math.abs(value) < 2 ** 500) {
    return [value * scaleOf(value), scaleOf(value)];
  }
  return typeof value === 'string' ? [Buffer.from(value, 'utf8'), 1n] : [value, 0n];
}

/** The SQL that takes what `bound` gives, the first of the two parameters being number `first`. */
export function boundCell(first: number): string {
  return `CASE ?${first + 1} WHEN 0 THEN ?${first} WHEN 1 THEN CAST(?${first} AS TEXT) ELSE ?${first} / ?${first + 1} END`;
}

/** A database file with what `fill` writes, and what the reader says of its tables. Removed again by `cleanUp`. */
export interface Files {
  make(fill: (db: Connection) => void): Promise<{ readonly file: string; readonly tables: readonly Table[] }>;
  cleanUp(): void;
}

export function databaseFiles(): Files {
  const dir = mkdtempSync(join(tmpdir(), 'values-'));
  let files = 0;
  return {
    make: async (fill) => {
      const file = join(dir, `${++files}.db`);
      const db = openConnection(file, 'create');
      fill(db);
      db.close();
      const reader = openSqliteReader(file, 'immutable');
      const now = Date.UTC(2026, 0, 1);
      const options = { sampleRows: 10_000, digestRows: 10_000, integrity: false, freshness: true, now };
      const { tables } = await reader.contents(options);
      reader.close();
      return { file, tables };
    },
    cleanUp: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Writes rows into a new table `t` whose columns have no type, so that SQLite converts nothing. */
export function writeRows(db: Connection, columns: readonly string[], rows: readonly Row[]): void {
  db.exec(`PRAGMA synchronous = OFF; CREATE TABLE t (${columns.map(quoteName).join(', ')})`);
  const cells = columns.map((_, i) => boundCell(2 * i + 1));
  const insert = db.prepare(`INSERT INTO t SELECT ${cells.join(', ')}`);
  for (const row of rows) insert(...row.flatMap(bound));
}
