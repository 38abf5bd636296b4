/** Gathers pairwise table comparisons into clusters, so that ten stores with one table are one story and not 45. */
import type { Store } from '../stores/model.ts';
import type { Facts, TableComparison, TableRef } from './model.ts';
import { isLedger, isRival } from './standing.ts';

export interface TableCluster {
  /** Sorted; the tables that are connected through a comparison. */
  readonly tables: readonly TableRef[];
  /** Sorted, each once. */
  readonly stores: readonly string[];
  /** Names of the tables, each once, the most frequent first. */
  readonly names: readonly string[];
  readonly comparisons: readonly TableComparison[];
}

/** Comparisons between stores in use, without backups, fixtures, other programs, migration ledgers and empty tables. */
export function liveComparisons(facts: Facts): readonly TableComparison[] {
  const live = new Map(
    facts.stores.filter((store) => isRival(store) && store.role === 'live').map((store) => [store.id, store]),
  );
  return facts.relations
    .filter(({ a, b, byteEqual }) => !byteEqual && live.has(a) && live.has(b))
    .flatMap(({ tables }) => tables)
    .filter(({ a, b, rowsA, rowsB }) => {
      const ledger = (store: Store | undefined, table: string): boolean => isLedger(store, table);
      return rowsA > 0 && rowsB > 0 && !ledger(live.get(a.store), a.table) && !ledger(live.get(b.store), b.table);
    });
}

export function clusterTables(comparisons: readonly TableComparison[]): readonly TableCluster[] {
  const parent = new Map<string, string>();
  const key = (ref: TableRef): string => `${ref.store}\n${ref.table}`;
  const root = (id: string): string => {
    const up = parent.get(id) ?? id;
    return up === id ? id : root(up);
  };
  for (const { a, b } of comparisons) parent.set(root(key(a)), root(key(b)));
  const clusters = new Map<string, TableComparison[]>();
  for (const comparison of comparisons) {
    const id = root(key(comparison.a));
    clusters.set(id, [...(clusters.get(id) ?? []), comparison]);
  }
  return [...clusters.values()].map(describe).sort(byTables);
}

/** Clusters of the same stores become one. */
export function joinByStores(clusters: readonly TableCluster[]): readonly TableCluster[] {
  const joined = new Map<string, TableComparison[]>();
  for (const { stores, comparisons } of clusters) {
    const key = stores.join('\n');
    joined.set(key, [...(joined.get(key) ?? []), ...comparisons]);
  }
  return [...joined.values()].map(describe).sort(byTables);
}

function describe(comparisons: readonly TableComparison[]): TableCluster {
  const refs = new Map(comparisons.flatMap(({ a, b }) => [a, b]).map((ref) => [`${ref.store}\n${ref.table}`, ref]));
  const tables = [...refs].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, ref]) => ref);
  const times = new Map<string, number>();
  for (const { table } of tables) times.set(table, (times.get(table) ?? 0) + 1);
  const names = [...times].sort(([x, n], [y, m]) => m - n || (x < y ? -1 : 1)).map(([name]) => name);
  return { tables, stores: [...new Set(tables.map(({ store }) => store))].sort(), names, comparisons };
}

function byTables(x: TableCluster, y: TableCluster): number {
  const [a, b] = [x, y].map(({ tables }) => `${tables[0]?.store}\n${tables[0]?.table}`);
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
