/**
 * Merge: rows of other stores come into one. What is put at the target's path is made under the locks, so that rows that come and go between
 * review and application make nothing stale; other tables, other columns or another reader do. Refuses what was not read and what is not said.
 */
import { list } from '../../audit/wording.ts';
import type { MergeResult, MergeSpec } from '../../merge/model.ts';
import { unreadOwner } from '../../merge/propose/virtual-parts.ts';
import type { Column, Store } from '../../stores/model.ts';
import type { Reliance } from '../lock-model.ts';
import type { Measured } from '../measured.ts';
import { type MergeMeant, mergeMeant } from '../merge-intent.ts';
import type { Merge } from '../model.ts';
import { ABSENT_STATE } from './absent.ts';
import { type Compiling, type DraftChange, type Drafted, NOTHING } from './draft.ts';
import { withSidecars } from './members.ts';
import { pendingState } from './pending.ts';
import { bindingDigest } from './repoint.ts';
import { schemaOf } from './store-schema.ts';

export async function compileMerge(action: Merge, on: Compiling): Promise<Drafted> {
  const { subject: target, from } = action;
  if (from.every((path) => on.stateOf(path).kind === 'absent'))
    return { done: `${list([...from])} ${from.length === 1 ? 'is' : 'are'} not there any more` };
  const wrong = compileProblem(action, on) ?? inTheWay(action, on);
  if (wrong !== null) return { blocked: wrong };
  const meant = await mergeMeant(action, on.plan, on);
  if (meant === null) return { blocked: 'nothing here can merge stores' };
  const open = storage(meant, on) ?? unsaid(meant, on);
  if (open !== null) return { blocked: open };
  const tried = await on.merging?.tryOut(meant.asked, meant.spec, meant.ancestors);
  if (tried !== undefined && 'result' in tried && changesNothing(meant.spec, tried.result))
    return { done: `${target} holds every row of ${list([...from])} that comes in` };
  const stores = [target, ...from].flatMap((path) => on.audit.stores.find((one) => one.path === path) ?? []);
  const bytes = stores.reduce((sum, store) => sum + store.bytes, 0);
  const beside = withSidecars(target, on).filter(({ path }) => path !== target);
  const changes: DraftChange[] = [
    { path: target, want: pendingState(action.id, on.stateOf(target), bytes), store: target },
    ...beside.map(({ path }) => ({ path, want: ABSENT_STATE, store: target })),
  ];
  const { asked, spec, ancestors, apart } = meant;
  return {
    draft: {
      ...NOTHING,
      changes,
      relies: reliesOn(meant, stores, on),
      loose: [target],
      left: apart.map(({ store, table, why }) => ({ path: store, why: table === null ? why : `${table}: ${why}` })),
      merge: { target, sources: asked.sources, spec, ancestors, apart },
    },
  };
}

/** It was merged before, and nothing came in since. */
function changesNothing({ tables }: MergeSpec, { parts, unsettled }: MergeResult): boolean {
  const isSame = tables.every((one) => one.madeFrom === null && one.columns.every(({ added }) => !added));
  return isSame && unsettled.length === 0 && parts.every(({ inserted, changed }) => inserted === 0 && changed === 0);
}

/** Stores that cannot take part as they are; `null`: all can. */
export function compileProblem({ subject: target, from }: Merge, on: Measured): string | null {
  const now = on.stateOf(target);
  if (now.kind === 'link') return `${target} is a link: name the store that it leads to`;
  if (now.kind !== 'file' && now.kind !== 'absent') return `${target} is no file`;
  const gone = from.find((path) => on.stateOf(path).kind === 'absent');
  if (gone !== undefined) return `${gone} is not there`;
  const storeOf = (path: string): Store | undefined => on.audit.stores.find((one) => one.path === path);
  const own = storeOf(target);
  if (own === undefined && now.kind !== 'absent') return `${target} is no store`;
  if (own !== undefined && own.kind !== 'sqlite') return `${target} is no SQLite store`;
  const encoding = own?.sqlite?.encoding ?? 'UTF-8';
  if (encoding !== 'UTF-8')
    return `${target} keeps its text in ${encoding}: such a store can be a source, not a target`;
  for (const path of [target, ...from]) {
    const store = storeOf(path);
    if (path !== target && store === undefined) return `${path} is no store`;
    if (store?.status === 'not-verified')
      return `${path} is not verified (${store.reason?.message ?? 'it could not be read'})`;
    if (store?.foreign !== undefined) return `${path} belongs to ${store.foreign.program}`;
  }
  return null;
}

