/**
 * Carries out the steps of a run, of a plan as of a rollback: batch by batch, each told to the journal before it begins. Knows steps
 * and no actions. The order is that of `docs/journal.md`, "Order of durability".
 */
import { type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { Done, Kept } from '../journal/records.ts';
import type { Run } from '../journal/run-folder.ts';
import type { Segment } from '../journal/segment.ts';
import { placeOf, shownState } from '../steps/place.ts';
import type { Ground, Inspection } from '../steps/primitive.ts';
import type { Step } from '../steps/step.ts';
import type { Objects } from '../vault/model.ts';
import { type Batch, batchesOf, bytesOfStep } from './batches.ts';
import { carryOutBatch, cleanBatch, ForeignStep, inspectBatch } from './run-batch.ts';

export interface Work {
  readonly run: Pick<Run, 'id' | 'steps'>;
  readonly segment: Pick<Segment, 'append'>;
  readonly on: Ground & { readonly objects: Pick<Objects, 'open' | 'put'> };
  /** The first step that is not known to be done; 1 if left out. */
  readonly from?: number;
  /** Steps that a process may have begun that is gone. */
  readonly inDoubt?: { readonly from: number; readonly to: number } | null;
  /** Milliseconds. */
  now(): number;
  /** Throws where the store of the step is not held any more: asked before each change. */
  readonly assertHeld?: (step: Step) => void;
  /** When all steps are done and on the disk, before the run has ended. */
  readonly atEnd?: () => Promise<void>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly bytes: number }) => void;
}

export interface Outcome {
  readonly steps: number;
  /** Of new content, by this process. */
  readonly bytes: number;
  readonly seconds: number;
  /** Folders that stay, since something of others is in them. */
  readonly left: readonly RecordedPath[];
}

/** Throws `DSP-RUN-FOREIGN`, `DSP-WRITE-FAILED`, `DSP-CANCELLED`, what `assertHeld` throws; the run is then stopped, and says so. */
export async function runSteps(work: Work): Promise<Outcome> {
  const { run, segment, on, from = 1, inDoubt = null, now } = work;
  const begin = now();
  const left: RecordedPath[] = [];
  /** Durable, and not told yet: it goes into the same write as what is told next. */
  let told: readonly Done[] = [];
  let done = from - 1;
  let bytes = 0;
  try {
    for (const { batch, doubtful } of batchesFrom(work.run, from, inDoubt)) {
      if (work.signal?.aborted === true) throw cancelled(done, run);
      const range = rangeOf(batch);
      if (doubtful) cleanBatch(batch, on);
      const inspected = inspectBatch(batch, on);
      segment.append(...told, { t: 'batch', ...range });
      told = [];
      const stays = await carryOutBatch(inspected, on, work.assertHeld ?? (() => {}));
      for (const step of stays) if (step.op === 'remove-folder') left.push(step.path);
      told = [{ t: 'done', ...range }];
      done = range.to;
      bytes += batch.reduce((sum, step) => sum + bytesOfStep(step), 0);
      work.onProgress?.({ done, total: run.steps.count, bytes });
      // Everything of a batch may be synchronous: without this, Ctrl-C would be heard when all is done.
      await new Promise((next) => setImmediate(next));
    }
    await work.atEnd?.();
    const seconds = (now() - begin) / 1000;
    segment.append(...told, { t: 'end', steps: run.steps.count, bytes, seconds });
    return { steps: run.steps.count, bytes, seconds, left };
  } catch (error) {
    throw stop(work, error, told, done);
  }
}

/** The batch in doubt as it was, whatever this version would cut. */
function* batchesFrom(
  { steps }: Pick<Run, 'steps'>,
  from: number,
  inDoubt: Work['inDoubt'],
): Generator<{ readonly batch: Batch; readonly doubtful: boolean }> {
  let next = from;
  if (inDoubt !== null && inDoubt !== undefined) {
    const [first, ...more] = steps.between(inDoubt.from, inDoubt.to);
    if (first !== undefined) yield { batch: [first, ...more], doubtful: true };
    next = inDoubt.to + 1;
  }
  if (next > steps.count) return;
  for (const batch of batchesOf(steps.between(next, steps.count))) yield { batch, doubtful: false };
}

function rangeOf(batch: Batch): { readonly from: number; readonly to: number } {
  const [first] = batch;
  return { from: first.n, to: first.n + batch.length - 1 };
}

/** Writes why, where that is possible; where not, the batch is in doubt, and nothing is lost. Returns what is to be thrown. */
function stop(work: Work, error: unknown, told: readonly Done[], done: number): unknown {
  const { run, segment, on } = work;
  const kept = error instanceof ForeignStep ? keep(error, on) : null;
  const thrown = asExpected(error, `${shown(done, run)} are done`, kept);
  if (thrown === null) return error;
  const step = error instanceof ForeignStep ? { step: error.step.n } : {};
  try {
    const record = { t: 'stop', code: thrown.code, message: thrown.message, ...step } as const;
    segment.append(...told, ...(kept === null ? [] : [kept]), record);
  } catch (second) {
    // A segment that broke before cannot be written any more; the first error is the reason.
    if (!(second instanceof DesprawlError) && (second as NodeJS.ErrnoException).code === undefined) throw second;
  }
  return thrown;
}

/** `null`: it is a bug. */
function asExpected(error: unknown, progress: string, kept: Kept | null): DesprawlError | null {
  if (error instanceof ForeignStep) {
    const { message } = error.error;
    const saved = kept?.sha256 === null || kept === null ? '' : ` What is there is in the vault (${kept.sha256}).`;
    const expected = error.step.op === 'git-index' ? '' : ` Expected was ${expectedOf(error.step)}.`;
    return new DesprawlError('DSP-RUN-FOREIGN', `${message}${expected}${saved} ${progress}.`, { cause: error.error });
  }
  if (error instanceof DesprawlError) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined && syscall === undefined) return null;
  return new DesprawlError('DSP-WRITE-FAILED', `${(error as Error).message}. ${progress}.`, { cause: error });
}

function expectedOf(step: Exclude<Step, { op: 'git-index' }>): string {
  const before = step.op === 'make-folder' ? 'nothing' : shownState(step.before);
  return step.op === 'rename' ? `${before}, and nothing at ${shownPath(step.to)}` : before;
}

/** Whatever stands in the way may be the only copy of somebody's work. */
function keep({ step, seen }: ForeignStep, on: Work['on']): Kept | null {
  if (step.op === 'git-index') return null;
  const path = step.op === 'rename' && on.disk.lstat(placeOf(on, step.path)) === null ? step.to : step.path;
  return { t: 'kept', step: step.n, path, sha256: takenOf(path, seen, on), state: seen.found };
}

function takenOf(path: RecordedPath, { found }: Inspection, on: Work['on']): string | null {
  if (found.kind !== 'file') return null;
  try {
    return on.objects.put({ file: placeOf(on, path) }, { hashFirst: true }).sha256;
  } catch {
    // It stays where it is, and nothing of the run touches it.
    return null;
  }
}

function cancelled(done: number, run: Pick<Run, 'steps'>): DesprawlError {
  return new DesprawlError('DSP-CANCELLED', `Interrupted between two batches: ${shown(done, run)} are done.`, {
    hint:
      done === 0
        ? 'Nothing was changed. `desprawl status` says what there is to know of the run.'
        : '`desprawl apply --continue` finishes it, `desprawl rollback` takes it back, `desprawl status` says how far it came.',
  });
}

function shown(done: number, run: Pick<Run, 'steps'>): string {
  return `${done} of ${run.steps.count} steps`;
}
