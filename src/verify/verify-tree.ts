/**
 * The tree after a run against what the run was to leave: every path is looked at and hashed again, and every entry of git's index that
 * it changed. What later runs changed is theirs.
 */
import type { NotVerified, VerifyFinding } from '../apply/model.ts';
import { count } from '../audit/wording.ts';
import type { Disk } from '../disk/disk.ts';
import { type PathState, same, stateOf } from '../disk/path-state.ts';
import { joinPath, keyOf, shownPath } from '../disk/paths.ts';
import type { Chains } from '../journal/run-changes.ts';
import type { GitIndex } from '../steps/primitive.ts';
import type { GitIndexStep } from '../steps/step.ts';
import type { Judged } from './model.ts';

export interface TreeInput {
  readonly disk: Disk;
  readonly root: string;
  readonly chains: Pick<Chains, 'paths'>;
  readonly indexSteps: readonly Pick<GitIndexStep, 'index' | 'entries'>[];
  /** `null`: git cannot be asked. */
  readonly git: Pick<GitIndex, 'entriesOf'> | null;
  /** Keys of paths that later runs in force touched. */
  readonly later: ReadonlySet<string>;
}

/** Also says which files are not as the run left them: they were edited since. */
export function treeFinding(input: TreeInput): Judged & { readonly changedSince: ReadonlySet<string> } {
  const { disk, root, chains, later } = input;
  const places: { path: string; what: string }[] = [];
  const changedSince = new Set<string>();
  let looked = 0;
  let skipped = 0;
  for (const [key, { path, last }] of chains.paths) {
    if (later.has(key)) {
      skipped++;
      continue;
    }
    looked++;
    const now = stateOf(disk, joinPath(root, path));
    if (same(now, last) || (last.kind === 'folder' && now.kind === 'folder')) continue;
    changedSince.add(shownPath(path));
    places.push({
      path: shownPath(path),
      what: `${described(last)} was left there, now there is ${described(now, last)}`,
    });
  }
  const entries = indexPlaces(input);
  const all = [...places, ...entries.places];
  const finding: VerifyFinding = {
    what: 'tree',
    ok: all.length === 0,
    detail:
      all.length === 0
        ? `${count(looked, 'path')}${entries.looked > 0 ? ` and ${count(entries.looked, 'entry', 'entries')} of git's index` : ''} as the run left them`
        : `${count(all.length, 'path')} not as the run left ${all.length === 1 ? 'it' : 'them'}`,
    places: all,
  };
  const notVerified: NotVerified[] =
    skipped === 0 ? [] : [{ what: `${count(skipped, 'path')} of this run`, why: 'later runs changed them again' }];
  return { findings: [finding], notVerified: [...notVerified, ...entries.notVerified], changedSince };
}

function indexPlaces({ indexSteps, git, later }: TreeInput): {
  readonly looked: number;
  readonly places: readonly { path: string; what: string }[];
  readonly notVerified: readonly NotVerified[];
} {
  const entries = indexSteps.flatMap(({ entries: changes }) => changes).filter(({ path }) => !later.has(keyOf(path)));
  if (entries.length === 0) return { looked: 0, places: [], notVerified: [] };
  if (git === null) {
    const why = 'git cannot be asked here';
    return {
      looked: 0,
      places: [],
      notVerified: [{ what: `${count(entries.length, 'entry', 'entries')} of git's index`, why }],
    };
  }
  const places = indexSteps.flatMap(({ index, entries: changes }) => {
    const now = git.entriesOf(
      index,
      changes.map(({ path }) => path),
    );
    return changes.flatMap(({ path, after }, i) => {
      const found = now[i] ?? null;
      const is = (one: typeof found): string => (one === null ? 'no entry' : `${one.mode} ${one.oid}`);
      // Somebody may have staged or committed something since: what counts is that it is tracked, or not, as planned.
      if ((found === null) === (after === null)) return [];
      return [{ path: shownPath(path), what: `git's index: ${is(after)} was left, now there is ${is(found)}` }];
    });
  });
  return { looked: entries.length, places, notVerified: [] };
}

function described(state: PathState, beside?: PathState): string {
  switch (state.kind) {
    case 'absent':
      return 'nothing';
    case 'file':
      if (beside?.kind !== 'file') return 'a file';
      return beside.sha256 === state.sha256 ? 'one with other permissions' : 'one with another content';
    case 'special':
      return 'a pipe, socket or device';
    default:
      return `a ${state.kind}`;
  }
}
