/**
 * A copy of a SQLite file with its text in UTF-8: SQLite attaches files of one encoding only, and rows of a UTF-16 store are merged like any
 * others. Tables as they are declared, every row under its number, compared when they are written; indexes, and what AUTOINCREMENT gave away.
 * No views, triggers or virtual tables: nothing that is merged. Refuses text that UTF-8 cannot hold, such as half a surrogate pair.
 */
import { startDigest } from '../../rows/digest.ts';
import { BrokenText, type Row, type Value } from '../../rows/value.ts';
import { UnreadableStore } from '../reader.ts';
import { cellExpressions, decodeRow, type TextEncoding } from './cells.ts';
import { type Connection, openConnection, type SqlValue } from './driver.ts';
import { quoteName } from './quote.ts';
import { unreadable } from './sqlite-reader.ts';

/** Returns the number of rows. `to` must not exist. */
export function transcode(file: string, to: string): number {
  const from = openConnection(file, 'immutable');
  const into = openConnection(to, 'create');
  try {
    const [size, encoding] = ['page_size', 'encoding'].map((name) => String(from.row(`PRAGMA ${name}`)?.[0]));
    // Made anew after any failure. Rows that break a CHECK are carried as they are.
    into.exec(`PRAGMA page_size = ${size}; PRAGMA encoding = 'UTF-8'; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA ignore_check_constraints = ON; BEGIN`);
    let rows = 0;
    for (const table of tablesOf(from)) rows += copyTable(from, into, table, encoding as TextEncoding);
    for (const [sql] of from.rows(
      "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid",
    ))
      into.rows(String(sql));
    copySequence(from, into);
    into.exec('COMMIT');
    return rows;
  } catch (error) {
    throw toldAs(error);
  } finally {
    into.close();
    from.close();
  }
}

interface Copied {
  readonly name: string;
  readonly sql: string;
  /** Generated ones are computed again. */
  readonly columns: readonly string[];
  /** A name of the rowid that no column has; `null`: there is none. */
  readonly rowid: string | null;
}

function tablesOf(db: Connection): readonly Copied[] {
  const found =
    db.rows(`SELECT l.name, l.wr, s.sql FROM pragma_table_list l JOIN main.sqlite_schema s ON s.type = 'table' AND s.name = l.name
    WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY s.rowid`);
  return found.map(([name, withoutRowid, sql]) => {
    const columns = db.rows('SELECT name, hidden FROM pragma_table_xinfo(?)', String(name));
    const all = columns.map(([column]) => String(column).toLowerCase());
    const rowid = ['rowid', '_rowid_', 'oid'].find((one) => !all.includes(one)) ?? null;
    return {
      name: String(name),
      sql: String(sql),
      columns: columns.flatMap(([column, hidden]) => (hidden === 0n ? [String(column)] : [])),
      rowid: withoutRowid === 1n ? null : rowid,
    };
  });
}

function copyTable(from: Connection, into: Connection, table: Copied, encoding: TextEncoding): number {
  const { name, sql, columns, rowid } = table;
  into.rows(sql);
  const names = [...columns.map(quoteName), ...(rowid === null ? [] : [rowid])];
  const cells = names.map((_, i) => {
    const [value, kind] = [`?${2 * i + 1}`, `?${2 * i + 2}`];
    return `CASE ${kind} WHEN 0 THEN ${value} WHEN 1 THEN CAST(${value} AS TEXT) ELSE ${value} / ${kind} END`;
  });
  const insert = into.prepare(`INSERT INTO main.${quoteName(name)} (${names.join(', ')}) VALUES (${cells.join(', ')})`);
  const [read, written] = [startDigest(['kinds', 'rowid', ...columns]), startDigest(['kinds', 'rowid', ...columns])];
  let rows = 0;
  for (const [row, number, kinds] of rowsOf(from, table, encoding)) {
    if (row.some((value) => value instanceof BrokenText))
      throw new UnreadableStore('unsupported', `text in ${name} is no valid UTF-16: UTF-8 cannot hold it`);
    insert(...[...row, ...(rowid === null ? [] : [number])].flatMap(bindable));
    read.add([kinds, number, ...row]);
    rows++;
  }
  for (const [row, number, kinds] of rowsOf(into, table, 'UTF-8')) written.add([kinds, number, ...row]);
  if (read.hex() !== written.hex())
    throw new UnreadableStore('unsupported', `rows of ${name} are not the same when they are written in UTF-8`);
  return rows;
}

function* rowsOf(
  db: Connection,
  { name, columns, rowid }: Copied,
  encoding: TextEncoding,
): Iterable<readonly [row: Row, number: bigint | null, kinds: string]> {
  const sql = `SELECT ${rowid ?? 'NULL'}, ${cellExpressions(columns)} FROM main.${quoteName(name)}`;
  for (const [number = null, ...cells] of db.each(sql))
    yield [decodeRow(cells, columns.length, encoding), number as bigint | null, cells.slice(columns.length).join('')];
}

/** The driver binds reals that are whole, or smaller than 2^-52, as integers; a power of two times as large, divided in SQL, they are exact. */
function bindable(value: Value): [SqlValue, number] {
  if (typeof value === 'string') return [Buffer.from(value, 'utf8'), 1];
  if (typeof value === 'boolean') return [value ? 1n : 0n, 0];
  if (value instanceof BrokenText) return [value.bytes, 1];
  if (typeof value !== 'number' || !Number.isFinite(value)) return [value, 0];
  const scale = Math.abs(value) < 1 ? 2 ** 1023 : 2 ** 500;
  const isBent = (Number.isInteger(value) && Math.abs(value) < 2 ** 500) || Math.abs(value) < 2 ** -52;
  return isBent ? [value * scale, scale] : [value, 0];
}

function copySequence(from: Connection, into: Connection): void {
  if (from.row("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'") === undefined) return;
  into.exec('DELETE FROM sqlite_sequence');
  const put = into.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (CAST(? AS TEXT), ?)');
  for (const [name = null, seq = null] of from.rows('SELECT name, seq FROM sqlite_sequence'))
    put(Buffer.from(String(name), 'utf8'), seq);
}

function toldAs(error: unknown): unknown {
  const known = unreadable(error);
  if (known instanceof UnreadableStore) return known;
  const message = error instanceof Error ? error.message : String(error);
  if (/disk is full/i.test(message))
    return new UnreadableStore('no-space', 'the disk is full where a copy in UTF-8 is made');
  const { code } = error as { readonly code?: string };
  return code === 'ERR_SQLITE_ERROR'
    ? new UnreadableStore('unsupported', `it cannot be written in UTF-8: ${message}`)
    : error;
}
