/** Which runs a rollback takes back, and in which order: one that waits goes first, and what stands on a run goes before it. Pure. */
import { findRun, goesWith, type KnownRun, type KnownRuns } from '../apply/known-runs.ts';
import type { RunId } from '../apply/model.ts';
import { DesprawlError } from '../errors.ts';

export interface ChosenRuns {
  /** The one that was asked for. */
  readonly run: KnownRun;
  /** Those that stand on it, in the order in which they go. */
  readonly later: readonly RunId[];
  /** All of them, newest first. */
  readonly undoes: readonly RunId[];
}

/**
 * `name`: `null` means the one that waits, else the newest application in force. Throws `DSP-RUN-UNKNOWN`, `DSP-RUN-INTERRUPTED`,
 * `DSP-RUN-STACKED`.
 */
export function chooseRuns(known: KnownRuns, name: string | null, withLater: boolean): ChosenRuns {
  const run = name === null ? byDefault(known) : named(known, name);
  const later = goesWith(known.runs, run.id);
  if (later.length > 0 && !withLater) {
    const which = later.length === 1 ? 'A later run touches' : `${later.length} later runs touch`;
    throw new DesprawlError(
      'DSP-RUN-STACKED',
      `${which} what the run ${run.id} touched: ${later.join(', ')}. Nothing was changed.`,
      {
        hint: `\`desprawl rollback ${run.id} --with-later\` takes them back together, in this order; \`desprawl rollback ${later[0]}\` only the first.`,
      },
    );
  }
  return { run, later, undoes: [...later, run.id] };
}

function byDefault({ runs, waiting }: KnownRuns): KnownRun {
  if (waiting !== null) return waiting;
  const inForce = runs.filter(
    ({ header, status: { is } }) => header.kind === 'apply' && (is === 'applied' || is === 'verified'),
  );
  // By name the newest, unless clocks were put back: what stands on nothing in force.
  const newest = inForce.find(({ id }) => goesWith(runs, id).length === 0) ?? inForce[0];
  if (newest !== undefined) return newest;
  throw new DesprawlError('DSP-RUN-UNKNOWN', 'There is no run in force that could be taken back.', {
    hint: 'Run `desprawl runs` to list all of them; a rollback is taken back by its name.',
  });
}

function named({ runs, waiting }: KnownRuns, name: string): KnownRun {
  const run = findRun(runs, name);
  if (waiting !== null && waiting.id !== run.id) {
    throw new DesprawlError('DSP-RUN-INTERRUPTED', `The run ${waiting.id} was interrupted and waits; it comes first.`);
  }
  const { is, by } = run.status;
  if (is === 'rolled back') {
    throw new DesprawlError('DSP-RUN-UNKNOWN', `The run ${run.id} was rolled back already, by ${by}.`, {
      hint: `\`desprawl rollback ${by}\` brings it back.`,
    });
  }
  if (is === 'prepared') {
    throw new DesprawlError(
      'DSP-RUN-UNKNOWN',
      `Of the run ${run.id} nothing was begun: there is nothing to take back.`,
    );
  }
  return run;
}