/** Other merges of the phase: each works on stores as they were before it. */
function inTheWay({ subject: target, from, id }: Merge, on: Compiling): string | null {
  for (const [other, { merge }] of on.earlier) {
    if (merge === undefined || other === id) continue;
    if (merge.target === target)
      return `${other} merges into ${target} already: put the sources together, or in another phase`;
    if (from.includes(merge.target)) return `${merge.target} is changed by ${other}: put this merge in a later phase`;
    if (merge.sources.includes(target)) return `${target} is merged into ${merge.target} by ${other}`;
  }
  return null;
}

/** A table that a person named and that only a missing module understands (trap R20). */
function storage({ spec, asked }: MergeMeant, { audit }: Compiling): string | null {
  for (const path of [asked.target, ...asked.sources]) {
    const store = audit.stores.find((one) => one.path === path);
    for (const { table } of store === undefined ? [] : spec.tables) {
      const owner = unreadOwner(store as Store, table);
      if (owner !== null) return `${table} may be what ${owner} of ${path} is kept in, whose module is not here`;
    }
  }
  return null;
}

/** What nobody said and no answer says; what was said of columns that are not there. */
function unsaid({ tables, spec, asked }: MergeMeant, on: Measured): string | null {
  if (spec.tables.length === 0) return 'no table of its sources comes in: name them in `tables:`';
  for (const { table, columns, identity, references, parts } of spec.tables) {
    const said = tables.find((one) => one.table.toLowerCase() === table.toLowerCase());
    const has = (name: string): boolean => columns.some((one) => one.name.toLowerCase() === name.toLowerCase());
    const named = [
      ...(identity.kind === 'key' ? identity.columns : []),
      ...(said?.newest == null ? [] : [said.newest]),
      ...Object.keys(said?.differ ?? {}),
      ...Object.keys(said?.fill ?? {}),
      ...references.flatMap((one) => [...one.columns, ...(one.typeColumn === undefined ? [] : [one.typeColumn])]),
    ];
    const strange = named.find((name) => !has(name));
    if (strange !== undefined) return `${table} has no column ${strange}`;
    const unsettled = Object.entries(said?.differ ?? {}).find(([, policy]) => policy === 'ask');
    if (unsettled !== undefined) return `which value of ${table}.${unsettled[0]} wins is not said`;
    const unfilled = Object.entries(said?.fill ?? {}).find(([, value]) => value === null);
    if (unfilled !== undefined) return `what ${table}.${unfilled[0]} gets is not said`;
    if (said?.deleted === 'ask') return `what becomes of deleted rows of ${table} is not said`;
    const lacking =
      identity.kind === 'key'
        ? parts.find((part) => identity.columns.some((one) => part.columns[one] === undefined))
        : undefined;
    if (lacking !== undefined)
      return `${lacking.table} of ${asked.sources[lacking.source]} has nothing for the identity of ${table}`;
  }
  const wrong = notLookedUp(
    spec,
    on.audit.stores.find(({ path }) => path === asked.target),
  );
  if (wrong !== null) return wrong;
  const missing = tables.find(
    ({ table }) => !spec.tables.some((one) => one.table.toLowerCase() === table.toLowerCase()),
  );
  return missing === undefined || missing.apart.length > 0 ? null : `no source has a table ${missing.table}`;
}

/** Names that cannot become keys. A key that may be missing would be, in silence, where a name has no row. */
function notLookedUp({ tables }: MergeSpec, target: Store | undefined): string | null {
  const columnsOf = (table: string): readonly Column[] =>
    target?.tables.find(({ name, kind }) => kind === 'table' && name.toLowerCase() === table.toLowerCase())?.columns ??
    [];
  const find = (table: string, name: string): Column | undefined =>
    columnsOf(table).find((column) => column.name.toLowerCase() === name.toLowerCase());
  for (const { table: into, parts } of tables)
    for (const { columns, lookups = [] } of parts)
      for (const { from, as, table, by, gives } of lookups) {
        if (find(table, by) === undefined || find(table, gives) === undefined)
          return `${from} cannot come in as ${as}: the target has no table ${table} with ${by} and a key of one column`;
        const [to = ''] = Object.entries(columns).find(([, one]) => 'from' in one && one.from === as) ?? [];
        if (find(into, to)?.notNull !== true)
          return `${from} cannot come in as ${as}: ${into}.${to} may be empty, so that a name without a row would be lost`;
      }
  return null;
}

function reliesOn({ ancestors }: MergeMeant, stores: readonly Store[], on: Compiling): readonly Reliance[] {
  const states = ancestors.flatMap((one): Reliance[] => {
    if (one === null || one.commit !== null) return [];
    const state = on.stateOf(one.path);
    return state.kind === 'file' ? [{ on: 'bytes', path: one.path, sha256: state.sha256 }] : [];
  });
  const earlier = new Map(states.map((one) => [String(one.path), one]));
  return [
    ...stores.map(schemaOf),
    ...stores.map(({ path }): Reliance => ({ on: 'binding', path, digest: bindingDigest(path, on) })),
    ...earlier.values(),
  ];
}
