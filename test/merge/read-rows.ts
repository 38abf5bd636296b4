/** All rows of a file as plain arrays, each cell exactly: what the oracle looks at, row by row. */
import { encodeValue } from '../../src/rows/canonical.ts';
import type { Value } from '../../src/rows/value.ts';
import { cellExpressions, decodeRow } from '../../src/stores/sqlite/cells.ts';
import { type Connection, openConnection } from '../../src/stores/sqlite/driver.ts';
import { quoteName } from '../../src/stores/sqlite/quote.ts';

export interface Row {
  readonly address: readonly Value[];
  /** The address as one text. */
  readonly key: string;
  readonly cells: Readonly<Record<string, Value>>;
  /** Of a row of a source, whose `cells` are as they come in: as they stand there, and of which columns it is not known what comes in. */
  readonly raw?: Readonly<Record<string, Value>>;
  readonly unsaid?: ReadonlySet<string>;
}

/** Rows by table. */
export type Rows = ReadonlyMap<string, readonly Row[]>;

/** Of a WITHOUT ROWID table. */
export function isBare(db: Connection, table: string): boolean {
  return db.row('SELECT wr FROM pragma_table_list WHERE name = ?', table)?.[0] === 1n;
}

/** Equal exactly where SQLite's IS says so. */
export const encoded = (value: Value | undefined): string => Buffer.from(encodeValue(value ?? null)).toString('hex');
export const encodedRow = (values: readonly (Value | undefined)[]): string => values.map(encoded).join('|');

export function withFile<T>(file: string, use: (db: Connection) => T): T {
  const db = openConnection(file, 'immutable');
  try {
    return use(db);
  } finally {
    db.close();
  }
}

/** Cells of any select. */
export function select(db: Connection, from: string, columns: readonly string[]): readonly (readonly Value[])[] {
  return db
    .rows(`SELECT ${cellExpressions(columns)} FROM ${from}`)
    .map((cells) => decodeRow(cells, columns.length, 'UTF-8'));
}

export function addressColumns(db: Connection, table: string): readonly string[] {
  if (!isBare(db, table)) return ['rowid'];
  return db.rows('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk', table).map(([name]) => String(name));
}

export function readStore(file: string): Rows {
  return withFile(file, (db) => {
    const names = db.rows(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'",
    );
    return new Map(
      names.map(([name]) => {
        const table = String(name);
        const columns = db.rows('SELECT name FROM pragma_table_xinfo(?)', table).map(([column]) => String(column));
        const address = addressColumns(db, table);
        const rows = select(db, quoteName(table), [...address, ...columns]).map((values) => {
          const own = values.slice(0, address.length);
          const cells = Object.fromEntries(columns.map((column, i) => [column, values[address.length + i] ?? null]));
          return { address: own, key: encodedRow(own), cells };
        });
        return [table, rows];
      }),
    );
  });
}
