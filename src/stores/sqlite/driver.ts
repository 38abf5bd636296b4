/**
 * The only file that knows which SQLite library is used. Imported in child processes only: reading a file's bytes in
 * a process that has it open drops that process's POSIX locks, and a long query cannot be interrupted in-process.
 */
import { DatabaseSync, type StatementSyncInstance } from '@photostructure/sqlite';

export type SqlValue = null | bigint | number | string | Uint8Array;

export interface Connection {
  /** First row, cells by position, integers as `bigint`; `undefined` where there is none. */
  row(sql: string, ...values: SqlValue[]): readonly SqlValue[] | undefined;
  rows(sql: string, ...values: SqlValue[]): (readonly SqlValue[])[];
  each(sql: string, ...values: SqlValue[]): Iterable<readonly SqlValue[]>;
  /** What a query would give: names of its columns, and the types that columns of tables were declared with. Does not run it. */
  columns(sql: string): readonly { readonly name: string; readonly type: string }[];
  /** Runs a prepared statement many times. */
  prepare(sql: string): (...values: SqlValue[]) => void;
  exec(sql: string): void;
  /** Registers a deterministic scalar function; integers arrive as `bigint`. */
  define(name: string, fn: (...values: SqlValue[]) => SqlValue): void;
  close(): void;
}

export type OpenMode =
  /** In place: no locks, no sidecars, not one byte changed. The caller knows that nobody writes. */
  | 'immutable'
  /** A file in the scratch folder that is ours. */
  | 'private'
  /** A store of the project, to keep others out of it: asks for the lock before anything else. */
  | 'exclusive'
  /** A new file in the scratch folder. */
  | 'create'
  /** No file: a place to ATTACH from. */
  | 'memory';

/** URI of a file for SQLite: `%`, `?` and `#` escaped, whatever else the name holds is kept. */
export function fileUri(path: string, mode: OpenMode): string {
  const escaped = path.replace(/%/g, '%25').replace(/\?/g, '%3f').replace(/#/g, '%23');
  return `file:${escaped}?${mode === 'immutable' ? 'mode=ro&immutable=1' : mode === 'create' ? 'mode=rwc' : 'mode=rw'}`;
}

/** Cache per connection, KiB. More brings nothing here (reads are sequential) and memory is limited. */
const CACHE_KIB = 8_192;

export function openConnection(path: string, mode: OpenMode): Connection {
  const db = new DatabaseSync(mode === 'memory' ? ':memory:' : fileUri(path, mode), {
    readOnly: mode === 'immutable',
    enableForeignKeyConstraints: false,
    allowExtension: false,
    timeout: 0,
  });
  // Before the first access: afterwards a shared index of the WAL would have been made.
  if (mode === 'exclusive') db.exec('PRAGMA locking_mode = EXCLUSIVE');
  // A hostile schema must not reach functions with side effects through views, triggers or index expressions.
  db.exec(`PRAGMA trusted_schema = OFF; PRAGMA cache_size = -${CACHE_KIB}; PRAGMA cell_size_check = ON;`);
  const prepared = (sql: string): StatementSyncInstance => {
    const statement = db.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement;
  };
  return {
    row: (sql, ...values) => prepared(sql).get(...values) as readonly SqlValue[] | undefined,
    rows: (sql, ...values) => prepared(sql).all(...values) as unknown as (readonly SqlValue[])[],
    each: (sql, ...values) => prepared(sql).iterate(...values) as unknown as Iterable<readonly SqlValue[]>,
    columns: (sql) =>
      prepared(sql)
        .columns()
        .map(({ name, type }) => ({ name, type: type ?? '' })),
    prepare: (sql) => {
      const statement = prepared(sql);
      return (...values) => {
        statement.run(...values);
      };
    },
    exec: (sql) => db.exec(sql),
    define: (name, fn) => {
      db.function(name, { deterministic: true, useBigIntArguments: true, varargs: true }, fn as never);
    },
    close: () => {
      if (!db.isOpen) return;
      // SQLite lets go of a connection with its last statement, which here is when garbage is collected: a child that reads one
      // store after the other would hold the caches of many.
      db.exec('PRAGMA shrink_memory');
      db.close();
    },
  };
}
