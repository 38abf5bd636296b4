/** What runs did to each path, read from their own files: the chains that a rollback goes back along, and the folders as they were. */
import type { RunHeader, RunId } from '../apply/model.ts';
import { addPaths } from '../apply/stands-on.ts';
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
  /** What each of them touched, for `standsOn`. */
  readonly paths: ReadonlyMap<RunId, ReadonlySet<string>>;
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
    const paths = new Map(runs.map(({ id }) => [id, new Set<string>()]));
    const on = (step: Step, id: RunId): void => {
      if (step.op === 'git-index') ofIndexes.push(step);
      addPaths(paths.get(id) as Set<string>, step);
    };
    return {
      headers: runs.map(({ header }) => header),
      paths,
      chains: pathChains(oldestFirst(runs, on)),
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

/** A run is read once: whoever else asks for its steps sees them as they come by. */
function* oldestFirst(runs: readonly Run[], on: (step: Step, id: RunId) => void): Generator<Step> {
  for (const { id, steps } of runs.toReversed()) {
    for (const step of steps.between(1, steps.count)) {
      on(step, id);
      yield step;
    }
  }
}
