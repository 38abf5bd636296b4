/** A disk whose machine loses its power at a call: nothing of the process lives on, its clean-up included. */
import type { Disk } from '../../src/disk/disk.ts';
import { type Call, watched } from './changing-calls.ts';

/** Has no code, so that nobody takes it for an error of a disk. */
export class PowerCut extends Error {}

export interface MortalDisk {
  readonly disk: Disk;
  /** Calls that change something. */
  calls(): number;
  isDead(): boolean;
}

/** `during`: a half of the k-th call is done. */
export function powerCut(below: Disk, k: number, when: 'before' | 'during' = 'before'): MortalDisk {
  let calls = 0;
  let dead = false;
  const live = (): void => {
    if (dead) throw new PowerCut('the power is gone');
  };
  const change = <R>(call: Call<R>): R => {
    live();
    calls++;
    if (calls < k) return call.go();
    if (when === 'during') call.half?.();
    dead = true;
    throw new PowerCut('the power is gone');
  };
  return { disk: watched(below, { change, look: live }), calls: () => calls, isDead: () => dead };
}
