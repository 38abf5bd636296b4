/** Turns comparisons and relations round, so that a text can always say "this store … that store". */
import type { Relation, StoreRelation, StoreRelationKind, TableComparison } from './model.ts';

const TURNED: Readonly<Record<Relation, Relation>> = {
  identical: 'identical',
  subset: 'superset',
  superset: 'subset',
  diverged: 'diverged',
  disjoint: 'disjoint',
  unrelated: 'unrelated',
};

const TURNED_STORE: Readonly<Record<StoreRelationKind, StoreRelationKind>> = {
  copy: 'copy',
  subset: 'superset',
  superset: 'subset',
  diverged: 'diverged',
  'older-generation': 'newer-generation',
  'newer-generation': 'older-generation',
  disjoint: 'disjoint',
};

/** Keys keep the column names they were found under. */
export function turnTable(table: TableComparison): TableComparison {
  return {
    ...table,
    a: table.b,
    b: table.a,
    relation: TURNED[table.relation],
    rowsA: table.rowsB,
    rowsB: table.rowsA,
    onlyA: table.onlyB,
    onlyB: table.onlyA,
    columns: table.columns.map((pair) => ({ ...pair, a: pair.b, b: pair.a })),
    columnsOnlyA: table.columnsOnlyB,
    columnsOnlyB: table.columnsOnlyA,
  };
}

/** The relation as seen from `store`, which is one of its sides: `a` is `store` then. */
export function seenFrom(store: string, relation: StoreRelation): StoreRelation {
  if (relation.a === store) return relation;
  return {
    ...relation,
    a: relation.b,
    b: relation.a,
    kind: TURNED_STORE[relation.kind],
    onlyA: relation.onlyB,
    onlyB: relation.onlyA,
    tables: relation.tables.map(turnTable),
  };
}

/** Rows that both sides have, equal or not. */
export function shared(table: TableComparison): number {
  return table.same + table.conflicting;
}
