/** By what a row of a table is found again in the store as it is, though its file was written anew since. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { shapeOf } from '../verify/shapes.ts';

/** A number that `VACUUM` leaves alone, the primary key, or what a unique index is about; `null`: nothing that lasts. */
export function lastingKey(db: Connection, schema: string, table: string): readonly string[] | null {
  const shape = shapeOf(db, schema, table);
  if (shape === null) return null;
  if (shape.rowidColumn !== null) return [shape.rowidColumn];
  const key = db
    .rows('SELECT name FROM pragma_table_xinfo(?, ?) WHERE pk > 0 ORDER BY pk', table, schema)
    .map(([name]) => String(name));
  if (key.length > 0) return key;
  const indexes = db.rows(
    'SELECT name FROM pragma_index_list(?, ?) WHERE "unique" = 1 AND partial = 0 ORDER BY seq DESC',
    table,
    schema,
  );
  for (const [index = null] of indexes) {
    const columns = db.rows('SELECT name FROM pragma_index_info(?, ?) ORDER BY seqno', index, schema);
    // An expression has no name.
    if (columns.every(([name]) => typeof name === 'string')) return columns.map(([name]) => String(name));
  }
  return null;
}
