/**
 * What a table of an attached file looks like, as far as joins need it: its columns, and what names a row. Read from the file itself, so
 * that verification believes neither the specification nor the ledger.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';

export interface Shape {
  /** Quoted, with the schema that the file is attached as. */
  readonly from: string;
  readonly columns: readonly ShapeColumn[];
  /** Quoted; the rowid, or the primary key where there is none. */
  readonly address: readonly string[];
  /** The column that is another name of the rowid. */
  readonly rowidColumn: string | null;
  readonly withoutRowid: boolean;
}

export interface ShapeColumn {
  readonly name: string;
  readonly type: string;
  /** As written in the declaration. */
  readonly default: string | null;
  readonly generated: boolean;
}

/** `null`: the file has no such table. */
export function shapeOf(db: Connection, schema: string, table: string): Shape | null {
  const listed = db.row(
    "SELECT name, wr FROM pragma_table_list WHERE schema = ? AND type = 'table' AND lower(name) = lower(?)",
    schema,
    table,
  );
  if (listed === undefined) return null;
  const name = String(listed[0]);
  const withoutRowid = listed[1] === 1n;
  const info = db.rows('SELECT name, type, dflt_value, pk, hidden FROM pragma_table_xinfo(?, ?)', name, schema);
  const columns = info.map(([column, type, dflt, , hidden]) => ({
    name: String(column),
    type: String(type ?? ''),
    default: dflt === null || dflt === undefined ? null : String(dflt),
    generated: hidden !== 0n,
  }));
  const key = info.filter(([, , , pk]) => pk !== 0n).sort((x, y) => Number(x[3]) - Number(y[3]));
  const taken = new Set(columns.map((column) => column.name.toLowerCase()));
  const rowid = ['rowid', '_rowid_', 'oid'].find((alias) => !taken.has(alias));
  // Only a lone key of exactly this type is the rowid, and not with DESC; an index of its own tells the others.
  const isAlias = !withoutRowid && key.length === 1 && /^INTEGER$/i.test(String(key[0]?.[1] ?? ''));
  const indexed = isAlias && db.row("SELECT 1 FROM pragma_index_list(?, ?) WHERE origin = 'pk'", name, schema);
  const rowidColumn = isAlias && indexed === undefined ? String(key[0]?.[0]) : null;
  const address = withoutRowid
    ? key.map(([column]) => quoteName(String(column)))
    : [rowid ?? (rowidColumn === null ? 'rowid' : quoteName(rowidColumn))];
  return { from: `${schema}.${quoteName(name)}`, columns, address, rowidColumn, withoutRowid };
}

/** SQLite's rules: https://sqlite.org/datatype3.html#determination_of_column_affinity */
export function affinityOf(type: string): 'integer' | 'text' | 'blob' | 'real' | 'numeric' {
  if (/INT/i.test(type)) return 'integer';
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'text';
  if (type === '' || /BLOB/i.test(type)) return 'blob';
  return /REAL|FLOA|DOUB/i.test(type) ? 'real' : 'numeric';
}
