/** One table of an attached file as merging sees it: how its rows are named, what is unique in it. */
import { type Affinity, affinityOf } from '../../rows/affinity-sql.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';

export interface Shape {
  /** As SQL names it: the attached file and the table. */
  readonly sql: string;
  readonly name: string;
  readonly columns: readonly ShapeColumn[];
  readonly hasRowid: boolean;
  /** Columns that name a row: the rowid, or the primary key where there is none. */
  readonly address: readonly string[];
  /** The column that is the rowid. */
  readonly rowidColumn: string | null;
  readonly primaryKey: readonly string[];
  /** Columns that a whole index keeps unique, the primary key among them. */
  readonly unique: readonly UniqueKey[];
  readonly strict: boolean;
  readonly kind: string;
}

export interface ShapeColumn {
  readonly name: string;
  readonly affinity: Affinity;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly generated: boolean;
}

export interface UniqueKey {
  readonly columns: readonly string[];
  /** Compared byte by byte. */
  readonly binary: boolean;
}

export function readShape(db: Connection, schema: string, table: string): Shape | null {
  const found = db.row(
    'SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = ? AND name = ? COLLATE NOCASE',
    schema,
    table,
  );
  if (found === undefined) return null;
  const name = String(found[0]);
  const strict = found[3] === 1n;
  const info = db.rows(
    'SELECT name, type, "notnull", dflt_value IS NOT NULL, pk, hidden FROM pragma_table_xinfo(?, ?)',
    name,
    schema,
  );
  const columns = info
    .filter(([, , , , , hidden]) => hidden !== 1n)
    .map(([column, type, notNull, hasDefault, , hidden]) => ({
      name: String(column),
      affinity: affinityOf(String(type ?? ''), strict),
      notNull: notNull === 1n,
      hasDefault: hasDefault === 1n,
      generated: hidden === 2n || hidden === 3n,
    }));
  const key = info.filter(([, , , , at]) => at !== 0n).sort((x, y) => Number(x[4]) - Number(y[4]));
  const primaryKey = key.map(([column]) => String(column));
  const indexes = db.rows('SELECT name, "unique", origin, partial FROM pragma_index_list(?, ?)', name, schema);
  const hasRowid = found[2] !== 1n;
  // `INTEGER PRIMARY KEY DESC` is an ordinary column with an index of its own.
  const isAlias =
    hasRowid &&
    key.length === 1 &&
    /^integer$/i.test(String(key[0]?.[1])) &&
    !indexes.some(([, , origin]) => origin === 'pk');
  const rowidColumn = isAlias ? (primaryKey[0] ?? null) : null;
  const unique = indexes
    .filter(([, isUnique, , partial]) => isUnique === 1n && partial === 0n)
    .map(([index]) => readKey(db, schema, String(index)))
    .filter((one) => one !== null);
  return {
    sql: `${schema}.${quoteName(name)}`,
    name,
    columns,
    hasRowid,
    address: hasRowid ? [rowidColumn ?? rowidName(columns)] : primaryKey,
    rowidColumn,
    primaryKey,
    unique: rowidColumn === null ? unique : [{ columns: [rowidColumn], binary: true }, ...unique],
    strict,
    kind: String(found[1]),
  };
}

/** `null`: an index on expressions. */
function readKey(db: Connection, schema: string, index: string): UniqueKey | null {
  const parts = db.rows('SELECT name, coll FROM pragma_index_xinfo(?, ?) WHERE key = 1 ORDER BY seqno', index, schema);
  if (parts.some(([column]) => column === null)) return null;
  return {
    columns: parts.map(([column]) => String(column)),
    binary: parts.every(([, collation]) => String(collation).toUpperCase() === 'BINARY'),
  };
}

function rowidName(columns: readonly ShapeColumn[]): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  const free = ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
  if (free === undefined) throw new Error('unsupported: its columns hide all names of the rowid');
  return free;
}

export function findColumn(shape: Shape, name: string): ShapeColumn | undefined {
  return shape.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** Whether an index finds rows by exactly these columns, whatever their order. */
export function uniqueBy(shape: Shape, columns: readonly string[]): UniqueKey | undefined {
  const wanted = columns.map((name) => name.toLowerCase());
  return shape.unique.find(
    (key) => key.columns.length === wanted.length && key.columns.every((name) => wanted.includes(name.toLowerCase())),
  );
}

export function addressSql(shape: Shape, alias: string): readonly string[] {
  return shape.address.map((name) => `${alias}.${quoteName(name)}`);
}
