/**
 * The Reader of SQLite files: catalog, exact counts, profiles, digests, freshness, migration ledgers. Looks only: views
 * are never run, unknown virtual tables never touched. Large tables are sampled for profiles; counts are always exact.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { startSummary } from '../../rows/summary.ts';
import type { Row } from '../../rows/value.ts';
import { findLedgers } from '../migration-ledgers.ts';
import type { FkViolation, Freshness, MigrationLedger, SqliteFacts, Table } from '../model.ts';
import { type Contents, type Reader, type ReadOptions, UnreadableStore } from '../reader.ts';
import { cellExpressions, decodeRow, type TextEncoding } from './cells.ts';
import { type Connection, type OpenMode, openConnection } from './driver.ts';
import { fullTextContent } from './full-text.ts';
import { newestOf } from './newest.ts';
import { quoteName } from './quote.ts';
import { readSchema, type Schema } from './schema.ts';

/** Modules that read nothing but their own shadow tables; any other virtual table is listed and left alone. */
const SAFE_MODULES = /\bUSING\s+"?(fts3|fts4|fts5|rtree|rtree_i32|geopoly)\b/i;
/** Checks report at most this many problems; one is enough to call a file damaged. */
const MESSAGES = 5;

export interface SqliteReader extends Reader {
  /** `quick_check` and `foreign_key_check`; apart from `contents` since they have a time limit of their own. */
  check(): Pick<SqliteFacts, 'integrity' | 'integrityMessages' | 'fkViolations'>;
}

/** Opens `path`; throws `UnreadableStore` where it is not a database that can be read. */
export function openSqliteReader(path: string, mode: Exclude<OpenMode, 'memory'>): SqliteReader {
  let db: Connection;
  let journalMode: SqliteFacts['journalMode'];
  try {
    journalMode = readJournalMode(path);
    db = openConnection(path, mode);
    db.row('SELECT count(*) FROM sqlite_schema');
  } catch (error) {
    throw unreadable(error);
  }
  const encoding = String(db.row('PRAGMA encoding')?.[0] ?? 'UTF-8') as TextEncoding;
  return {
    contents: async (options) => {
      try {
        return readContents(db, { encoding, journalMode }, options);
      } catch (error) {
        throw unreadable(error);
      }
    },
    async *rows(table) {
      yield* streamRows(db, table, encoding, '');
    },
    check: () => ({ ...checkIntegrity(db), fkViolations: checkForeignKeys(db) }),
    close: () => db.close(),
  };
}

/**
 * From the file's header: an immutable connection does not say WAL, since it would need no log. Read before anything is open
 * here. https://sqlite.org/fileformat2.html#file_format_version_numbers
 */
function readJournalMode(path: string): SqliteFacts['journalMode'] {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(20);
    readSync(fd, head, 0, 20, 0);
    return head[18] === 2 ? 'wal' : 'rollback';
  } finally {
    closeSync(fd);
  }
}

/** What SQLite says of a file, as a reason. Extended result codes: https://sqlite.org/rescode.html */
export function unreadable(error: unknown): unknown {
  if (error instanceof UnreadableStore) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/not a database|encrypted/i.test(message)) {
    return new UnreadableStore('corrupt', 'its header is that of a SQLite database, its pages are not');
  }
  if (/malformed|corrupt/i.test(message)) return new UnreadableStore('corrupt', message);
  if (/out of memory/i.test(message)) return new UnreadableStore('memory', 'reading it takes more memory than allowed');
  if (/unable to open|disk I\/O|readonly|cantopen/i.test(message)) return new UnreadableStore('error', message);
  if (/unsupported file format/i.test(message)) return new UnreadableStore('unsupported', message);
  return error;
}

/**
 * SQLite reads the file and cannot compile a query of one table: its schema names functions or collations that only its
 * own program has, or it has more columns than a query may name. One such table leaves the store unverified.
 */
function unreadableTable(table: string, error: unknown): unknown {
  const known = unreadable(error);
  const { code, message } = error as Error & { readonly code?: string };
  if (known instanceof UnreadableStore || code !== 'ERR_SQLITE_ERROR') return known;
  return new UnreadableStore('unsupported', `table ${table}: ${message}`);
}

interface Format {
  readonly encoding: TextEncoding;
  readonly journalMode: SqliteFacts['journalMode'];
}

function readContents(db: Connection, { encoding, journalMode }: Format, options: ReadOptions): Contents {
  const schema = readSchema(db);
  const tables = schema.map((table) => {
    try {
      return readTable(db, table, encoding, options);
    } catch (error) {
      throw unreadableTable(table.name, error);
    }
  });
  const newest = tables.flatMap(({ freshness }) => (freshness === undefined ? [] : [freshness]));
  newest.sort((x, y) => (x.at < y.at ? 1 : -1));
  const pragma = (name: string): number => Number(db.row(`PRAGMA ${name}`)?.[0] ?? 0);
  return {
    tables,
    migrations: readLedgers(db, tables),
    ...(newest[0] === undefined ? {} : { freshness: newest[0] }),
    sqlite: {
      pageSize: pragma('page_size'),
      encoding,
      journalMode,
      userVersion: pragma('user_version'),
      applicationId: pragma('application_id'),
      integrity: 'not-checked',
      integrityMessages: [],
      fkViolations: [],
    },
  };
}

