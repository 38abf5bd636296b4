/** How far a run came, computed from its files each time: a status that is stored could be wrong. Pure. */
import type { RunHeader, RunId, RunStatus } from '../apply/model.ts';
import type { Journal } from './read-journal.ts';
import type { Open } from './records.ts';

/** Of a run, as much as is needed here. */
export interface RunFacts {
  readonly id: RunId;
  readonly header: Pick<RunHeader, 'kind' | 'undoes' | 'steps'>;
  readonly journal: Pick<Journal, 'records' | 'damaged'>;
  readonly reports: readonly { readonly ok: boolean }[];
}

/** A process that holds the state and is not known to be gone. */
export type Worker = Pick<Open, 'pid' | 'started' | 'boot' | 'host'>;

/** `runs`: all of the project; `workers`: who holds its state now. */
export function statusOf(run: RunFacts, runs: readonly RunFacts[], workers: readonly Worker[]): RunStatus {
  const { records, damaged } = run.journal;
  const of = run.header.steps.count;
  const ended = hasEnded(run);
  const begun = records.findLast((record) => record.t === 'batch');
  const done = ended
    ? of
    : records.reduce((most, record) => (record.t === 'done' ? Math.max(most, record.to) : most), 0);
  const inDoubt = begun !== undefined && begun.to > done ? { from: begun.from, to: begun.to } : null;
  const last = records.findLast((record) => record.t === 'stop' || record.t === 'open');
  const stopped = !ended && last?.t === 'stop' ? { code: last.code, message: last.message } : null;
  const by = takenBackBy(run, runs)?.id ?? null;
  const is = ((): RunStatus['is'] => {
    if (by !== null) return 'rolled back';
    if (ended) return run.reports.at(-1)?.ok === true ? 'verified' : 'applied';
    if (stopped === null && isWorkedOn(run, workers)) return 'running';
    // Where records are lost, a batch may be among them.
    return begun === undefined && !damaged ? 'prepared' : 'interrupted';
  })();
  return { run: run.id, is, done, of, inDoubt, stopped, damaged, by };
}

/** Its changes are in the project, as a whole or in part. */
export function isInForce({ is }: RunStatus): boolean {
  return is !== 'prepared' && is !== 'rolled back';
}

function hasEnded(run: RunFacts): boolean {
  return run.journal.records.some(({ t }) => t === 'end');
}

/** The rollback that took it back, is finished, and was not taken back itself. Every step of the search goes to a later run. */
function takenBackBy(run: RunFacts, runs: readonly RunFacts[]): RunFacts | undefined {
  return runs.find(
    (other) =>
      other.header.kind === 'rollback' &&
      other.header.undoes.includes(run.id) &&
      hasEnded(other) &&
      takenBackBy(other, runs) === undefined,
  );
}

function isWorkedOn(run: RunFacts, workers: readonly Worker[]): boolean {
  const last = run.journal.records.findLast((record) => record.t === 'open');
  return workers.some(
    ({ pid, started, boot, host }) =>
      last?.pid === pid && last.started === started && last.boot === boot && last.host === host,
  );
}
