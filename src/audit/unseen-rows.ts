/** What code that opens one of two twins misses of the other (trap C26). */
import type { Binding } from '../bindings/model.ts';
import type { Store } from '../stores/model.ts';
import type { StoreRelation } from './model.ts';

export interface Unseen {
  /** The store that is opened. */
  readonly store: string;
  /** The one that has more. */
  readonly other: string;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly conflicting: number }[];
  readonly exact: boolean;
}

/** Backups and exports are no places where rows are missed. */
export function unseenRows(
  relations: readonly StoreRelation[],
  bindings: readonly Binding[],
  stores: readonly Store[],
): readonly Unseen[] {
  const live = new Set(stores.filter(({ role }) => role === 'live').map(({ id }) => id));
  const opened = new Map<string, Set<string>>();
  for (const { store, tables } of bindings) {
    if (store === null) continue;
    const known = opened.get(store) ?? new Set<string>();
    for (const { table } of tables) known.add(table.toLowerCase());
    opened.set(store, known);
  }
  const found: Unseen[] = [];
  for (const relation of relations) {
    for (const side of ['a', 'b'] as const) {
      const store = relation[side];
      const other = side === 'a' ? relation.b : relation.a;
      const used = opened.get(store);
      if (used === undefined || opened.has(other) || !live.has(other)) continue;
      const tables = relation.tables
        .filter(
          (table) => table.relation !== 'unrelated' && (used.size === 0 || used.has(table[side].table.toLowerCase())),
        )
        .map((table) => ({
          table: (side === 'a' ? table.b : table.a).table,
          rows: side === 'a' ? table.onlyB : table.onlyA,
          conflicting: table.conflicting,
        }))
        .filter(({ rows, conflicting }) => rows + conflicting > 0);
      if (tables.length > 0) found.push({ store, other, tables, exact: relation.exact });
    }
  }
  return found;
}
