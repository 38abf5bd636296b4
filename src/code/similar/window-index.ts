/** Which windows are in which files: an inverted index of plain numbers, made by sorting (no map, no object per window). */

export interface WindowIndex {
  /** Of each file: the numbers of its windows that are in other files too, ascending. File `f` has those from `starts[f]` to `starts[f + 1]`. */
  readonly windows: Uint32Array;
  readonly starts: Uint32Array;
  /** Of each window: its files, ascending, from `fileStarts[w]` to `fileStarts[w + 1]`. */
  readonly files: Uint32Array;
  readonly fileStarts: Uint32Array;
  /** How many windows of each file count: different ones that are in at most `maxFiles` files. */
  readonly counted: Uint32Array;
}

const DIGIT = 11;
const BUCKETS: number = 1 << DIGIT;

export function indexWindows(fingerprints: readonly Uint32Array[], maxFiles: number): WindowIndex {
  const { hashes, owners } = sortByHash(fingerprints);
  const total = hashes.length;
  const counted = new Uint32Array(fingerprints.length);
  const files = new Uint32Array(total);
  const fileStarts = new Uint32Array(total + 1);
  const starts = new Uint32Array(fingerprints.length + 1);
  let kept = 0;
  let windows = 0;
  for (let from = 0; from < total; ) {
    const hash = hashes[from] as number;
    const first = kept;
    let to = from;
    // Sorting was stable: repetitions within one file stand side by side.
    for (let last = -1; to < total && hashes[to] === hash; to++) {
      const owner = owners[to] as number;
      if (owner !== last) files[kept++] = owner;
      last = owner;
    }
    from = to;
    const inFiles = kept - first;
    if (inFiles <= maxFiles) for (let i = first; i < kept; i++) plusOne(counted, files[i] as number);
    if (inFiles === 1 || inFiles > maxFiles) {
      kept = first;
      continue;
    }
    for (let i = first; i < kept; i++) plusOne(starts, (files[i] as number) + 1);
    windows++;
    fileStarts[windows] = kept;
  }
  for (let file = 0; file < fingerprints.length; file++) starts[file + 1] = at(starts, file + 1) + at(starts, file);
  const next = starts.slice();
  const ofFiles = new Uint32Array(kept);
  for (let window = 0; window < windows; window++) {
    for (let i = at(fileStarts, window); i < at(fileStarts, window + 1); i++) {
      const file = at(files, i);
      ofFiles[plusOne(next, file)] = window;
    }
  }
  return {
    windows: ofFiles,
    starts,
    files: files.subarray(0, kept),
    fileStarts: fileStarts.subarray(0, windows + 1),
    counted,
  };
}

/** Adds one; what was there before. */
export function plusOne(array: Uint32Array, index: number): number {
  const before = array[index] as number;
  array[index] = before + 1;
  return before;
}

function at(array: Uint32Array, index: number): number {
  return array[index] as number;
}

/** Radix sort from the lowest digit (stable): three rounds for 32 bits. */
function sortByHash(fingerprints: readonly Uint32Array[]): { hashes: Uint32Array; owners: Uint32Array } {
  const total = fingerprints.reduce((sum, { length }) => sum + length, 0);
  let hashes = new Uint32Array(total);
  let owners = new Uint32Array(total);
  let filled = 0;
  fingerprints.forEach((fingerprint, file) => {
    hashes.set(fingerprint, filled);
    owners.fill(file, filled, filled + fingerprint.length);
    filled += fingerprint.length;
  });
  let otherHashes = new Uint32Array(total);
  let otherOwners = new Uint32Array(total);
  const counts = new Uint32Array(BUCKETS);
  for (let shift = 0; shift < 32; shift += DIGIT) {
    counts.fill(0);
    for (let i = 0; i < total; i++) plusOne(counts, (at(hashes, i) >>> shift) & (BUCKETS - 1));
    let sum = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const size = at(counts, bucket);
      counts[bucket] = sum;
      sum += size;
    }
    for (let i = 0; i < total; i++) {
      const hash = at(hashes, i);
      const to = plusOne(counts, (hash >>> shift) & (BUCKETS - 1));
      otherHashes[to] = hash;
      otherOwners[to] = at(owners, i);
    }
    [hashes, otherHashes] = [otherHashes, hashes];
    [owners, otherOwners] = [otherOwners, owners];
  }
  return { hashes, owners };
}
