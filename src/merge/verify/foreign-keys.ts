/** A merge may not add a reference that leads nowhere: as many as the target and the sources had together, and no more (trap R9). */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeResult } from '../model.ts';
import type { mapElsewhere } from './translate.ts';
import { type PartView, rawOf } from './views.ts';

export interface DeclaredKey {
  readonly id: number;
  readonly table: string;
  readonly columns: readonly string[];
  readonly to: string;
  readonly toColumns: readonly string[];
}

export type NotVerified = MergeResult['notVerified'][number];

/** Violations by number of the constraint; `null` where SQLite cannot check the table. */
export function violations(db: Connection, schema: string, table: string): ReadonlyMap<number, number> | null {
  try {
    const sql = `SELECT fkid, count(*) FROM pragma_foreign_key_check(?, '${schema}') GROUP BY fkid`;
    return new Map(db.rows(sql, table).map(([id, rows]) => [Number(id), Number(rows)]));
  } catch {
    return null;
  }
}

export function declaredKeys(db: Connection, schema: string, table: string): readonly DeclaredKey[] {
  const keys = new Map<number, { columns: string[]; to: string; toColumns: string[] }>();
  const sql = `SELECT id, "table", "from", "to" FROM pragma_foreign_key_list(?, '${schema}') ORDER BY id, seq`;
  for (const [id, to, from, column] of db.rows(sql, table)) {
    const key = keys.get(Number(id)) ?? { columns: [], to: String(to), toColumns: [] };
    key.columns.push(String(from));
    if (typeof column === 'string') key.toColumns.push(column);
    keys.set(Number(id), key);
  }
  return [...keys].map(([id, key]) => {
    const primary = (): string[] =>
      db
        .rows(`SELECT name FROM pragma_table_info(?, '${schema}') WHERE pk > 0 ORDER BY pk`, key.to)
        .map(([name]) => String(name));
    return { id, table, ...key, toColumns: key.toColumns.length > 0 ? key.toColumns : primary() };
  });
}

/**
 * Rows of a source that refer to nothing in the store whose rows they mean, through the columns that come into those of the constraint.
 * `elsewhere`: where that is another one than their own.
 */
export function danglingIn(
  db: Connection,
  view: PartView,
  key: DeclaredKey,
  parents: readonly PartView[],
  elsewhere: ReturnType<typeof mapElsewhere>,
): number {
  const values = key.columns.map((column) => rawOf(view, nameIn(view, column), quoteName));
  if (values.some((value) => value === null)) return 0;
  const terms = elsewhere?.keys.map((column, i) => `x.${column} = ${values[i]}`) ?? [];
  const leads = elsewhere === null ? leadsHere(key, parents, values) : [];
  if (elsewhere !== null && elsewhere.map !== '')
    leads.push(`EXISTS (SELECT 1 FROM ${elsewhere.map} x WHERE ${terms.join(' AND ')})`);
  const isSet = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  const sql = `SELECT count(*) FROM ${view.src.from} s WHERE ${isSet} AND NOT (${leads.length === 0 ? '0' : leads.join(' OR ')})`;
  return Number(db.row(sql)?.[0] ?? 0);
}

function leadsHere(key: DeclaredKey, parents: readonly PartView[], values: readonly (string | null)[]): string[] {
  return parents.flatMap((parent) => {
    const columns = key.toColumns.map((column) => rawOf(parent, nameIn(parent, column), (name) => quoteName(name)));
    if (columns.some((column) => column === null)) return [];
    const terms = columns.map((column, j) => `${column?.replace(/^s\./, 'x.')} = ${values[j]}`);
    return [`EXISTS (SELECT 1 FROM ${parent.src.from} x WHERE ${terms.join(' AND ')})`];
  });
}

/** As the specification writes it. */
function nameIn(view: PartView, column: string): string {
  return Object.keys(view.spec.columns).find((name) => name.toLowerCase() === column.toLowerCase()) ?? column;
}

/** The constraint that the target had on the same columns. */
export function sameKey(keys: readonly DeclaredKey[], key: DeclaredKey): DeclaredKey | undefined {
  const text = (one: DeclaredKey): string => [one.to, ...one.columns, '', ...one.toColumns].join('\0').toLowerCase();
  return keys.find((one) => text(one) === text(key));
}
