/**
 * For each SQLite store at most one story: against which other store it is measured, and what it is to that one. Against
 * the primary of its group first; of byte-equal files one speaks for all. Pairs that share only a table or two have no
 * standing: those are stories of tables. Whole, since choosing the partner and measuring the pair need the same maps.
 */
import type { Store, Table } from '../stores/model.ts';
import type { Facts, StoreRelation, StoreRelationKind, TableComparison } from './model.ts';
import { seenFrom, shared } from './orient.ts';

export interface OwnTable {
  readonly table: string;
  readonly rows: number;
  /** Rows that both have and that differ. */
  readonly conflicting: number;
  /** Columns with values that the other store lacks. */
  readonly columns: readonly string[];
  /** The other store has no such table. */
  readonly alone: boolean;
}

export interface Standing {
  readonly store: Store;
  readonly against: Store;
  /** `against` was elected (or declared) primary of the group. */
  readonly primary: boolean;
  /** "store is a … of against". */
  readonly kind: StoreRelationKind;
  readonly byteEqual: boolean;
  /** Every row of every table was compared; `false` where something was sampled or could not be read. */
  readonly measured: boolean;
  /** Rows of `store` that `against` lacks, without migration ledgers. */
  readonly own: number;
  readonly conflicting: number;
  /** What `store` has of its own, per table; only tables that have something. */
  readonly ownTables: readonly OwnTable[];
  /** Rows that `against` has and `store` has not. */
  readonly missing: number;
  /** Tables of `store` (of a copy, of both) that were not compared (virtual, unreadable), each once. */
  readonly uncompared: readonly string[];
  /** Seen from `store`: `a` is `store`. */
  readonly tables: readonly TableComparison[];
}

/** Takes part in the question who holds the truth: no fixture, no store of another program, no text. */
export function isRival(store: Store): boolean {
  return (
    store.kind === 'sqlite' && store.status === 'verified' && store.role !== 'fixture' && store.foreign === undefined
  );
}

export function isLedger(store: Store | undefined, table: string): boolean {
  return store?.migrations.some((ledger) => ledger.table === table) ?? false;
}

/** Why the store that others are measured against was elected: evidence for whoever doubts it. */
export function electedBecause(facts: Facts, primary: string): string {
  const candidates = facts.groups.find((group) => group.primary === primary)?.candidates ?? [];
  const reasons = candidates.find(({ store }) => store === primary)?.reasons ?? [];
  return `${primary} is the primary of its group${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}`;
}

/** Sorted by store; each pair of stores occurs at most once. */
export function standings(facts: Facts): readonly Standing[] {
  const rivals = new Map(facts.stores.filter(isRival).map((store) => [store.id, store]));
  const heads = byteHeads(facts);
  const taken = new Set<string>();
  const found: Standing[] = [];
  for (const store of weakestFirst(facts, rivals)) {
    const standing = standingOf(store, facts, rivals, heads);
    if (standing === undefined) continue;
    const pair = [store.id, standing.against.id].sort().join('\n');
    if (taken.has(pair)) continue;
    taken.add(pair);
    found.push(standing);
  }
  return found.sort((x, y) => (x.store.id < y.store.id ? -1 : 1));
}

/** Each store that has byte-equal brothers, with the one that speaks for them: the primary, else the one compared. */
export function byteHeads(facts: Facts): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const { a, b, byteEqual } of facts.relations) if (byteEqual) first.set(a, b);
  const root = (id: string): string => {
    const seen = new Set<string>();
    let at = id;
    for (let next = first.get(at); next !== undefined && !seen.has(at); next = first.get(at)) {
      seen.add(at);
      at = next;
    }
    return at;
  };
  const anchors = new Map(facts.groups.flatMap(({ primary }) => (primary === null ? [] : [[root(primary), primary]])));
  const members = new Set([...first.keys(), ...first.values()]);
  return new Map([...members].map((id) => [id, anchors.get(root(id)) ?? root(id)]));
}

/** In a pair the weaker store carries the story: lower in the election, then fewer rows. */
function weakestFirst(facts: Facts, rivals: ReadonlyMap<string, Store>): readonly Store[] {
  const scores = new Map(
    facts.groups.flatMap(({ candidates }) => candidates.map(({ store, score }) => [store, score])),
  );
  const rows = (store: Store): number => store.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  const score = (store: Store): number => scores.get(store.id) ?? 0;
  return [...rivals.values()].sort((x, y) => score(x) - score(y) || rows(x) - rows(y) || (x.id < y.id ? 1 : -1));
}

/** The store that the others of the group are measured against. */
function anchorOf(store: Store, facts: Facts, rivals: ReadonlyMap<string, Store>): string | undefined {
  const group = facts.groups.find(({ stores }) => stores.includes(store.id));
  return group?.primary ?? group?.candidates.find((one) => rivals.get(one.store)?.role === 'live')?.store;
}

