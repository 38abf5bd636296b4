/** Tables that the target lacks are made with the statements of a source that has them, indexes included; added columns are nullable. */
import { affinityOf } from '../../rows/affinity-sql.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeRequest, TableSpec } from '../model.ts';
import { during } from './failure.ts';
import { readShape } from './shape.ts';

export function makeTables(db: Connection, request: MergeRequest): void {
  const { spec } = request;
  const lacking = spec.tables.filter(({ madeFrom }) => madeFrom !== null);
  for (const source of new Set(lacking.map(({ madeFrom }) => madeFrom ?? 0))) {
    during(db, request, source, () => {
      for (const table of lacking.filter(({ madeFrom }) => madeFrom === source)) {
        if (spec.sources[source]?.kind === 'text') db.exec(plainTable(table));
        else copyStatements(db, table, source);
      }
    });
  }
  for (const table of spec.tables) addColumns(db, table);
}

/** Records have no types and no keys of their own: columns as the specification declares them. */
function plainTable({ table, columns, surrogate }: TableSpec): string {
  const declared = columns.map(({ name, type }) =>
    name === surrogate ? `${quoteName(name)} INTEGER PRIMARY KEY` : `${quoteName(name)} ${typeSql(type, false)}`.trim(),
  );
  return `CREATE TABLE main.${quoteName(table)} (${declared.join(', ')})`;
}

function copyStatements(db: Connection, { table, parts }: TableSpec, source: number): void {
  const from = parts.find((part) => part.source === source)?.table ?? table;
  const statements = db.rows(
    "SELECT type, name, sql FROM s.sqlite_schema WHERE tbl_name = ? COLLATE NOCASE AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC, rowid",
    from,
  );
  for (const [type, name, sql] of statements) {
    if (type === 'table')
      db.exec(
        String(sql).replace(
          /^(CREATE TABLE )(?:"(?:[^"]|"")*"|\[[^\]]*\]|`(?:[^`]|``)*`|'(?:[^']|'')*'|[^\s(]+)/,
          (_, create: string) => `${create}${quoteName(table)}`,
        ),
      );
    else db.exec(indexStatement(db, String(name), String(sql), table));
  }
}

/** Names of indexes are one namespace with those of tables. */
function indexStatement(db: Connection, name: string, sql: string, table: string): string {
  const taken = (wanted: string): boolean =>
    db.row('SELECT 1 FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE', wanted) !== undefined;
  let free = name;
  for (let i = 2; taken(free); i++) free = `${name}_${i}`;
  const NAME = '(?:"(?:[^"]|"")*"|\\[[^\\]]*\\]|`(?:[^`]|``)*`|\'(?:[^\']|\'\')*\'|[^\\s(]+)';
  const head = new RegExp(`^(CREATE (?:UNIQUE )?INDEX )${NAME}(\\s+ON\\s*)${NAME}`, 'i');
  return sql.replace(head, (_, create: string, on: string) => `${create}${quoteName(free)}${on}${quoteName(table)}`);
}

function addColumns(db: Connection, { table, columns }: TableSpec): void {
  const shape = readShape(db, 'main', table);
  const there = new Set(shape?.columns.map(({ name }) => name.toLowerCase()));
  for (const { name, type, added } of columns) {
    if (!added || there.has(name.toLowerCase())) continue;
    db.exec(
      `ALTER TABLE main.${quoteName(table)} ADD COLUMN ${quoteName(name)} ${typeSql(type, shape?.strict ?? false)}`,
    );
  }
}

const STRICT_TYPES = /^(INT|INTEGER|REAL|TEXT|BLOB|ANY)$/i;

/** A declared type is text of a foreign schema: what is not plainly a type is quoted, which says the same. */
function typeSql(type: string, strict: boolean): string {
  if (strict) {
    if (STRICT_TYPES.test(type)) return type;
    const affinity = affinityOf(type, false);
    return affinity === 'numeric' ? 'ANY' : affinity.toUpperCase();
  }
  return /^[\w ]*(?:\(\s*[+-]?[\w.]+\s*(?:,\s*[+-]?[\w.]+\s*)?\))?$/.test(type) &&
    !/\b(CONSTRAINT|PRIMARY|NOT|UNIQUE|CHECK|DEFAULT|COLLATE|REFERENCES|GENERATED|AS|NULL)\b/i.test(type)
    ? type
    : quoteName(type);
}