function readTable(db: Connection, schema: Schema, encoding: TextEncoding, options: ReadOptions): Table {
  if (schema.note !== undefined) return { ...schema, rows: null };
  if (schema.kind === 'view' || schema.kind === 'shadow') return { ...schema, rows: null };
  if (schema.kind === 'virtual') return readVirtual(db, schema);
  const name = quoteName(schema.name);
  const count = Number(db.row(`SELECT count(*) FROM main.${name}`)?.[0] ?? 0);
  const columns = schema.columns.map((column) => column.name);
  const summary = startSummary(columns, options);
  const whole = count <= options.digestRows;
  for (const window of whole ? [''] : sampleWindows(schema, options.sampleRows)) {
    for (const row of streamRows(db, schema, encoding, window)) summary.add(row);
  }
  const { profiles, digest, sketch, demo, ...seen } = summary.finish();
  const fresh = whole
    ? seen.freshness
    : !options.freshness
      ? undefined
      : newestOf(db, schema, profiles, options.now, count);
  const freshness: Freshness | undefined = fresh === undefined ? undefined : { ...fresh, table: schema.name };
  return {
    ...schema,
    rows: count,
    columns: schema.columns.map((column, i) => {
      const profile = profiles[i];
      return profile === undefined ? column : { ...column, profile };
    }),
    sketch: whole ? sketch : { ...sketch, complete: false },
    ...(freshness === undefined ? {} : { freshness }),
    ...(digest === undefined || !whole ? {} : { digest }),
    ...(demo === undefined ? {} : { demo }),
  };
}

const NO_TEXT = 'an index that keeps no text: what it holds cannot be read';

/** Counting a virtual table may run any code its module has; only modules known to be harmless are asked. */
function readVirtual(db: Connection, schema: Schema): Table {
  const sql = String(db.row('SELECT sql FROM sqlite_schema WHERE name = ?', schema.name)?.[0] ?? '');
  if (!SAFE_MODULES.test(sql)) return { ...schema, rows: null, note: 'virtual table of another module, not read' };
  try {
    const rows = Number(db.row(`SELECT count(*) FROM main.${quoteName(schema.name)}`)?.[0] ?? 0);
    return { ...schema, rows, ...(fullTextContent(sql) === 'none' ? { note: NO_TEXT } : {}) };
  } catch (error) {
    return { ...schema, rows: null, note: (error as Error).message };
  }
}

function* streamRows(
  db: Connection,
  table: Pick<Table, 'name' | 'columns'>,
  encoding: TextEncoding,
  window: string,
): Iterable<Row> {
  const columns = table.columns.map((column) => column.name);
  const sql = `SELECT ${cellExpressions(columns)} FROM main.${quoteName(table.name)} ${window}`;
  for (const cells of db.each(sql)) yield decodeRow(cells, columns.length, encoding);
}

/** Both ends of a large table: generations share their beginnings, and the newest rows are at the end. */
function sampleWindows(schema: Schema, rows: number): readonly string[] {
  const key = schema.withoutRowid ? schema.primaryKey.map(quoteName) : ['rowid'];
  const order = (direction: string): string => key.map((column) => `${column} ${direction}`).join(', ');
  const last = Math.floor(rows / 4);
  return [`ORDER BY ${order('ASC')} LIMIT ${rows - last}`, `ORDER BY ${order('DESC')} LIMIT ${last}`];
}

function readLedgers(db: Connection, tables: readonly Table[]): readonly MigrationLedger[] {
  return findLedgers(tables).map((ledger) => {
    const where = ledger.where === undefined ? '' : ` WHERE ${ledger.where}`;
    const sql = `SELECT CAST(${quoteName(ledger.nameColumn)} AS TEXT) FROM main.${quoteName(ledger.table)}${where} ORDER BY ${ledger.orderBy}`;
    const names = db.rows(sql).map(([name]) => String(name ?? ''));
    return {
      system: ledger.system,
      table: ledger.table,
      entries: names.length,
      latest: names.at(-1) ?? null,
      digest: createHash('sha256')
        .update([...names].sort().join('\0'))
        .digest('hex')
        .slice(0, 32),
    };
  });
}

function checkIntegrity(db: Connection): Pick<SqliteFacts, 'integrity' | 'integrityMessages'> {
  try {
    const messages = db.rows(`PRAGMA main.quick_check(${MESSAGES})`).map(([message]) => String(message));
    if (messages.length === 1 && messages[0] === 'ok') return { integrity: 'ok', integrityMessages: [] };
    return { integrity: 'damaged', integrityMessages: messages.map(withoutValues) };
  } catch (error) {
    return { integrity: 'damaged', integrityMessages: [withoutValues((error as Error).message)] };
  }
}

/** Check messages name tables, pages and row ids; anything quoted might be content. */
function withoutValues(message: string): string {
  return message.split('\n')[0]?.slice(0, 200) ?? '';
}

/** Violations counted per table and parent; a constraint that cannot be checked is named with the reason. */
function checkForeignKeys(db: Connection): readonly FkViolation[] {
  const found: FkViolation[] = [];
  const tables = db.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'");
  for (const [name] of tables) {
    const table = String(name);
    try {
      const sql = 'SELECT parent, count(*) FROM pragma_foreign_key_check(?) GROUP BY parent ORDER BY parent';
      for (const [parent, count] of db.rows(sql, table)) {
        found.push({ table, parent: String(parent), count: Number(count) });
      }
    } catch (error) {
      const parent = String(db.row('SELECT "table" FROM pragma_foreign_key_list(?)', table)?.[0] ?? '');
      found.push({ table, parent, count: 0, broken: withoutValues((error as Error).message) });
    }
  }
  return found;
}
