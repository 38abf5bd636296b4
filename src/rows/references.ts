/**
 * Which columns of a store refer to a table: declared foreign keys, columns named after it whose values are contained in
 * its key, and polymorphic pairs (`entity_type`, `entity_id`) (trap R3). Inferred ones are proposals with evidence.
 */
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { plainName } from './match-columns.ts';

export interface Reference {
  readonly table: string;
  readonly column: string;
  /** Rows that refer to something (not NULL). */
  readonly rows: number;
  readonly inferred: boolean;
  /** Share of the referring values that exist in the table. */
  readonly contained: number;
}

/** Fewer values found than this: the name promises a reference, the data does not keep it. */
const CONTAINED = 0.5;

export function findReferences(db: Connection, table: string, tables: readonly Table[]): readonly Reference[] {
  const target = tables.find(({ name }) => name === table);
  if (target === undefined || target.primaryKey.length !== 1) return [];
  const key = target.primaryKey[0] ?? '';
  const measure = (from: string, column: string, where: string): Pick<Reference, 'rows' | 'contained'> => {
    const name = quoteName(column);
    const has = (value: string): string =>
      `EXISTS (SELECT 1 FROM main.${quoteName(table)} t WHERE t.${quoteName(key)} = ${value})`;
    // Text that holds a number refers to the row of that number (`user_id TEXT`).
    const number = `CAST(r.${name} AS INTEGER)`;
    const found = `(typeof(r.${name}) = 'text' AND CAST(${number} AS TEXT) = r.${name} AND ${has(number)})`;
    const sql = `SELECT count(*), total(${has(`r.${name}`)} OR ${found}) FROM main.${quoteName(from)} r WHERE r.${name} IS NOT NULL AND ${where}`;
    const [rows = 0n, inside = 0] = db.row(sql) ?? [];
    return { rows: Number(rows), contained: Number(rows) === 0 ? 0 : Number(inside) / Number(rows) };
  };
  const found: Reference[] = [];
  for (const other of tables) {
    if (other.kind !== 'table') continue;
    const declared = new Set(
      other.foreignKeys.filter((fk) => fk.table.toLowerCase() === table.toLowerCase()).flatMap((fk) => fk.columns),
    );
    for (const column of other.columns) {
      if (declared.has(column.name)) {
        found.push({
          table: other.name,
          column: column.name,
          inferred: false,
          ...measure(other.name, column.name, '1'),
        });
      } else if (namesTable(column.name, table)) {
        const measured = measure(other.name, column.name, '1');
        if (measured.contained >= CONTAINED)
          found.push({ table: other.name, column: column.name, inferred: true, ...measured });
      }
    }
    for (const { type, id } of polymorphicPairs(other)) {
      const where = `lower(CAST(r.${quoteName(type)} AS TEXT)) IN ('${singular(table)}', '${plural(table)}')`;
      const measured = measure(other.name, id, where);
      if (measured.rows > 0 && measured.contained >= CONTAINED) {
        found.push({ table: other.name, column: `${type} + ${id}`, inferred: true, ...measured });
      }
    }
  }
  return found.sort((x, y) => y.rows - x.rows);
}

function namesTable(column: string, table: string): boolean {
  const name = plainName(column);
  return [singular(table), plural(table)].some(
    (word) => name === `${plainName(word)}id` || name === `${plainName(word)}ids`,
  );
}

function polymorphicPairs(table: Table): readonly { readonly type: string; readonly id: string }[] {
  const names = new Map(table.columns.map(({ name }) => [name.toLowerCase(), name]));
  return table.columns.flatMap(({ name }) => {
    const stem = /^(.+)_type$/i.exec(name)?.[1];
    const id = stem === undefined ? undefined : names.get(`${stem.toLowerCase()}_id`);
    return id === undefined ? [] : [{ type: name, id }];
  });
}

const singular = (table: string): string => plural(table).replace(/s$/, '');
const plural = (table: string): string => table.toLowerCase().replaceAll("'", '').replace(/s?$/, 's');
