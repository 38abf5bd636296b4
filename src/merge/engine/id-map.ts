/** The id map inside the merged file, where the owner wants it: old address → new address, of all rows that are not where they were. */
import { newRowid } from './cells.ts';
import { type Engine, isLine, newOf, type Part, rowsOf } from './model.ts';
import { addressSql } from './shape.ts';

export function makeIdMap({ db }: Engine): void {
  db.exec(
    'CREATE TABLE main.desprawl_id_map (source TEXT NOT NULL, source_table TEXT NOT NULL, source_key, target_table TEXT NOT NULL, target_key)',
  );
}

export function writeIdMap({ db, request }: Engine, part: Part): void {
  const from = addressSql(part.shape, 'x');
  const { hasRowid } = part.target.shape;
  const fresh = newOf(part);
  const to = fresh.map((name, i) => (hasRowid ? newRowid(part, from) : `coalesce(r.${name}, ${from[i] ?? 'NULL'})`));
  const [old, now] = [asKey(from), asKey(to)];
  const insert = db.prepare(
    `INSERT INTO main.desprawl_id_map SELECT ?, ?, ${old}, ?, ${now} FROM ${part.shape.sql} x LEFT JOIN ${rowsOf(part)} r ON ${isLine(part, 'r', 'x')}
     WHERE r.presence IN (2, 3) OR ((r.presence IS NULL OR r.presence = 1) AND ${now} IS NOT ${old})`,
  );
  insert(request.spec.sources[part.source]?.path ?? '', part.spec.table, part.target.spec.table);
}

/** Several columns become an array; bytes in it are their hex digits. */
function asKey(columns: readonly string[]): string {
  if (columns.length === 1) return columns[0] ?? 'NULL';
  return `json_array(${columns.map((one) => `iif(typeof(${one}) = 'blob', hex(${one}), ${one})`).join(', ')})`;
}
