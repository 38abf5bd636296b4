/** Which tables of a store take part in comparisons. */
import type { Store, Table } from '../stores/model.ts';

/** Views and shadow tables hold no rows of their own; a list of empty records has no columns. */
export function isCompared(table: Table): boolean {
  return table.kind === 'table' && table.rows !== null && table.columns.length > 0;
}

/** What a migration tool wrote down is compared as a ledger, not as rows (trap S17). */
export function comparedTables(store: Store): readonly Table[] {
  const ledgers = new Set(store.migrations.map(({ table }) => table));
  return store.tables.filter((table) => isCompared(table) && !ledgers.has(table.name));
}

export function isText(store: Store): boolean {
  return store.kind !== 'sqlite';
}
