/** Near-copies among source files. Their names and folders play no part (trap C5): what two files share is what stands in them. */
import { equalPairs, groupEqual } from './equal-files.ts';
import { byPath, limitsOf, pairOf, type SimilarFile, type SimilarOptions, type SimilarPair } from './model.ts';
import { indexWindows, plusOne } from './window-index.ts';

/**
 * Pairs that are similar enough, ordered by path; the same whatever the order of `files`. Files that a program wrote and
 * migrations, which repeat each other on purpose, are for the caller to leave out.
 */
export function findSimilar(files: readonly SimilarFile[], options: SimilarOptions = {}): readonly SimilarPair[] {
  const limits = limitsOf(options);
  const groups = groupEqual(files, limits);
  const firsts = groups.map(({ files: [first] }) => first as SimilarFile);
  const pairs = groups.flatMap(equalPairs);
  const index = indexWindows(
    firsts.map(({ hashes }) => hashes),
    limits.maxFiles,
  );
  const { windows, starts, fileStarts, counted } = index;
  // How many files of each window came before: later ones only are counted, so that each pair is seen once.
  const passed = fileStarts.slice();
  const shared = new Uint32Array(firsts.length);
  const touched = new Uint32Array(firsts.length);
  for (let file = 0; file < firsts.length; file++) {
    let found = 0;
    for (let i = starts[file] as number; i < (starts[file + 1] as number); i++) {
      const window = windows[i] as number;
      const end = fileStarts[window + 1] as number;
      for (let k = plusOne(passed, window) + 1; k < end; k++) {
        const other = index.files[k] as number;
        if (plusOne(shared, other) === 0) touched[found++] = other;
      }
    }
    for (let i = 0; i < found; i++) {
      const other = touched[i] as number;
      const [a, b] = [firsts[file] as SimilarFile, firsts[other] as SimilarFile];
      const [sizeA, sizeB] = [counted[file] as number, counted[other] as number];
      const pair = pairOf(a.path, b.path, shared[other] as number, sizeA, sizeB, limits);
      if (pair !== undefined) pairs.push(pair);
      shared[other] = 0;
    }
  }
  return pairs.sort(byPath);
}
