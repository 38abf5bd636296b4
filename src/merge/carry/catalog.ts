/** The tables of one file, with what names a row in each of them: as much of a schema as carrying rows needs. */
import { openConnection } from '../../stores/sqlite/driver.ts';
import { readSchema, type Schema } from '../../stores/sqlite/schema.ts';

/** What names a row in one file. */
export interface Address {
  /** The name of the rowid, or the columns of the key of a WITHOUT ROWID table. */
  readonly columns: readonly string[];
  readonly isKey: boolean;
  /** The `INTEGER PRIMARY KEY`, which is the rowid. */
  readonly ipk: string | null;
  /** VACUUM may give rows other rowids where no column holds them. */
  readonly stable: boolean;
}

export interface CatalogTable extends Schema {
  readonly sql: string;
  readonly address: Address;
  /** Columns that can be written. */
  readonly written: readonly string[];
  /** Literal default by column in lower case; columns with none, or a computed one, are missing. */
  readonly defaults: ReadonlyMap<string, string>;
}

export interface Catalog {
  /** Real tables by name in lower case, as SQLite compares names. */
  readonly tables: ReadonlyMap<string, CatalogTable>;
  /** Names of virtual tables in lower case. */
  readonly virtual: ReadonlySet<string>;
  /** Statements of all else, by `type name`. */
  readonly others: ReadonlyMap<string, string>;
  readonly encoding: string;
}

const LITERAL = /^\s*(null|[+-]?\d+(\.\d+)?|'(?:[^']|'')*')\s*$/i;
const ROWID_NAMES = ['rowid', '_rowid_', 'oid'] as const;

export function key(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** `file`: of ours, not written to meanwhile. */
export function readCatalog(file: string): Catalog {
  const db = openConnection(file, 'immutable');
  try {
    const schema = readSchema(db);
    const text = (value: unknown): string => String(value ?? '');
    const sql = new Map(
      db
        .rows("SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
        .map(([name, statement]) => [text(name), text(statement)]),
    );
    const tables = new Map<string, CatalogTable>();
    for (const table of schema) {
      if (table.kind !== 'table') continue;
      const defaults = new Map<string, string>();
      for (const [name, literal] of db.rows('SELECT name, dflt_value FROM pragma_table_xinfo(?)', table.name)) {
        if (typeof literal === 'string' && LITERAL.test(literal)) defaults.set(key(text(name)), literal.trim());
      }
      // `INTEGER PRIMARY KEY DESC` is no rowid, and has an index of its own.
      const hasIndex = db.row("SELECT 1 FROM pragma_index_list(?) WHERE origin = 'pk'", table.name) !== undefined;
      tables.set(key(table.name), {
        ...table,
        sql: sql.get(table.name) ?? '',
        address: addressOf(table, hasIndex),
        written: table.columns.filter(({ generated }) => !generated).map(({ name }) => name),
        defaults,
      });
    }
    const others = db
      .rows("SELECT type, name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid")
      .map(([type, name, statement]) => [`${text(type)} ${text(name)}`, text(statement)] as const);
    return {
      tables,
      virtual: new Set(schema.filter(({ kind }) => kind === 'virtual').map(({ name }) => key(name))),
      others: new Map(others),
      encoding: text(db.row('PRAGMA main.encoding')?.[0]),
    };
  } finally {
    db.close();
  }
}

function addressOf(table: Schema, hasIndex: boolean): Address {
  if (table.withoutRowid) return { columns: table.primaryKey, isKey: true, ipk: null, stable: true };
  const [only, ...more] = table.primaryKey;
  const type = table.columns.find(({ name }) => name === only)?.type ?? '';
  const ipk = only !== undefined && more.length === 0 && /^integer$/i.test(type) && !hasIndex ? only : null;
  const taken = new Set(table.columns.map(({ name }) => key(name)));
  const name = ROWID_NAMES.find((one) => !taken.has(one));
  return { columns: [ipk ?? name ?? 'rowid'], isKey: false, ipk, stable: ipk !== null };
}
