/** Sums up table comparisons into what one store is to the other. Pure. */
import type { Store } from '../stores/model.ts';
import type { StoreRelation, StoreRelationKind, TableComparison } from './model.ts';

/** Generations share no more than this part of the smaller side's rows (look-up tables may be the same). */
const GENERATION_SHARE = 0.05;

/** `undefined`: nothing that the two stores hold has anything to do with each other. */
export function storeRelation(a: Store, b: Store, tables: readonly TableComparison[]): StoreRelation | undefined {
  if (tables.length === 0) return undefined;
  const twins = tables.filter((table) => table.relation !== 'unrelated');
  const own = (store: Store, side: 'a' | 'b'): number =>
    store.tables
      .filter((table) => table.kind === 'table' && !store.migrations.some((ledger) => ledger.table === table.name))
      .filter((table) => !twins.some((twin) => twin[side].table === table.name))
      .reduce((sum, table) => sum + (table.rows ?? 0), 0);
  const sum = (count: (table: TableComparison) => number): number =>
    twins.reduce((total, table) => total + count(table), 0);
  const onlyA = sum((table) => table.onlyA) + own(a, 'a');
  const onlyB = sum((table) => table.onlyB) + own(b, 'b');
  const conflicting = sum((table) => table.conflicting);
  return {
    a: a.id,
    b: b.id,
    kind: kindOf(a, b, twins, { onlyA, onlyB, conflicting, shared: sum((table) => table.same) + conflicting }),
    byteEqual: false,
    exact: twins.every((table) => table.method !== 'sample'),
    onlyA,
    onlyB,
    conflicting,
    tables,
  };
}

interface Totals {
  readonly onlyA: number;
  readonly onlyB: number;
  readonly conflicting: number;
  readonly shared: number;
}

function kindOf(a: Store, b: Store, twins: readonly TableComparison[], totals: Totals): StoreRelationKind {
  const rows = (side: 'rowsA' | 'rowsB'): number => twins.reduce((sum, table) => sum + table[side], 0);
  const smaller = Math.min(rows('rowsA'), rows('rowsB'));
  if (twins.length === 0) return 'disjoint';
  if (smaller > 0 && totals.shared <= smaller * GENERATION_SHARE) return generation(a, b, twins);
  if (totals.shared === 0) return emptySide(a, b, totals);
  const diverged = twins.some((table) => table.relation === 'diverged') || totals.conflicting > 0;
  const moreA = totals.onlyA > 0 || twins.some((table) => table.relation === 'superset');
  const moreB = totals.onlyB > 0 || twins.some((table) => table.relation === 'subset');
  if (diverged || (moreA && moreB)) return 'diverged';
  if (moreA) return 'superset';
  return moreB ? 'subset' : 'copy';
}

/** Nothing in common but the schema: an earlier life of the same thing, or two things built alike (trap S8). */
function generation(a: Store, b: Store, twins: readonly TableComparison[]): StoreRelationKind {
  const tables = (store: Store): number => store.tables.filter((table) => table.kind === 'table').length;
  const sameSchema = twins.length * 2 >= Math.min(tables(a), tables(b));
  if (!sameSchema || (a.role !== 'backup' && b.role !== 'backup')) return 'disjoint';
  const fresh = [a, b].map((store) => store.freshness?.at ?? store.modified);
  const [freshA = '', freshB = ''] = fresh;
  return freshA <= freshB ? 'older-generation' : 'newer-generation';
}

/** A side without rows: its schema is all there is. */
function emptySide(a: Store, b: Store, totals: Totals): StoreRelationKind {
  const total = (store: Store): number => store.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  if (totals.onlyA === 0 && totals.onlyB === 0) return 'copy';
  if (total(a) === 0) return 'subset';
  return total(b) === 0 ? 'superset' : 'disjoint';
}
