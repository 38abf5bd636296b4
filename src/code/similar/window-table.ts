/** A set of windows, each with a number: an open-addressed table, mostly empty, so that asking for what is not in it costs one look. */

export interface WindowTable {
  /** Different windows, numbered from 0. */
  readonly size: number;
  /** By slot: the window, 0 for none, and its number. */
  readonly keys: Uint32Array;
  readonly numbers: Uint32Array;
  readonly mask: number;
}

export function tableOf(fingerprints: readonly Uint32Array[]): WindowTable {
  const total = fingerprints.reduce((sum, { length }) => sum + length, 0);
  const slots = 2 ** Math.max(8, Math.ceil(Math.log2(total * 8 + 1)));
  const mask = slots - 1;
  const keys = new Uint32Array(slots);
  const numbers = new Uint32Array(slots);
  let size = 0;
  for (const hashes of fingerprints) {
    for (const hash of hashes) {
      let slot = hash & mask;
      while (keys[slot] !== 0 && keys[slot] !== hash) slot = (slot + 1) & mask;
      if (keys[slot] === hash) continue;
      keys[slot] = hash;
      numbers[slot] = size++;
    }
  }
  return { size, keys, numbers, mask };
}

/** The number of a window, -1 where it is not in the table. A fingerprint never holds 0, which marks an empty slot. */
export function numberOf(table: WindowTable, hash: number): number {
  const { keys, mask } = table;
  let slot = hash & mask;
  for (;;) {
    const key = keys[slot];
    if (key === hash) return table.numbers[slot] as number;
    if (key === 0) return -1;
    slot = (slot + 1) & mask;
  }
}

/**
 * Of each window of the table, by its number: the fingerprints that it is in, ascending, `most` of them at most. Looks at every
 * window of a project for each changed file: the table is asked without a call.
 */
export function holdersOf(
  table: WindowTable,
  fingerprints: readonly Uint32Array[],
  most: number,
): readonly (readonly number[])[] {
  const { keys, numbers, mask, size } = table;
  const holders: number[][] = Array.from({ length: size }, () => []);
  for (let file = 0; file < fingerprints.length; file++) {
    const hashes = fingerprints[file] as Uint32Array;
    for (let i = 0; i < hashes.length; i++) {
      const hash = hashes[i] as number;
      let slot = hash & mask;
      let key = keys[slot] as number;
      while (key !== hash && key !== 0) {
        slot = (slot + 1) & mask;
        key = keys[slot] as number;
      }
      if (key === 0) continue;
      const list = holders[numbers[slot] as number] as number[];
      if (list.length < most && list[list.length - 1] !== file) list.push(file);
    }
  }
  return holders;
}
