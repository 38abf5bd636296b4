/**
 * Which tables of the sources come into which table of the target, and which stay apart and why: other things of the same name (trap R5),
 * stores of other programs (S12), what could not be read (S14), migration ledgers, which follow the target (S17, C12); one that the target lacks
 * comes along, since the code that is pointed to the target goes on asking it.
 */
import type { TableComparison } from '../../audit/model.ts';
import { seenFrom, shared } from '../../audit/orient.ts';
import { isLedger } from '../../audit/standing.ts';
import { kinship } from '../../rows/related.ts';
import type { Store, Table } from '../../stores/model.ts';
import type { Apart, MergeAsked, MergeFacts } from './model.ts';
import { unreadOwner } from './virtual-parts.ts';

/** A table of a source that comes in. */
export interface Incoming {
  readonly store: Store;
  readonly table: Table;
  /** Name of the table in the target, there already or made of the first source that has it. */
  readonly into: string;
  /** Seen from the target (`a`), or from the source that makes the table; `null`: they were not compared. */
  readonly compared: TableComparison | null;
}

export interface Divided {
  readonly target: Store | null;
  /** Those of which something comes in, sorted by path. */
  readonly sources: readonly Store[];
  readonly incoming: readonly Incoming[];
  readonly apart: readonly Apart[];
}

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
export const isText = ({ kind }: Store): boolean => kind !== 'sqlite';

export function divide(asked: MergeAsked, facts: MergeFacts): Divided {
  const target = facts.stores.find(({ path }) => path === asked.target) ?? null;
  const incoming: Incoming[] = [];
  const apart: Apart[] = [];
  const taken = new Set<string>();
  const ledgers = ledgersAlong(asked, target, facts);
  for (const path of [...new Set(asked.sources)].sort()) {
    const store = facts.stores.find((one) => one.path === path);
    const why = notAtAll(store, path, asked);
    if (why !== null || store === undefined) {
      apart.push({ store: path, table: null, why: why ?? 'there is no such store', keeps: true });
      continue;
    }
    for (const table of store.tables) {
      const along = ledgers.get(table.name.toLowerCase());
      const found = isLedger(store, table.name)
        ? placeOfLedger(table, store, target, along)
        : placeOf(table, store, target, incoming, facts);
      if (found === null) continue;
      if ('why' in found) {
        apart.push({ store: path, table: table.name, ...found });
        continue;
      }
      // Two tables of one store would give one table two rows for each of its own: the one that shares more comes in.
      const key = `${path}\n${found.into.toLowerCase()}`;
      if (taken.has(key)) {
        const why = `another table of ${path} comes into ${found.into}`;
        apart.push({ store: path, table: table.name, why, keeps: (table.rows ?? 1) > 0 });
        continue;
      }
      taken.add(key);
      incoming.push({ store, table, ...found });
    }
  }
  const settled = withoutOrphans(incoming, apart, target);
  const paths = new Set(settled.incoming.map(({ store }) => store.path));
  const sources = facts.stores.filter(({ path }) => paths.has(path)).sort((x, y) => (x.path < y.path ? -1 : 1));
  return { target, sources, ...settled };
}

function notAtAll(store: Store | undefined, path: string, { foreign, target }: MergeAsked): string | null {
  if (path === target) return 'it is the target';
  if (store === undefined) return null;
  if (store.foreign !== undefined) return `belongs to ${store.foreign.program}`;
  if (foreign.includes(path)) return 'is declared foreign in desprawl.yaml';
  if (store.status === 'not-verified') return `not verified (${store.reason?.message ?? 'it could not be read'})`;
  return null;
}

type Place = Pick<Incoming, 'into' | 'compared'> | Pick<Apart, 'why' | 'keeps'>;

