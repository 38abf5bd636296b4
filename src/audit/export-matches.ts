/**
 * For each text store the tables of databases that its rows come from, or should: the best twin of each of its tables.
 * Of byte-equal files one is measured and all are named. Draws no conclusion.
 */
import type { Store, Table } from '../stores/model.ts';
import type { Facts, TableComparison } from './model.ts';
import { seenFrom, shared } from './orient.ts';
import { byteHeads, isRival } from './standing.ts';

export interface ExportMatch {
  readonly store: Store;
  /** The file and its byte-equal brothers, sorted. */
  readonly files: readonly string[];
  readonly tables: readonly MatchedTable[];
  /** Comparisons with databases that were not finished. */
  readonly notCompared: number;
}

export interface MatchedTable {
  readonly table: Table;
  /** Seen from the export (`a`); none where no table of any database is alike. */
  readonly best?: TableComparison;
  readonly source?: Store;
  readonly sourceTable?: Table;
  /** Tables that it was compared with; with more than one, a row that the best lacks may be in another. */
  readonly candidates: number;
}

/** Text stores with rows; without fixtures, backups and files of other programs. */
export function exportMatches(facts: Facts): readonly ExportMatch[] {
  const heads = byteHeads(facts);
  const databases = new Map(facts.stores.filter(isRival).map((store) => [store.id, store]));
  return facts.stores
    .filter(({ kind, status, role, foreign }) => {
      const own = (role === 'export' || role === 'live') && foreign === undefined;
      return kind !== 'sqlite' && status === 'verified' && own;
    })
    .filter(
      (store) => (heads.get(store.id) ?? store.id) === store.id && store.tables.some(({ rows }) => (rows ?? 0) > 0),
    )
    .map((store) => ({
      store,
      files: [
        store.id,
        ...facts.stores.filter(({ id }) => id !== store.id && heads.get(id) === store.id).map(({ id }) => id),
      ].sort(),
      tables: store.tables.filter(({ rows }) => (rows ?? 0) > 0).map((table) => match(store, table, facts, databases)),
      notCompared: facts.notCompared.filter(({ a, b }) => a === store.id || b === store.id).length,
    }));
}

function match(store: Store, table: Table, facts: Facts, databases: ReadonlyMap<string, Store>): MatchedTable {
  const found = facts.relations
    .filter(({ a, b }) => a === store.id || b === store.id)
    .map((relation) => seenFrom(store.id, relation))
    .flatMap(({ b, tables }) => {
      const source = databases.get(b);
      return source === undefined ? [] : tables.map((comparison) => ({ source, comparison }));
    })
    .filter(({ comparison }) => comparison.a.table === table.name && comparison.relation !== 'unrelated')
    .sort(
      (x, y) =>
        rank(x.source, facts) - rank(y.source, facts) ||
        shared(y.comparison) - shared(x.comparison) ||
        x.comparison.conflicting - y.comparison.conflicting ||
        (x.source.id < y.source.id ? -1 : 1),
    );
  // A store in use that has none of the rows does not stand before a backup that has them.
  const best = found.find(({ comparison }) => shared(comparison) > 0) ?? found[0];
  if (best === undefined) return { table, candidates: 0 };
  const sourceTable = best.source.tables.find(({ name }) => name === best.comparison.b.table);
  return {
    table,
    best: best.comparison,
    source: best.source,
    ...(sourceTable === undefined ? {} : { sourceTable }),
    candidates: found.length,
  };
}

function rank(source: Store, { groups }: Facts): number {
  if (groups.some(({ primary }) => primary === source.id)) return 0;
  return source.role === 'live' ? 1 : 2;
}
