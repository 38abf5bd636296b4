/**
 * Which stores of a project could become one, and what would come of it: groups of stores in use that hold one body of data, and exports with
 * rows that no table has (trap X1). Measured before planners are asked, who open nothing.
 */
import { exportMatches } from '../audit/export-matches.ts';
import type { Facts, StoreGroup } from '../audit/model.ts';
import { standings } from '../audit/standing.ts';
import { count, list } from '../audit/wording.ts';
import { DesprawlError } from '../errors.ts';
import { align, requiredColumns } from '../merge/propose/align.ts';
import { likelyColumns } from '../merge/propose/likely-columns.ts';
import { type MeasuredMerge, measuredProposal } from '../merge/propose/measured.ts';
import { unknownNames } from '../merge/propose/named-rows.ts';
import { targetOf } from '../merge/propose/target.ts';
import type { Store } from '../stores/model.ts';
import { matching } from './compile/members.ts';
import { type Follower, followersOf } from './followers.ts';
import type { Measured } from './measured.ts';
import { askedBy } from './merge-intent.ts';
import type { Left } from './model.ts';
import { sameForm } from './same-form.ts';

export interface MergesFound {
  readonly merges: readonly MeasuredMerge[];
  /** Stores that stay apart and hold ids of their rows. */
  readonly followers: readonly Follower[];
  /** What could be merged and is not proposed, with the reason. */
  readonly left: readonly Left[];
}

export interface MergeWishes {
  readonly target: string | undefined;
  readonly keep: readonly string[];
}

export async function mergeProposals(on: Measured, { target, keep }: MergeWishes): Promise<MergesFound> {
  const { merging, audit } = on;
  if (merging === undefined) return { merges: [], followers: [], left: [] };
  const left: Left[] = [];
  const wanted = new Map<string, string[]>();
  for (const group of audit.groups) {
    const members = sourcesOf(group, audit).filter((path) => matching(path, keep).length === 0);
    const chosen = targetOf(group, target, audit);
    const sources = members.filter((path) => path !== chosen && isSource(path, chosen, audit));
    if (sources.length === 0) continue;
    if (chosen === null) {
      // Said of each, since each is looked for by somebody.
      for (const path of sources.length > 1 ? sources : []) {
        const others = sources.filter((other) => other !== path);
        left.push({
          path,
          why: `could be one store with ${list(others)}; nothing tells which is the store of truth: desprawl plan --target PATH`,
        });
      }
    } else wanted.set(chosen, sources);
  }
  if (target !== undefined && !wanted.has(target) && !audit.groups.some((group) => isIn(group, target, audit))) {
    const found = sameForm(target, audit).filter((path) => matching(path, keep).length === 0);
    if (found.length > 0) wanted.set(target, [...found]);
    else left.push({ path: target, why: 'is to be the target, and no other store in use keeps rows of its form' });
  }
  for (const { path, into, why } of orphans(audit, keep)) {
    if (why === null) wanted.set(into, [...(wanted.get(into) ?? []), path]);
    else left.push({ path, why });
  }
  const merges: MeasuredMerge[] = [];
  for (const [into, sources] of [...wanted].sort(([x], [y]) => (x < y ? -1 : 1))) {
    try {
      const found = await measuredProposal(merging, askedBy(into, sources, on));
      if (found !== null) merges.push(found);
    } catch (error) {
      // A store that changes all the time is no reason to have no plan.
      if (!(error instanceof DesprawlError) || error.code !== 'DSP-STORE-UNREADABLE') throw error;
      left.push(...sources.map((path) => ({ path, why: `was not merged into ${into}: ${error.message}` })));
    }
  }
  const behind = await followersOf(on, merges, keep);
  return { merges, followers: behind.followers, left: [...left, ...behind.left] };
}

function isIn({ stores: ids }: StoreGroup, path: string, { stores }: Facts): boolean {
  return stores.some((one) => one.path === path && ids.includes(one.id));
}

/** Members that people work with, and copies of them that went on by themselves. */
function sourcesOf({ stores: ids }: StoreGroup, { stores }: Facts): readonly string[] {
  return stores
    .filter(({ id, kind, status, role, foreign }) => {
      const isOne = ids.includes(id) && kind === 'sqlite' && status === 'verified' && foreign === undefined;
      return isOne && (role === 'live' || role === 'backup');
    })
    .map(({ path }) => path)
    .sort();
}

/** Not what holds nothing of its own: that is removed or archived by itself. */
function isSource(path: string, target: string | null, audit: Facts): boolean {
  const store = audit.stores.find((one) => one.path === path);
  const own = audit.stores.find((one) => one.path === target);
  const standing = standings(audit).find((one) => one.store.path === path);
  const isRepeated = standing?.measured === true && (standing.kind === 'copy' || standing.kind === 'subset');
  if (store === undefined || (isRepeated && standing.conflicting === 0)) return false;
  if (store.role === 'live') return true;
  // A backup holds what was; a "copy" that was written after the store was is a store of its own (trap S7).
  const isEarlier = audit.ancestors.some(({ from }) => from === store.id);
  const isGeneration = standing?.kind.endsWith('generation') ?? true;
  return !isEarlier && !isGeneration && (standing?.own ?? 0) > 0 && own !== undefined && store.modified > own.modified;
}

interface Orphan {
  readonly path: string;
  readonly into: string;
  /** `null`: it can come in. */
  readonly why: string | null;
}

/** Exports of which a table of a store lacks rows: into that table, if it has a place for them. */
function orphans(
  audit: Facts & { readonly findings: readonly { code: string; at: readonly { path: string }[] }[] },
  keep: readonly string[],
): readonly Orphan[] {
  const told = new Set(
    audit.findings.flatMap(({ code, at }) => (code === 'orphan-export' ? at.map(({ path }) => path) : [])),
  );
  return exportMatches(audit).flatMap(({ store, tables }): readonly Orphan[] => {
    if (!told.has(store.path) || matching(store.path, keep).length > 0) return [];
    return tables.flatMap(({ table, best, source, sourceTable }): readonly Orphan[] => {
      if (best === undefined || source === undefined || sourceTable === undefined || best.onlyA === 0) return [];
      const aligned = align(sourceTable, table, true, likelyColumns(sourceTable, table, source.tables));
      const lacking = requiredColumns(sourceTable, aligned).map(({ name }) => name);
      const more = aligned.onlySource.map(({ name }) => name);
      const rows = count(best.onlyA, 'row');
      const has = more.length === 0 ? '' : `, and has ${more.join(', ')}`;
      const unknown = unknownNames(sourceTable, table, source.tables)
        .map(({ from, table: parent, by, none }) => {
          const what = none ? `no value of ${from} is` : `most values of ${from} are not`;
          return `; ${what} in ${parent}.${by}, which could tell the keys: add those rows to ${parent}, then plan again`;
        })
        .join('');
      const why =
        lacking.length === 0
          ? refusedSource(source)
          : `${rows} that ${sourceTable.name} of ${source.path} lacks; it has no ${lacking.join(', ')}, which is required there${has}${unknown}`;
      return [{ path: store.path, into: source.path, why }];
    });
  });
}

function refusedSource({ role, path }: Store): string | null {
  return role === 'live' ? null : `holds rows like those of ${path}, which is no store in use`;
}
