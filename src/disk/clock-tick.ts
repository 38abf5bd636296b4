/** Two writes within one tick of the clock leave the same time: a file that was written this recently is waited for before its stamp counts. */
import type { Stat } from './disk.ts';

const CLOCK_TICK_MS = 30;

/** Milliseconds until a write after it would be seen. */
export function untilSettled({ mtimeNs }: Pick<Stat, 'mtimeNs'>): number {
  const age = Date.now() - Number(mtimeNs / 1_000_000n);
  return age >= 0 && age < CLOCK_TICK_MS ? CLOCK_TICK_MS - age : 0;
}