function standingOf(
  store: Store,
  facts: Facts,
  rivals: ReadonlyMap<string, Store>,
  heads: ReadonlyMap<string, string>,
): Standing | undefined {
  const anchor = anchorOf(store, facts, rivals);
  if (store.id === anchor) return undefined;
  const isPrimary = (id: string): boolean => facts.groups.some(({ primary }) => primary === id);
  const head = heads.get(store.id);
  if (head !== undefined && head !== store.id) {
    const against = rivals.get(head);
    return against === undefined ? undefined : byteCopy(store, against, isPrimary(head));
  }
  const options = facts.relations.flatMap((relation) => {
    if (relation.byteEqual || (relation.a !== store.id && relation.b !== store.id)) return [];
    const seen = seenFrom(store.id, relation);
    const against = rivals.get(heads.get(seen.b) ?? seen.b);
    if (against === undefined || against.role !== 'live' || seen.kind === 'disjoint') return [];
    return isWhole(store, against, seen) ? [measureStanding(store, against, seen, isPrimary(against.id))] : [];
  });
  const common = (one: Standing): number => one.tables.reduce((sum, table) => sum + shared(table), 0);
  // Another generation of one store is no news about what is a later state of another.
  const isGeneration = (one: Standing): boolean => one.kind.endsWith('generation');
  return options.sort(
    (x, y) =>
      Number(isGeneration(x)) - Number(isGeneration(y)) ||
      Number(y.against.id === anchor) - Number(x.against.id === anchor) ||
      common(y) - common(x) ||
      (x.against.id < y.against.id ? -1 : 1),
  )[0];
}

function byteCopy(store: Store, against: Store, primary: boolean): Standing {
  const nothing = { own: 0, conflicting: 0, ownTables: [], missing: 0, uncompared: [], tables: [] };
  return { store, against, primary, kind: 'copy', byteEqual: true, measured: true, ...nothing };
}

const holdsRows =
  (store: Store) =>
  (table: Table): boolean =>
    table.kind === 'table' && (table.rows ?? 1) > 0 && !isLedger(store, table.name);

/**
 * More than half of the smaller store's tables are in both: one shared table does not make two services rivals. A backup is one of
 * something, so any rows that it shares tell of what.
 */
function isWhole(store: Store, against: Store, relation: StoreRelation): boolean {
  if (relation.kind !== 'diverged' && relation.kind !== 'superset') return true;
  if (store.role === 'backup') return relation.tables.some((table) => shared(table) > 0);
  const twins = relation.tables.filter((table) => shared(table) > 0 && !isLedger(store, table.a.table));
  const tables = Math.min(...[store, against].map((one) => one.tables.filter(holdsRows(one)).length));
  return new Set(twins.map((table) => table.a.table)).size * 2 > tables;
}

function measureStanding(store: Store, against: Store, relation: StoreRelation, primary: boolean): Standing {
  const twins = relation.tables.filter((table) => table.relation !== 'unrelated' && !isLedger(store, table.a.table));
  const ownTables = store.tables.filter(holdsRows(store)).flatMap((table) => ownOf(table, twins));
  // A copy is one in both directions; else only what the smaller side holds unseen could be lost.
  const uncompared = [store, ...(relation.kind === 'copy' ? [against] : [])].flatMap(unseen);
  const sum = (of: (one: OwnTable) => number): number => ownTables.reduce((total, one) => total + of(one), 0);
  const own = sum((one) => one.rows);
  const conflicting = sum((one) => one.conflicting);
  const hasOwn = ownTables.length > 0;
  const generation = relation.kind === 'older-generation' || relation.kind === 'newer-generation';
  // Where only the migration ledgers differ, the rows are a subset: `migration-drift` tells the rest.
  const kind = hasOwn || generation || relation.kind === 'copy' ? relation.kind : 'subset';
  return {
    store,
    against,
    primary,
    kind,
    byteEqual: false,
    measured: relation.exact && uncompared.length === 0,
    own,
    conflicting,
    ownTables,
    missing: relation.onlyB,
    uncompared: [...new Set(uncompared)],
    tables: relation.tables,
  };
}

function unseen(store: Store): readonly string[] {
  return store.tables
    .filter(({ kind, rows }) => kind === 'virtual' || (kind === 'table' && rows === null))
    .map(({ name }) => name);
}

/** A table with several twins loses only what none of them has; the best of them counts. */
function ownOf(table: Table, twins: readonly TableComparison[]): readonly OwnTable[] {
  const best = twins.filter((twin) => twin.a.table === table.name).sort((x, y) => shared(y) - shared(x))[0];
  if (best === undefined) {
    return [{ table: table.name, rows: table.rows ?? 0, conflicting: 0, columns: [], alone: true }];
  }
  const filled = (name: string): boolean =>
    table.columns.find((column) => column.name === name)?.profile?.shape !== 'empty';
  const columns = best.columnsOnlyA.filter(filled);
  if (best.onlyA === 0 && best.conflicting === 0 && columns.length === 0) return [];
  return [{ table: table.name, rows: best.onlyA, conflicting: best.conflicting, columns, alone: false }];
}
