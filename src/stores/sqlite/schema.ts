/** Reads the catalog of one SQLite file: tables with columns, keys, foreign keys, indexes, triggers. Reads no rows. */
import type { Column, ForeignKey, Index, Table, TableKind } from '../model.ts';
import type { Connection, SqlValue } from './driver.ts';

const text = (value: SqlValue | undefined): string => (value === null || value === undefined ? '' : String(value));
const flag = (value: SqlValue | undefined): boolean => value === 1n;

/** A table as declared; counts and profiles are added by the reader. */
export type Schema = Omit<Table, 'rows'>;

/** All tables and views of `main` without SQLite's own (`sqlite_…`), in order of creation. */
export function readSchema(db: Connection): readonly Schema[] {
  const created = new Map(
    db
      .rows("SELECT name, sql, rowid FROM sqlite_schema WHERE type IN ('table', 'view')")
      .map(([name, sql, order]) => [text(name), { sql: text(sql), order: Number(order) }]),
  );
  const triggers = new Map<string, string[]>();
  for (const [table, name] of db.rows(
    "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger' ORDER BY name",
  )) {
    const list = triggers.get(text(table)) ?? [];
    triggers.set(text(table), [...list, text(name)]);
  }
  return db
    .rows(
      "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .map(([name, type, withoutRowid, strict]) => ({
      name: text(name),
      kind: text(type) as TableKind,
      withoutRowid: flag(withoutRowid),
      strict: flag(strict),
    }))
    .sort((x, y) => (created.get(x.name)?.order ?? 0) - (created.get(y.name)?.order ?? 0))
    .map((table) => ({
      ...table,
      ...describe(db, table.name, table.kind),
      triggers: triggers.get(table.name) ?? [],
      autoincrement: /\bAUTOINCREMENT\b/i.test(created.get(table.name)?.sql ?? ''),
    }));
}

type Description = Pick<Table, 'columns' | 'primaryKey' | 'unique' | 'foreignKeys' | 'indexes' | 'note'>;

const UNKNOWN: Description = { columns: [], primaryKey: [], unique: [], foreignKeys: [], indexes: [] };

function describe(db: Connection, name: string, kind: TableKind): Description {
  try {
    const info = db.rows('SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?)', name);
    const columns: Column[] = info
      // hidden = 1: hidden column of a virtual table; 2 and 3: virtual and stored generated columns.
      .filter(([, , , , , hidden]) => hidden !== 1n)
      .map(([column, type, notNull, dflt, , hidden]) => ({
        name: text(column),
        type: text(type),
        notNull: flag(notNull),
        hasDefault: dflt !== null,
        generated: hidden === 2n || hidden === 3n,
      }));
    if (kind === 'view') return { ...UNKNOWN, columns };
    const primaryKey = info
      .filter(([, , , , position]) => position !== 0n)
      .sort((x, y) => Number(x[4]) - Number(y[4]))
      .map(([column]) => text(column));
    const indexes = readIndexes(db, name);
    return {
      columns,
      primaryKey,
      unique: indexes
        .filter((index) => index.unique && !index.partial && index.origin !== 'pk')
        .flatMap(({ columns: names }) => (names.every((part) => part !== null) ? [names as string[]] : [])),
      foreignKeys: readForeignKeys(db, name),
      indexes: indexes.map(({ origin: _, ...index }) => index),
    };
  } catch (error) {
    // A virtual table whose module is missing, a view on a missing table: listed, not described.
    return { ...UNKNOWN, note: (error as Error).message };
  }
}

function readIndexes(db: Connection, table: string): readonly (Index & { readonly origin: string })[] {
  return db
    .rows('SELECT name, "unique", origin, partial FROM pragma_index_list(?) ORDER BY seq DESC', table)
    .map(([name, unique, origin, partial]) => ({
      name: text(name),
      columns: db
        .rows('SELECT name FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno', text(name))
        .map(([column]) => (column === null || column === undefined ? null : text(column))),
      unique: flag(unique),
      partial: flag(partial),
      origin: text(origin),
    }));
}

function readForeignKeys(db: Connection, table: string): readonly ForeignKey[] {
  const keys = new Map<
    string,
    { columns: string[]; table: string; parentColumns: string[]; onDelete: string; onUpdate: string }
  >();
  const sql = 'SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq';
  for (const [id, parent, from, to, onUpdate, onDelete] of db.rows(sql, table)) {
    const key = keys.get(text(id)) ?? {
      columns: [],
      table: text(parent),
      parentColumns: [],
      onDelete: text(onDelete),
      onUpdate: text(onUpdate),
    };
    key.columns.push(text(from));
    if (to !== null && to !== undefined) key.parentColumns.push(text(to));
    keys.set(text(id), key);
  }
  return [...keys.values()];
}
