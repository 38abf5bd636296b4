/** What of that which was not fsynced is on the disk when the machine comes up again. Nobody promises more than nothing or less than all. */
import type { BlockFate, Change } from './node.ts';

export interface Survival {
  readonly name: string;
  entries(change: Change): boolean;
  /** Of a file that has unsynced blocks. */
  size(): 'new' | 'old';
  block(): BlockFate;
  marks(): boolean;
}

const fixed = (name: string, entries: boolean, size: 'new' | 'old', block: BlockFate, marks: boolean): Survival => ({
  name,
  entries: () => entries,
  size: () => size,
  block: () => block,
  marks: () => marks,
});

export const NOTHING: Survival = fixed('nothing', false, 'old', 'old', false);
export const EVERYTHING: Survival = fixed('everything', true, 'new', 'new', true);

/** Each of the ways that file systems are known for. */
export const KNOWN_WAYS: readonly Survival[] = [
  NOTHING,
  EVERYTHING,
  fixed('entries, files empty', true, 'old', 'old', true),
  fixed('entries and sizes, files of zeros', true, 'new', 'old', true),
  fixed('entries and contents, modes and times lost', true, 'new', 'new', false),
  fixed('contents, no entries', false, 'new', 'new', true),
  fixed('a half of each block', true, 'new', 'half', true),
  fixed('a half of each block, no entries, old sizes', false, 'old', 'half', false),
];

/** Any piece by itself; the same for the same seed. */
export function byChance(seed: number): Survival {
  const next = chance(seed);
  // Runs in which most survives and in which little does find other things than runs of halves.
  const share = 0.15 + 0.7 * next();
  return {
    name: `by chance ${seed}`,
    entries: () => next() < share,
    size: () => (next() < share ? 'new' : 'old'),
    block: () => {
      if (next() < 0.1) return 'half';
      return next() < share ? 'new' : 'old';
    },
    marks: () => next() < share,
  };
}

/** From 0 to below 1; mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
