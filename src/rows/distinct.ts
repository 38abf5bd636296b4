/**
 * Counts different hashes in bounded memory: exactly up to a limit, then by adaptive sampling (Wegman; Flajolet, "On adaptive
 * sampling", 1990): whenever the set is full, only hashes of one more leading zero bit are kept.
 */

/** Hashes kept per column; beyond, the standard error is about 1.2 / √KEPT, 0.7 %. */
const KEPT = 32_768;

export interface DistinctCount {
  /** A hash of 32 bits. */
  add(hash: number): void;
  count(): number;
}

export function startDistinct(kept: number = KEPT): DistinctCount {
  const hashes = new Set<number>();
  let limit = 0xffffffff;
  let factor = 1;
  return {
    add: (hash) => {
      if (hash > limit) return;
      hashes.add(hash);
      while (hashes.size > kept) {
        limit = Math.floor(limit / 2);
        factor *= 2;
        for (const one of hashes) if (one > limit) hashes.delete(one);
      }
    },
    count: () => hashes.size * factor,
  };
}
