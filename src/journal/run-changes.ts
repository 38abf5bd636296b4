/**
 * What a run does to a project, path by path, measured from its steps: a file that is moved and then edited is one change. Dry run, run
 * and verification tell the same numbers, since they ask the same steps. Pure.
 */

import type { RunChange, Totals } from '../apply/model.ts';
import type { PathState } from '../disk/path-state.ts';
import { same } from '../disk/path-state.ts';
import { keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';

/** The states that a path goes through: the first and the last. */
export interface Chain {
  readonly path: RecordedPath;
  readonly first: PathState;
  readonly last: PathState;
  /** The last action. */
  readonly action: string;
  /** The path whose file lies here in the end. */
  readonly origin: RecordedPath | null;
}

export interface Chains {
  /** By key of the path. */
  readonly paths: ReadonlyMap<string, Chain>;
  readonly steps: number;
  /** Entries of git's index that change. */
  readonly entries: number;
}

export function chainsOf(steps: Iterable<PlannedStep>): Chains {
  const paths = new Map<string, Chain>();
  let count = 0;
  let entries = 0;
  for (const step of steps) {
    count++;
    if (step.op === 'git-index') entries += step.entries.length;
    const from = step.op === 'rename' ? (paths.get(keyOf(step.path))?.origin ?? step.path) : null;
    for (const { path, before, after } of transitionsOf(step)) {
      const key = keyOf(path);
      const known = paths.get(key);
      const kept = known === undefined ? (before.kind === 'absent' ? null : path) : known.origin;
      const origin = after.kind === 'absent' ? null : before.kind === 'absent' ? from : kept;
      paths.set(key, { path, first: known?.first ?? before, last: after, action: step.action, origin });
    }
  }
  return { paths, steps: count, entries };
}

/** Sorted by path. */
export function changesOf({ paths }: Pick<Chains, 'paths'>): readonly RunChange[] {
  const taken = new Set<string>();
  for (const { path, origin } of paths.values()) {
    if (origin !== null && keyOf(origin) !== keyOf(path)) taken.add(keyOf(origin));
  }
  const changes: RunChange[] = [];
  for (const [key, chain] of paths) {
    const is = whatIs(key, chain, taken);
    if (is === null) continue;
    const { path, first, last, action, origin } = chain;
    const was = is === 'moved' && origin !== null ? (paths.get(keyOf(origin))?.first ?? first) : first;
    const kind = last.kind === 'absent' ? first.kind : last.kind;
    changes.push({
      path: shownPath(path),
      is,
      kind: kind === 'folder' || kind === 'link' ? kind : 'file',
      ...(is === 'moved' && origin !== null ? { from: shownPath(origin) } : {}),
      before: lengthOf(was),
      after: lengthOf(last),
      action,
    });
  }
  return changes.sort((x, y) => (x.path < y.path ? -1 : 1));
}

function whatIs(key: string, { first, last, origin }: Chain, taken: ReadonlySet<string>): RunChange['is'] | null {
  if (origin !== null && keyOf(origin) !== key && last.kind !== 'absent') return 'moved';
  if (last.kind === 'absent') return first.kind === 'absent' || taken.has(key) ? null : 'removed';
  // What lay here is elsewhere now: what lies here is another one.
  if (first.kind === 'absent' || taken.has(key)) return 'made';
  if (same(first, last)) return null;
  const content = first.kind === 'file' && last.kind === 'file' && first.sha256 === last.sha256;
  return content ? 'mode' : 'changed';
}

/** `archived`: paths that are kept in the vault forever; `all`: the changes, by who has them already. */
export function totalsOf(
  chains: Chains,
  archived: ReadonlySet<string> = new Set(),
  all: readonly RunChange[] = changesOf(chains),
): Totals {
  const changes = all.filter(({ kind }) => kind !== 'folder');
  const count = (...is: readonly RunChange['is'][]): number => changes.filter((one) => is.includes(one.is)).length;
  let written = 0;
  let freed = 0;
  let kept = 0;
  const had = new Set([...chains.paths.values()].map(({ first }) => (first.kind === 'file' ? first.sha256 : '')));
  for (const { path, first, last } of chains.paths.values()) {
    freed += (lengthOf(first) ?? 0) - (lengthOf(last) ?? 0);
    if (last.kind === 'file' && !had.has(last.sha256)) written += last.bytes;
    if (last.kind === 'absent' && archived.has(keyOf(path))) kept += lengthOf(first) ?? 0;
  }
  return {
    steps: chains.steps,
    files: {
      made: count('made'),
      changed: count('changed', 'mode'),
      moved: count('moved'),
      removed: count('removed'),
      entries: chains.entries,
    },
    bytes: { written, freed, archived: kept },
  };
}

/** Old path → new path of every file that lies elsewhere in the end. */
export function movesOf({ paths }: Pick<Chains, 'paths'>): ReadonlyMap<string, string> {
  const moves = new Map<string, string>();
  for (const { path, origin } of paths.values()) {
    if (origin !== null && keyOf(origin) !== keyOf(path)) moves.set(shownPath(origin), shownPath(path));
  }
  return moves;
}

function lengthOf(state: PathState): number | null {
  return state.kind === 'file' ? state.bytes : null;
}
