/** What is compared, and what two files have in common. Plain data. */

export interface SimilarFile {
  /** Relative to the project. No two files of one comparison share a path. */
  readonly path: string;
  /** As `fingerprint` gives them. */
  readonly hashes: Uint32Array;
  /** Hash of the file's bytes, where it is known: tells byte-equal files from those whose tokens alone are equal. */
  readonly content?: string;
}

export interface SimilarPair {
  /** Before `b` in the order of paths. */
  readonly a: string;
  readonly b: string;
  /** Windows in both. Windows are those that `findSimilar` counts: see `SimilarOptions.maxFiles`. */
  readonly shared: number;
  /** Share (0–1) of the windows of `a` that are in `b`, and the other way round. */
  readonly ofA: number;
  readonly ofB: number;
  /** Jaccard: shared windows among all windows of the two. */
  readonly similarity: number;
  /**
   * Nothing but comments and spaces may tell them apart (`tokens`), or nothing at all (`bytes`). Of several equal
   * files the first by path stands for all: each other one is paired with it, and it alone with near-copies.
   */
  readonly equal?: 'bytes' | 'tokens';
}

export interface SimilarOptions {
  /** Pairs at least so similar (Jaccard) are reported. Default 0.6. */
  readonly minSimilarity?: number;
  /**
   * So are pairs of which one is contained in the other by this share, if it has twice `minWindows` and makes at least a
   * twentieth of the two (what is a hundredth of another file is in a bundle). Default 0.85.
   */
  readonly minContained?: number;
  /** Files with fewer windows tell nothing: an empty `__init__.py`, a barrel. Default 12, about 50 tokens. */
  readonly minWindows?: number;
  /**
   * Windows that are in more different files than this are not counted. Nobody copied them from one file to another: they are
   * what a framework makes everybody write, and the number of pairs that they make grows with the square of the number of files.
   * Default 128. So more than 128 near-copies of one file, none of which are equal, are not seen.
   */
  readonly maxFiles?: number;
}

export interface Limits {
  readonly minSimilarity: number;
  readonly minContained: number;
  readonly minWindows: number;
  readonly maxFiles: number;
}

export function limitsOf(options: SimilarOptions): Limits {
  const { minSimilarity = 0.6, minContained = 0.85, minWindows = 12, maxFiles = 128 } = options;
  return { minSimilarity, minContained, minWindows, maxFiles };
}

/** The pair, if it is worth reporting. `sizeA`, `sizeB`: counted windows. */
export function pairOf(
  a: string,
  b: string,
  shared: number,
  sizeA: number,
  sizeB: number,
  limits: Limits,
): SimilarPair | undefined {
  const fewer = Math.min(sizeA, sizeB);
  if (fewer < limits.minWindows || shared === 0) return undefined;
  const similarity = shared / (sizeA + sizeB - shared);
  const isContained = fewer >= 2 * limits.minWindows && shared / fewer >= limits.minContained && similarity >= 0.05;
  if (similarity < limits.minSimilarity && !isContained) return undefined;
  const [ofA, ofB] = [shared / sizeA, shared / sizeB];
  return a < b ? { a, b, shared, ofA, ofB, similarity } : { a: b, b: a, shared, ofA: ofB, ofB: ofA, similarity };
}

export function byPath(x: SimilarPair, y: SimilarPair): number {
  if (x.a !== y.a) return x.a < y.a ? -1 : 1;
  if (x.b !== y.b) return x.b < y.b ? -1 : 1;
  return 0;
}
