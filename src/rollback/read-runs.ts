/** What runs did to each path, read from their own files: the chains that a rollback goes back along, and the folders as they were. */
import type { RunHeader, RunId } from '../apply/model.ts';
import type { Disk } from '../disk/disk.ts';
import type { FolderState } from '../disk/path-state.ts';
import { keyOf } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type Run, type RunsPlace, readRun } from '../journal/run-folder.ts';
import type { Step } from '../steps/step.ts';
import { type PathChain, pathChains } from './chains.ts';
import { type IndexChain, indexChains } from './index-chains.ts';

export interface RunsRead {
  /** Newest first. */
  readonly headers: readonly RunHeader[];
  readonly chains: ReadonlyMap<string, PathChain>;
  readonly indexes: ReadonlyMap<string, IndexChain>;
  /** As they were before the oldest run that touched them. By key. */
  readonly folders: ReadonlyMap<string, RunHeader['folders'][number]>;
  /** Files and links that a rollback among them only gave another time. By key. */
  readonly times: ReadonlyMap<string, NonNullable<RunHeader['times']>[number]>;
}

/** `undoes`: newest first. Throws `DSP-RUN-UNKNOWN`, `DSP-JOURNAL-DAMAGED`. */
export function readRuns(disk: Disk, place: RunsPlace, undoes: readonly RunId[]): RunsRead {
  const runs: Run[] = [];
  try {
    for (const id of undoes) {
      const run = readRun(disk, place, id);
      if (run === null) throw new DesprawlError('DSP-RUN-UNKNOWN', `The run ${id} never began.`);
      runs.push(run);
    }
    const folders = new Map<string, RunHeader['folders'][number]>();
    for (const { header } of runs) for (const one of header.folders) folders.set(keyOf(one.path), one);
    const times = new Map<string, NonNullable<RunHeader['times']>[number]>();
    for (const { header } of runs) for (const one of header.times ?? []) times.set(keyOf(one.path), one);
    const ofIndexes: Step[] = [];
    return {
      headers: runs.map(({ header }) => header),
      chains: pathChains(oldestFirst(runs, ofIndexes)),
      indexes: indexChains(ofIndexes),
      folders,
      times,
    };
  } finally {
    for (const { steps } of runs) steps.close();
  }
}

export function folderStates({ folders }: Pick<RunsRead, 'folders'>): ReadonlyMap<string, FolderState> {
  return new Map([...folders].map(([key, { mode, mtime }]) => [key, { kind: 'folder', mode, mtime }]));
}

/** The few steps on indexes are put aside as they come by: a run is read once. */
function* oldestFirst(runs: readonly Run[], ofIndexes: Step[]): Generator<Step> {
  for (const { steps } of runs.toReversed()) {
    for (const step of steps.between(1, steps.count)) {
      if (step.op === 'git-index') ofIndexes.push(step);
      yield step;
    }
  }
}
