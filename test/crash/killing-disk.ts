/**
 * A disk that kills its process with SIGKILL at the k-th call that changes something: before it, in the middle of it where it has one,
 * or after it. Runs in the process that is killed.
 */
import type { Disk } from '../../src/disk/disk.ts';
import { type Call, watched } from './changing-calls.ts';

export type When = 'before' | 'during' | 'after';

export interface KillingDisk {
  readonly disk: Disk;
  calls(): number;
  /** Those of them, by their number, that have a middle. */
  halves(): readonly number[];
}

export function killing(
  below: Disk,
  k: number,
  when: When,
  kill: () => void = () => process.kill(process.pid, 'SIGKILL'),
): KillingDisk {
  let calls = 0;
  const halves: number[] = [];
  const after = <R>(result: R): R => {
    if (!(result instanceof Promise)) {
      kill();
      return result;
    }
    return result.then((value: unknown) => {
      kill();
      return value;
    }) as R;
  };
  const change = <R>(call: Call<R>): R => {
    calls++;
    if (call.half !== undefined) halves.push(calls);
    if (calls !== k) return call.go();
    if (when === 'before') kill();
    const go = when === 'during' ? call.half : when === 'after' ? call.go : undefined;
    if (go === undefined) return call.go();
    try {
      return after(go());
    } catch (error) {
      // What fails has an after as well.
      kill();
      throw error;
    }
  };
  return { disk: watched(below, { change }), calls: () => calls, halves: () => halves };
}
