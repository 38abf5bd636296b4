/** Stores of the same bytes: one speaks for all of them, and what it is compared to need not be compared again. */
import type { Store } from '../stores/model.ts';
import { comparedTables } from './compared-tables.ts';
import type { StoreRelation, TableComparison } from './model.ts';

/** Same bytes and no sidecars: one of them is compared for all. The first is the one in use, if any is. */
export function groupByBytes(stores: readonly Store[]): {
  readonly representatives: readonly Store[];
  readonly copies: readonly (readonly [Store, Store])[];
} {
  const rank = (store: Store): number => (store.role === 'live' ? 0 : store.role === 'export' ? 1 : 2);
  const ordered = [...stores].sort(
    (x, y) => rank(x) - rank(y) || x.path.length - y.path.length || (x.id < y.id ? -1 : 1),
  );
  const first = new Map<string, Store>();
  const representatives: Store[] = [];
  const copies: (readonly [Store, Store])[] = [];
  for (const store of ordered) {
    const key = store.sha256 === undefined || store.sidecars.length > 0 ? undefined : store.sha256;
    const known = key === undefined ? undefined : first.get(key);
    if (known !== undefined) {
      copies.push([store, known]);
      continue;
    }
    if (key !== undefined) first.set(key, store);
    representatives.push(store);
  }
  return { representatives, copies };
}

export function byteEqual(a: Store, b: Store): StoreRelation {
  const tables = comparedTables(a).map((table): TableComparison => {
    const rows = table.rows ?? 0;
    return {
      a: { store: a.id, table: table.name },
      b: { store: b.id, table: table.name },
      relation: 'identical',
      rowsA: rows,
      rowsB: rows,
      same: rows,
      onlyA: 0,
      onlyB: 0,
      conflicting: 0,
      ambiguous: 0,
      idCollisions: 0,
      keys: [],
      columns: table.columns.map(({ name }) => ({
        a: name,
        b: name,
        via: 'name',
        normaliser: 'exact',
        conflicting: 0,
      })),
      columnsOnlyA: [],
      columnsOnlyB: [],
      method: 'digest',
    };
  });
  return { a: a.id, b: b.id, kind: 'copy', byteEqual: true, exact: true, onlyA: 0, onlyB: 0, conflicting: 0, tables };
}
