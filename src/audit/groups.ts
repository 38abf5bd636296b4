/**
 * Gathers stores that are copies, generations or rivals of one body of data, and elects the one that looks like the
 * source of truth. The election weighs evidence and says it; where it is close, nobody is elected.
 */
import type { Binding } from '../bindings/model.ts';
import type { Store } from '../stores/model.ts';
import { codeUse } from './code-use.ts';
import type { StoreGroup, StoreRelation } from './model.ts';
import { list } from './wording.ts';

/** The winner leads by at least this much, or there is none. */
const LEAD = 2;

/** `declared`: paths that the owner's configuration calls primary. `bindings`: which code opens which store. */
export function groupStores(
  stores: readonly Store[],
  relations: readonly StoreRelation[],
  declared: readonly string[],
  bindings: readonly Binding[] = [],
): readonly StoreGroup[] {
  const byId = new Map(stores.map((store) => [store.id, store]));
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    const up = parent.get(id) ?? id;
    return up === id ? id : root(up);
  };
  for (const relation of relations) {
    const sides = [byId.get(relation.a), byId.get(relation.b)];
    if (relation.kind === 'disjoint' || !sides.every((store) => store?.kind === 'sqlite' && store.role !== 'fixture'))
      continue;
    parent.set(root(relation.a), root(relation.b));
    parent.set(relation.a, parent.get(relation.a) ?? relation.a);
  }
  const members = new Map<string, Store[]>();
  for (const store of stores) {
    if (!relations.some(({ a, b }) => a === store.id || b === store.id)) continue;
    const key = root(store.id);
    members.set(key, [...(members.get(key) ?? []), store]);
  }
  return [...members.values()]
    .filter((group) => group.length > 1)
    .map((group) => elect(group, relations, declared, bindings))
    .sort((x, y) => (x.id < y.id ? -1 : 1));
}

function elect(
  group: readonly Store[],
  relations: readonly StoreRelation[],
  declared: readonly string[],
  bindings: readonly Binding[],
): StoreGroup {
  const ids = group.map(({ id }) => id).sort();
  const candidates = group
    .map((store) => ({ store: store.id, ...weigh(store, group, relations, declared, bindings) }))
    .sort((x, y) => y.score - x.score || (x.store < y.store ? -1 : 1));
  const [first, second] = candidates;
  const clear = first !== undefined && (second === undefined || first.score - second.score >= LEAD);
  return { id: ids[0] ?? '', stores: ids, primary: clear && first.score > 0 ? first.store : null, candidates };
}

function weigh(
  store: Store,
  group: readonly Store[],
  relations: readonly StoreRelation[],
  declared: readonly string[],
  bindings: readonly Binding[],
): { readonly score: number; readonly reasons: readonly string[] } {
  const reasons: string[] = [];
  let score = 0;
  const add = (points: number, reason: string): void => {
    score += points;
    reasons.push(reason);
  };
  if (declared.includes(store.path)) add(100, 'named primary in desprawl.yaml');
  if (store.role !== 'live') add(-6, store.roleReason ?? `kept as ${store.role}`);
  // A copy of the store is not a rival: whatever speaks for one speaks for the other.
  const copies = new Set(
    relations.flatMap(({ a, b, kind }) => (kind !== 'copy' ? [] : a === store.id ? [b] : b === store.id ? [a] : [])),
  );
  const rivals = group.filter((other) => other !== store && other.role === 'live' && !copies.has(other.id));
  const newest = (other: Store): string => other.freshness?.at ?? '';
  if (newest(store) !== '' && rivals.every((other) => newest(other) < newest(store))) {
    add(2, `newest row: ${store.freshness?.at.slice(0, 10)} (${store.freshness?.table}.${store.freshness?.column})`);
  }
  const contained = group.filter((other) => other !== store && isContained(other.id, store.id, relations));
  if (contained.length > 0)
    add(Math.min(3, contained.length + 1), `holds every row of ${contained.map(({ id }) => id).join(', ')}`);
  const rows = (other: Store): number => other.tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  if (rivals.length > 0 && rivals.every((other) => rows(other) < rows(store))) add(1, `most rows: ${rows(store)}`);
  const level = (other: Store): number => other.migrations.reduce((sum, ledger) => sum + ledger.entries, 0);
  if (rivals.length > 0 && rivals.every((other) => level(other) < level(store)))
    add(2, `schema furthest on: ${level(store)} migrations applied`);
  const tables = (other: Store): number => other.tables.filter(({ kind }) => kind === 'table').length;
  if (rivals.length > 0 && rivals.every((other) => tables(other) < tables(store)))
    add(1, `most tables: ${tables(store)}`);
  const use = codeUse(store.id, bindings);
  if (use.writers.length > 0) add(2, `application code writes it: ${placesOf(use.writers)}`);
  else if (use.users.length > 0) add(1, `application code opens it: ${placesOf(use.users)}`);
  else {
    const opened = rivals.filter((other) => codeUse(other.id, bindings).users.length > 0);
    if (opened.length > 0)
      add(
        -1,
        `no line that was understood opens it, while ${list(opened.map(({ id }) => id))} ${opened.length === 1 ? 'is' : 'are'} opened`,
      );
  }
  if (store.sqlite !== undefined && store.sqlite.integrity === 'damaged') add(-3, 'the integrity check found damage');
  return { score, reasons };
}

function placesOf(bindings: readonly Binding[]): string {
  return list([...new Set(bindings.map(({ path, line }) => `${path}:${line}`))], 3);
}

function isContained(inner: string, outer: string, relations: readonly StoreRelation[]): boolean {
  return relations.some(
    ({ a, b, kind }) =>
      (a === inner && b === outer && kind === 'subset') || (a === outer && b === inner && kind === 'superset'),
  );
}
