/**
 * The entries of git indexes that runs exchanged: the states that each went through, and the steps back. An entry that is none of these
 * is somebody's own work, and stays: the index belongs to the person.
 */
import { bytesOf, folderOf, keyOf, type RecordedPath } from '../disk/paths.ts';
import { indexPath, sameEntry } from '../steps/git-index-file.ts';
import type { Ground } from '../steps/primitive.ts';
import type { IndexChange, IndexEntry, PlannedStep, Step } from '../steps/step.ts';

export interface EntryChain {
  readonly path: RecordedPath;
  /** Each once; the first is the one to go back to. */
  readonly states: readonly [IndexEntry | null, ...(IndexEntry | null)[]];
}

export interface IndexChain {
  readonly index: RecordedPath;
  /** The last action. */
  readonly action: string;
  /** By key of the path. */
  readonly entries: ReadonlyMap<string, EntryChain>;
}

/** `steps`: of the runs, the oldest run first. By key of the index. */
export function indexChains(steps: Iterable<Step>): ReadonlyMap<string, IndexChain> {
  const chains = new Map<string, IndexChain & { readonly entries: Map<string, EntryChain> }>();
  for (const step of steps) {
    if (step.op !== 'git-index') continue;
    const key = keyOf(step.index);
    const entries = chains.get(key)?.entries ?? new Map<string, EntryChain>();
    for (const { path, before, after } of step.entries) {
      const states = entries.get(keyOf(path))?.states ?? ([before] as const);
      entries.set(keyOf(path), { path, states: isOf(states, after) ? states : [...states, after] });
    }
    chains.set(key, { index: step.index, action: step.action, entries });
  }
  return chains;
}

export interface IndexBack {
  readonly steps: readonly PlannedStep[];
  /** Entries that stay, and why. */
  readonly left: readonly { readonly path: RecordedPath; readonly why: string }[];
}

export function indexStepsBack(on: Pick<Ground, 'git' | 'disk'>, chains: ReadonlyMap<string, IndexChain>): IndexBack {
  const steps: PlannedStep[] = [];
  const left: { path: RecordedPath; why: string }[] = [];
  for (const { index, action, entries } of chains.values()) {
    const all = [...entries.values()];
    if (on.disk.lstat(folderOf(indexPath(index))) === null) {
      for (const { path } of all) left.push({ path, why: 'the repository of its entry is gone' });
      continue;
    }
    const now = on.git.entriesOf(
      index,
      all.map(({ path }) => path),
    );
    const changes: IndexChange[] = [];
    for (const [i, { path, states }] of all.entries()) {
      const found = now[i] ?? null;
      const [first] = states;
      if (sameEntry(found, first)) continue;
      if (isOf(states, found)) changes.push({ path, before: found, after: first });
      else left.push({ path, why: "its entry in git's index was changed since and stays: the index is yours" });
    }
    changes.sort((a, b) => Buffer.compare(bytesOf(a.path), bytesOf(b.path)));
    if (changes.length > 0) steps.push({ op: 'git-index', action, index, entries: changes });
  }
  return { steps, left };
}

function isOf(states: EntryChain['states'], entry: IndexEntry | null): boolean {
  return states.some((state) => sameEntry(state, entry));
}
