/**
 * Stores that stay apart and hold ids of rows that a merge gives other ones (trap R19): which columns, and whose ids they may be. Measured before
 * planners are asked; where nothing that a store holds would change, nobody is asked.
 */
import { DesprawlError } from '../errors.ts';
import type { FollowedColumn } from '../merge/follow/words.ts';
import { ASK, writeFollowed } from '../merge/follow/words.ts';
import type { MergeSpec } from '../merge/model.ts';
import type { MeasuredMerge } from '../merge/propose/measured.ts';
import type { Link } from '../rows/links.ts';
import { matching } from './compile/members.ts';
import type { FollowPort } from './follow-port.ts';
import type { Measured } from './measured.ts';
import type { Left } from './model.ts';

export interface Follower {
  /** Of the merge. */
  readonly target: string;
  readonly store: string;
  readonly columns: readonly HeldIds[];
}

export interface HeldIds {
  /** As a plan says it, with whose they are left open. */
  readonly text: string;
  readonly table: string;
  readonly column: string;
  /** Of the target. */
  readonly to: string;
  /** Values that refer to something. */
  readonly rows: number;
  /** In the order of their paths; the target may be one of them. */
  readonly owners: readonly {
    readonly path: string;
    /** Values that are ids there. */
    readonly found: number;
    /** Rows that get another id, if they are its; 0 of the target. */
    readonly changed: number;
    /** Why they cannot; `null`: they can. */
    readonly cannot: string | null;
  }[];
}

export async function followersOf(
  on: Measured,
  merges: readonly MeasuredMerge[],
  keep: readonly string[],
): Promise<{ readonly followers: readonly Follower[]; readonly left: readonly Left[] }> {
  const { following } = on;
  if (following === undefined) return { followers: [], left: [] };
  const left: Left[] = [];
  const taking = new Set(merges.flatMap(({ proposal: { target, sources } }) => [target, ...sources]));
  const found: Follower[] = [];
  for (const merge of merges) {
    const { target, sources, result } = merge.proposal;
    if (result === null || !result.parts.some(({ renumbered }) => renumbered > 0)) continue;
    for (const { path, kind, status, role, foreign } of on.audit.stores) {
      const isApart = kind === 'sqlite' && status === 'verified' && role === 'live' && foreign === undefined;
      if (!isApart || taking.has(path) || matching(path, keep).length > 0) continue;
      const stores = [target, ...sources];
      try {
        const links = await following.linksOf(path, stores);
        const columns = await heldIn(path, merge, links, stores, following);
        if (columns.length > 0) found.push({ target, store: path, columns });
      } catch (error) {
        // A store that changes all the time is no reason to have no plan.
        if (!(error instanceof DesprawlError) || error.code !== 'DSP-STORE-UNREADABLE') throw error;
        left.push({ path, why: `may hold ids of rows that get other ones in ${target}: ${error.message}` });
      }
    }
  }
  return { followers: found, left };
}

/** Where a link leads in the target; `null`: its rows keep their keys, or do not come in. */
function leadsTo(
  link: Link,
  store: string,
  { target, spec }: { readonly target: string; readonly spec: MergeSpec },
): { readonly table: string; readonly key: string } | null {
  for (const { table, surrogate, parts } of spec.tables) {
    if (surrogate === null) continue;
    const isOwn = store === target && table === link.to && surrogate === link.toColumn;
    const comesIn = parts.some((part) => {
      const from = part.columns[surrogate];
      const isSource = spec.sources[part.source]?.path === store && part.table === link.to;
      return isSource && from !== undefined && 'from' in from && from.from === link.toColumn;
    });
    if (isOwn || comesIn) return { table, key: surrogate };
  }
  return null;
}

interface Candidate {
  readonly path: string;
  readonly link: Link;
  readonly column: FollowedColumn;
}

async function heldIn(
  store: string,
  { proposal: { target, spec, ancestors } }: MeasuredMerge,
  links: readonly Link[],
  stores: readonly string[],
  following: FollowPort,
): Promise<readonly HeldIds[]> {
  const candidates = links.flatMap((link): Candidate[] => {
    const path = stores[link.other ?? -1];
    const to = path === undefined ? null : leadsTo(link, path, { target, spec });
    if (path === undefined || to === null) return [];
    const typed = link.typeColumn === undefined ? {} : { typeColumn: link.typeColumn };
    const values = link.typeValues === undefined ? {} : { typeValues: link.typeValues };
    const reference = {
      kind: link.kind,
      columns: [link.column],
      to: to.table,
      toColumns: [to.key],
      ...typed,
      ...values,
    };
    return [{ path, link, column: { table: link.table, reference, of: path } }];
  });
  const tried = new Map<Candidate, Pick<HeldIds['owners'][number], 'changed' | 'cannot'>>();
  for (const one of candidates.filter(({ path }) => path !== target)) {
    const asked = { merge: { target, spec, ancestors }, of: '', store, columns: [one.column] };
    const found = await following.tryOut(asked);
    const changed = 'why' in found ? 0 : found.columns.reduce((sum, { rows }) => sum + rows, 0);
    tried.set(one, { changed, cannot: 'why' in found ? found.why : null });
  }
  const byColumn = new Map<string, Candidate[]>();
  for (const one of candidates) {
    const key = writeFollowed({ ...one.column, of: ASK });
    byColumn.set(key, [...(byColumn.get(key) ?? []), one]);
  }
  return [...byColumn].flatMap(([text, all]): HeldIds[] => {
    const moves = (one: Candidate): boolean => (tried.get(one)?.changed ?? 0) > 0 || tried.get(one)?.cannot != null;
    if (!all.some(moves)) return [];
    const [first] = all as [Candidate, ...Candidate[]];
    return [
      {
        text,
        table: first.link.table,
        column: first.link.column,
        to: first.column.reference.to,
        rows: Math.max(...all.map(({ link }) => link.rows)),
        owners: all
          .map((one) => ({
            path: one.path,
            found: Math.round(one.link.rows * one.link.contained),
            ...(tried.get(one) ?? { changed: 0, cannot: null }),
          }))
          .sort((x, y) => (x.path < y.path ? -1 : 1)),
      },
    ];
  });
}
