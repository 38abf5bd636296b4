/**
 * Values of the target that refer to rows that do not exist: what they name is taken, or a row that comes in would be somebody's all at
 * once. The tables `temp.taken_<position>` hold such numbers, of the target and later of the sources.
 */
import { asInteger } from '../../rows/affinity-sql.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeSpec, ReferenceSpec } from '../model.ts';
import { readShape, type Shape } from './shape.ts';
import { sqlText } from './way.ts';

export function noteTargetGhosts(db: Connection, spec: MergeSpec, shapes: readonly Shape[]): void {
  for (const [at, table] of spec.tables.entries()) {
    if (table.surrogate === null) continue;
    db.exec(`CREATE TEMP TABLE taken_${at} (id INTEGER PRIMARY KEY)`);
    for (const [from, { references }] of spec.tables.entries()) {
      for (const reference of references) {
        const column = reference.columns[reference.toColumns.indexOf(table.surrogate)];
        if (reference.to !== table.table || column === undefined) continue;
        note(
          db,
          at,
          table.surrogate,
          shapes[at] as Shape,
          valuesOf(shapes[from] as Shape, reference, column),
          table.table,
        );
      }
    }
    for (const [other, column] of declaredElsewhere(db, spec, table.table, table.surrogate)) {
      const values = `SELECT ${asInteger(`x.${quoteName(column)}`)} AS v FROM ${other.sql} x`;
      note(db, at, table.surrogate, shapes[at] as Shape, values, table.table);
    }
  }
}

function note(db: Connection, at: number, surrogate: string, shape: Shape, values: string, table: string): void {
  // Every name is qualified: tables of a store may have any column.
  const nobody = `q.v IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${shape.sql} y WHERE y.${quoteName(surrogate)} = q.v)`;
  db.exec(`INSERT INTO temp.taken_${at} SELECT DISTINCT q.v FROM (${values}) q WHERE ${nobody} AND q.v NOT IN (SELECT id FROM temp.taken_${at});
    INSERT INTO ledger.ghosts SELECT ${sqlText(table)}, NULL, id, id FROM temp.taken_${at} t
    WHERE NOT EXISTS (SELECT 1 FROM ledger.ghosts g WHERE g.target_table = ${sqlText(table)} AND g.part IS NULL AND g.old = t.id)`);
}

/** The integers in a reference's column. */
function valuesOf(shape: Shape, reference: ReferenceSpec, column: string): string {
  const value = `x.${quoteName(column)}`;
  const { typeColumn, typeValues = [] } = reference;
  const isType =
    typeColumn === undefined
      ? '1'
      : `CAST(x.${quoteName(typeColumn)} AS TEXT) IN (${typeValues.map(sqlText).join(', ')})`;
  return reference.kind === 'json'
    ? `SELECT ${asInteger('j.value')} AS v FROM ${shape.sql} x, json_each(json_ids(${value}, octet_length(${value}))) j WHERE ${isType}`
    : `SELECT ${asInteger(value)} AS v FROM ${shape.sql} x WHERE ${isType}`;
}

/** Foreign keys of tables that take no part in the merge. */
function declaredElsewhere(
  db: Connection,
  spec: MergeSpec,
  table: string,
  surrogate: string,
): readonly (readonly [Shape, string])[] {
  const merged = new Set(spec.tables.map((one) => one.table.toLowerCase()));
  return db
    .rows(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .filter(([name]) => !merged.has(String(name).toLowerCase()))
    .flatMap(([name]) => {
      const shape = readShape(db, 'main', String(name));
      if (shape === null) return [];
      return db
        .rows(
          'SELECT "from", "to" FROM pragma_foreign_key_list(?, ?) WHERE "table" = ? COLLATE NOCASE',
          String(name),
          'main',
          table,
        )
        .filter(([, to]) => to === null || String(to).toLowerCase() === surrogate.toLowerCase())
        .map(([from]): readonly [Shape, string] => [shape, String(from)]);
    });
}
