/**
 * A second thread that reads source files while the first one does: both take the next block of tasks from one counter, so that
 * whoever is faster reads more. If it fails, the first thread reads what it owes.
 */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Beside, KeptRead } from '../code/read-code.ts';
import type { Task } from '../code/read-one.ts';

export interface WorkerInput {
  readonly root: string;
  readonly tasks: readonly Task[];
  /** One number: tasks that are taken. */
  readonly taken: SharedArrayBuffer;
}

export interface WorkerOutput {
  readonly read: readonly (readonly [index: number, read: KeptRead])[];
  readonly done?: true;
}

/** Tasks that are taken at once: many enough that messages cost little, few enough that nobody waits long for the last. */
export const BLOCK = 16;
/** With less to read, starting a thread and its front ends takes longer than it saves. */
const LEAST_BYTES = 4_000_000;
const LEAST_TASKS = 400;

/** The compiled thread, bundled beside this module or not; from source (in tests) the compiled one is started all the same. */
const ENTRY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/audit/read-worker.js' : './read-worker.js', import.meta.url),
);

/** One that was silent for so long while the other one waits has not answered, whatever it does. */
const PATIENCE_MS = 30_000;

export interface BesideOptions {
  readonly entry?: string;
  readonly patienceMs?: number;
}

/** `undefined` where it does not pay. */
export function readBeside(
  root: string,
  tasks: readonly Task[],
  { entry = ENTRY, patienceMs = PATIENCE_MS }: BesideOptions = {},
): Beside | undefined {
  if (tasks.length < LEAST_TASKS || availableParallelism() < 2) return undefined;
  if (tasks.reduce((sum, { bytes }) => sum + bytes, 0) < LEAST_BYTES) return undefined;
  const taken = new SharedArrayBuffer(4);
  const counter = new Int32Array(taken);
  const found = new Map<number, KeptRead>();
  const worker = new Worker(entry, { workerData: { root, tasks, taken } satisfies WorkerInput, stderr: true });
  let heard: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    worker.on('message', ({ read, done }: WorkerOutput) => {
      for (const [index, one] of read) found.set(index, one);
      if (done === true) resolve();
      else heard();
    });
    // What it did not hand over is read by the other thread.
    worker.on('error', () => resolve());
    worker.on('exit', () => resolve());
  });
  let at = 0;
  let end = 0;
  return {
    next() {
      if (at >= end) {
        at = Atomics.add(counter, 0, BLOCK);
        end = Math.min(at + BLOCK, tasks.length);
      }
      return at < end ? at++ : undefined;
    },
    async rest() {
      let timer: NodeJS.Timeout | undefined;
      const silent = new Promise<void>((resolve) => {
        heard = () => {
          clearTimeout(timer);
          timer = setTimeout(resolve, patienceMs);
        };
        heard();
      });
      await Promise.race([ended, silent]);
      clearTimeout(timer);
      heard = () => {};
      return found;
    },
    close: () => void worker.terminate(),
  };
}
