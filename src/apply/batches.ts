/**
 * Cuts the steps of a run into batches, in their order. All steps of a batch are inspected and staged before the first takes effect, so
 * none may need what another one of the batch does: their paths are different ones, and none lies in another. Pure.
 */
import { keyOf, type RecordedPath } from '../disk/paths.ts';
import type { Step } from '../steps/step.ts';
import { transitionsOf } from '../steps/step.ts';
import { pathsAbove } from '../steps/steps-between.ts';

/** What one batch writes lies beside what it replaces until it takes effect: this much room, and this much to do again after a crash. */
export const BATCH_STEPS: number = 256;
export const BATCH_BYTES: number = 64 * 1024 * 1024;

export type Batch = readonly [Step, ...Step[]];

/** A store and its sidecars are a batch of their own, however big they are (trap S3). */
export function* batchesOf(steps: Iterable<Step>): Generator<Batch> {
  let batch: [Step, ...Step[]] | null = null;
  let bytes = 0;
  let places = new Places();
  for (const step of steps) {
    const keys = keysOf(step);
    const more = bytesOfStep(step);
    if (batch !== null) {
      const [first] = batch;
      const full = batch.length >= BATCH_STEPS || bytes + more > BATCH_BYTES;
      const fits = isOneStore(first.store, step.store) && (step.store !== undefined || !full);
      if (fits && !places.meet(keys)) {
        batch.push(step);
        bytes += more;
        places.add(keys);
        continue;
      }
      yield batch;
      places = new Places();
    }
    batch = [step];
    bytes = more;
    places.add(keys);
  }
  if (batch !== null) yield batch;
}

/** Of new content. */
export function bytesOfStep(step: Step): number {
  return step.op === 'put' && step.after.kind === 'file' ? step.after.bytes : 0;
}

/** Paths that a batch touches, and the folders that they lie in. */
class Places {
  readonly #touched = new Set<string>();
  readonly #above = new Set<string>();

  add(keys: readonly string[]): void {
    for (const key of keys) {
      this.#touched.add(key);
      for (const above of pathsAbove(key)) this.#above.add(above);
    }
  }

  meet(keys: readonly string[]): boolean {
    return keys.some((key) => {
      if (this.#touched.has(key) || this.#above.has(key)) return true;
      for (const above of pathsAbove(key)) if (this.#touched.has(above)) return true;
      return false;
    });
  }
}

/** An index is named absolutely, so its key is never that of a path. */
function keysOf(step: Step): readonly string[] {
  return step.op === 'git-index' ? [keyOf(step.index)] : transitionsOf(step).map(({ path }) => keyOf(path));
}

function isOneStore(a: RecordedPath | undefined, b: RecordedPath | undefined): boolean {
  return a === undefined || b === undefined ? a === b : keyOf(a) === keyOf(b);
}