/** `null`: there is nothing to say of it. */
function placeOf(
  table: Table,
  store: Store,
  target: Store | null,
  earlier: readonly Incoming[],
  facts: MergeFacts,
): Place | null {
  const hasRows = (table.rows ?? 1) > 0;
  if (table.kind === 'shadow') return null;
  if (table.kind === 'view') return { why: 'a view, which holds no rows', keeps: false };
  if (table.kind === 'virtual' && table.note !== undefined)
    return { why: `not verified (${table.note})`, keeps: hasRows };
  if (table.kind === 'virtual') return { why: 'a virtual table, whose rows are made of others', keeps: hasRows };
  const owner = unreadOwner(store, table.name) ?? (target === null ? null : unreadOwner(target, table.name));
  if (owner !== null)
    return { why: `not verified (it may be what ${owner} is kept in, whose module is not here)`, keeps: hasRows };
  if (table.rows === null) return { why: `not verified (${table.note ?? 'it could not be read'})`, keeps: true };
  if (target !== null) {
    const compared = comparisons(target, store, facts).filter(({ b }) => b.table === table.name);
    const namesake = target.tables.find((one) => sameName(one.name, table.name));
    const own = compared.find(({ a }) => sameName(a.table, table.name));
    if (namesake !== undefined) {
      const isOther =
        namesake.kind !== 'table' ||
        isLedger(target, namesake.name) ||
        own?.relation === 'unrelated' ||
        (own === undefined && hasRows && kinship(namesake, table, isText(store)) !== 'same-kind');
      if (!isOther) return { into: namesake.name, compared: own ?? null };
      return { why: `holds other things than ${namesake.name} of ${target.path}`, keeps: hasRows };
    }
    const twin = compared
      .filter((one) => one.relation !== 'unrelated' && shared(one) > 0)
      .sort((x, y) => shared(y) - shared(x))[0];
    if (twin !== undefined) return { into: twin.a.table, compared: twin };
  }
  const maker = earlier.find(({ into }) => sameName(into, table.name));
  if (maker === undefined) return { into: table.name, compared: null };
  const compared = comparisons(maker.store, store, facts).find(
    ({ a, b }) => a.table === maker.table.name && b.table === table.name,
  );
  const textual = isText(store) || isText(maker.store);
  const isOther =
    compared?.relation === 'unrelated' ||
    (compared === undefined && hasRows && kinship(maker.table, table, textual) !== 'same-kind');
  if (!isOther) return { into: maker.into, compared: compared ?? null };
  return { why: `holds other things than ${maker.table.name} of ${maker.store.path}`, keeps: hasRows };
}

function placeOfLedger(table: Table, store: Store, target: Store | null, along: Store | undefined): Place {
  if (along?.id === store.id) return { into: table.name, compared: null };
  if (along !== undefined) return { why: `a migration ledger: that of ${along.path} goes further`, keeps: false };
  const isThere = target?.tables.some(({ name }) => sameName(name, table.name)) ?? false;
  const why = isThere ? 'the target goes by its own' : 'nothing tells which store goes furthest';
  return { why: `a migration ledger: ${why}`, keeps: false };
}

/**
 * By name: whose ledger the target gets where it has none. The one whose tables have every column that those of the others have, since the
 * merged tables have them all.
 */
function ledgersAlong(
  { sources, target: path, foreign }: MergeAsked,
  target: Store | null,
  { stores }: MergeFacts,
): ReadonlyMap<string, Store> {
  if (target === null) return new Map();
  const asked = { target: path, sources, foreign };
  const found = stores.filter((one) => sources.includes(one.path) && notAtAll(one, one.path, asked) === null);
  const names = new Set(found.flatMap((one) => one.migrations.flatMap(({ table }) => table.toLowerCase())));
  return new Map(
    [...names].flatMap((name): [string, Store][] => {
      if (target.tables.some((one) => sameName(one.name, name))) return [];
      const having = found.filter((one) => one.migrations.some(({ table }) => sameName(table, name)));
      const furthest = having.find((one) => having.every((other) => hasColumnsOf(one, other)));
      return furthest === undefined ? [] : [[name, furthest]];
    }),
  );
}

function hasColumnsOf(one: Store, other: Store): boolean {
  const columnsOf = ({ tables }: Store): readonly string[] =>
    tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`.toLowerCase()));
  const own = new Set(columnsOf(one));
  return columnsOf(other).every((column) => own.has(column));
}

/** Seen from `a`. */
export function comparisons(a: Store, b: Store, { relations }: MergeFacts): readonly TableComparison[] {
  const found = relations.find((one) => [one.a, one.b].includes(a.id) && [one.a, one.b].includes(b.id));
  return found === undefined ? [] : seenFrom(a.id, found).tables;
}

/** Rows whose parents stay apart would refer to whoever has their numbers in the target. */
function withoutOrphans(
  all: readonly Incoming[],
  apart: readonly Apart[],
  target: Store | null,
): Pick<Divided, 'incoming' | 'apart'> {
  let incoming = all;
  const more = [...apart];
  for (;;) {
    const orphan = incoming.find(({ store, table }) => {
      const parent = parentApart(table, store, incoming);
      return parent !== undefined && (table.rows ?? 0) > 0 && target !== null;
    });
    if (orphan === undefined) return { incoming, apart: more };
    incoming = incoming.filter((one) => one !== orphan);
    const { store, table } = orphan;
    const parent = parentApart(table, store, incoming);
    more.push({ store: store.path, table: table.name, why: `refers to ${parent}, which stays apart`, keeps: true });
  }
}

function parentApart(table: Table, store: Store, incoming: readonly Incoming[]): string | undefined {
  return table.foreignKeys.find(
    ({ table: parent }) =>
      !sameName(parent, table.name) &&
      store.tables.some(({ name, rows }) => sameName(name, parent) && (rows ?? 1) > 0) &&
      !incoming.some((one) => one.store.id === store.id && sameName(one.table.name, parent)),
  )?.table;
}
