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

/** In how many of the fingerprints each window of the table is. */
export function countFiles(table: WindowTable, fingerprints: readonly Uint32Array[]): Uint32Array {
  const counts = new Uint32Array(table.size);
  const lastIn = new Int32Array(table.size).fill(-1);
  for (let file = 0; file < fingerprints.length; file++) {
    const hashes = fingerprints[file] as Uint32Array;
    for (let i = 0; i < hashes.length; i++) {
      const number = numberOf(table, hashes[i] as number);
      if (number < 0 || lastIn[number] === file) continue;
      lastIn[number] = file;
      counts[number] = (counts[number] as number) + 1;
    }
  }
  return counts;
}
