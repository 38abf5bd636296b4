/** Every run that the state knows, with its status as its files tell it now, newest first. Changes nothing. */
import type { Disk } from '../disk/disk.ts';
import { DesprawlError } from '../errors.ts';
import { type Run, readRun, runIds } from '../journal/run-folder.ts';
import { isInForce, statusOf } from '../journal/run-status.ts';
import { laterRuns, type StackedRun } from '../journal/stack.ts';
import { type HolderFile, holders } from '../state/hold.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { RunId, RunStatus } from './model.ts';

export type KnownRun = Omit<Run, 'steps'> & { readonly status: RunStatus };

export interface KnownRuns {
  readonly runs: readonly KnownRun[];
  /** What cannot be read any more, and why. */
  readonly damaged: readonly { readonly run: RunId; readonly why: string }[];
  /** Who has the state and may be alive. */
  readonly working: readonly HolderFile[];
  /** The run that waits to be continued or taken back: a rollback before the run that it takes back. */
  readonly waiting: KnownRun | null;
}

export function knownRuns(disk: Disk, state: StateFolder): KnownRuns {
  const damaged: { run: RunId; why: string }[] = [];
  const read: Omit<Run, 'steps'>[] = [];
  for (const id of runIds(disk, state)) {
    try {
      const run = readRun(disk, state, id);
      // A crash left it before it began.
      if (run === null) continue;
      run.steps.close();
      read.push(run);
    } catch (error) {
      if (!(error instanceof DesprawlError)) throw error;
      damaged.push({ run: id, why: error.message });
    }
  }
  const working = holders(disk, state).filter(({ alive }) => alive !== 'no');
  const workers = working.flatMap(({ holder }) => (holder === null ? [] : [holder]));
  const runs = read.map((run) => ({ ...run, status: statusOf(run, read, workers) }));
  const interrupted = runs.filter(({ status }) => status.is === 'interrupted');
  return {
    runs,
    damaged,
    working,
    waiting: interrupted.find(({ header }) => header.kind === 'rollback') ?? interrupted[0] ?? null,
  };
}

/** For questions of which run stands on which. */
export function stackOf(runs: readonly KnownRun[]): readonly StackedRun[] {
  return runs.map(({ id, header: { after, undoes }, status }) => ({ id, after, undoes, inForce: isInForce(status) }));
}

/** The later runs that go back with a run, in the order in which they go. */
export function goesWith(runs: readonly KnownRun[], run: RunId): readonly RunId[] {
  return laterRuns(stackOf(runs), run);
}

/** The run that a command means: by its name or the beginning of it. Throws `DSP-RUN-UNKNOWN`. */
export function findRun(runs: readonly KnownRun[], name: string): KnownRun {
  const exact = runs.find(({ id }) => id === name);
  const begin = name === '' ? [] : runs.filter(({ id }) => id.startsWith(name) || id.endsWith(`-${name}`));
  const [only] = begin;
  if (exact !== undefined) return exact;
  if (only !== undefined && begin.length === 1) return only;
  const why =
    begin.length > 1
      ? `${begin.length} runs are called so: ${begin.map(({ id }) => id).join(', ')}`
      : `There is no run ${name}`;
  throw new DesprawlError('DSP-RUN-UNKNOWN', `${why}.`);
}

/** Throws `DSP-RUN-INTERRUPTED` where a run waits: nothing else may be changed before. */
export function assertNoneWaits({ waiting }: KnownRuns): void {
  if (waiting === null) return;
  const { id, status, header } = waiting;
  const why = status.stopped === null ? '' : `: ${status.stopped.message}`;
  throw new DesprawlError(
    'DSP-RUN-INTERRUPTED',
    `The ${header.kind === 'rollback' ? 'rollback' : 'run'} ${id} was interrupted after ${status.done} of ${status.of} steps${why.replace(/\.$/, '')}.`,
    status.damaged
      ? { hint: '`desprawl rollback` takes it back; its journal is damaged, so it cannot be continued.' }
      : {},
  );
}
