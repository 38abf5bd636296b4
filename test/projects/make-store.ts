/**
 * Makes SQLite files in the states that programs leave them in: closed, with everything in the write-ahead log, or cut off
 * in the middle of a transaction. The last two are copied from under an open connection, as a crash or `cp` would.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

export type Fill = string | ((database: DatabaseSyncInstance) => void);

/** A store in rollback mode, closed. Foreign keys are not enforced: the fixtures break them on purpose. */
export function makeStore(dir: string, path: string, ...fills: readonly Fill[]): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  const database = open(join(dir, path));
  try {
    for (const fill of fills) run(database, fill);
  } finally {
    database.close();
  }
}

/**
 * A store whose rows are in its `-wal` alone: the main file has one page and no table. `shm`: with the shared-memory
 * file of the program that has it open.
 */
export function makeWalStore(dir: string, path: string, fill: Fill, options: { readonly shm?: boolean } = {}): void {
  aside((file) => {
    const database = open(file);
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0');
      run(database, fill);
      copyStore(file, dir, path, ['', '-wal', ...(options.shm === true ? ['-shm'] : [])]);
    } finally {
      database.close();
    }
  });
}

/**
 * A store with a hot journal: `during` had reached the file when its program died before the commit. What counts is
 * the state after `before`.
 */
export function makeHotStore(dir: string, path: string, before: Fill, during: Fill): void {
  aside((file) => {
    const database = open(file);
    try {
      run(database, before);
      // One page of cache: every change is written to the file at once, the old page to the journal first.
      database.exec('PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN');
      run(database, during);
      copyStore(file, dir, path, ['', '-journal']);
      database.exec('ROLLBACK');
    } finally {
      database.close();
    }
  });
}

function open(file: string): DatabaseSyncInstance {
  return new DatabaseSync(file, { enableForeignKeyConstraints: false });
}

function run(database: DatabaseSyncInstance, fill: Fill): void {
  if (typeof fill === 'string') database.exec(fill);
  else fill(database);
}

function aside(make: (file: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'fixture-store-'));
  try {
    make(join(folder, 'store.db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function copyStore(file: string, dir: string, path: string, suffixes: readonly string[]): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  for (const suffix of suffixes) {
    if (!existsSync(file + suffix)) throw new RangeError(`the fixture ${path} has no ${suffix} to copy`);
    copyFileSync(file + suffix, join(dir, path) + suffix);
  }
}

/**
 * Inserts rows by column name, all in one transaction. As SQL text: a prepared statement of this driver lives until it is
 * collected, and a store with one is not closed by `close()`, which would leave its `-wal` behind.
 */
export function insert(
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): (database: DatabaseSyncInstance) => void {
  const statements = rows.map((row) => {
    const names = Object.keys(row).map((name) => `"${name}"`);
    return `INSERT INTO "${table}" (${names.join(', ')}) VALUES (${Object.values(row).map(literal).join(', ')});`;
  });
  return (database) => database.exec(`BEGIN; ${statements.join('\n')} COMMIT;`);
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  if (value === Number.POSITIVE_INFINITY) return '9e999';
  if (value === Number.NEGATIVE_INFINITY) return '-9e999';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
