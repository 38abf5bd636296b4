/**
 * Brings the pairs of an earlier comparison up to date after a few files changed, without comparing the others again. The answer
 * is that of `findSimilar`, to the last digit: whatever a change may have touched is compared anew, also the pairs of
 * files that did not change but have a window that now counts, or no longer does.
 */
import { type EqualFiles, equalPairs, groupEqual, keyOf } from './equal-files.ts';
import { findSimilar } from './find-similar.ts';
import {
  byPath,
  type Limits,
  limitsOf,
  pairOf,
  type SimilarFile,
  type SimilarOptions,
  type SimilarPair,
} from './model.ts';
import { holdersOf, numberOf, tableOf, type WindowTable } from './window-table.ts';

export interface ChangedFile {
  readonly path: string;
  /** As it was compared before; absent for a new file. What it is now, if it still is, stands in `all`. */
  readonly before?: SimilarFile;
}

/** Beyond this share of changed files a new comparison is cheaper. */
const FEW = 0.02;

/** `previous`: the answer for the files before the change, with the same options. `all`: the files now. */
export function updateSimilar(
  previous: readonly SimilarPair[],
  changed: readonly ChangedFile[],
  all: readonly SimilarFile[],
  options: SimilarOptions = {},
): readonly SimilarPair[] {
  if (changed.length === 0) return previous;
  if (changed.length > Math.max(2, all.length * FEW)) return findSimilar(all, options);
  const limits = limitsOf(options);
  const paths = new Set(changed.map(({ path }) => path));
  const now = groupEqual(all, limits);
  const touched = touchedGroups(now, changed, paths, all, limits);
  const gone = touched.before.filter((group) => !touched.after.some((other) => isSame(group, other)));
  const come = touched.after.filter((group) => !touched.before.some((other) => isSame(group, other)));

  const firsts = now.map(firstOf);
  const hashes = firsts.map((file) => file.hashes);
  const regrouped = new Set(paths);
  for (const { files } of [...touched.before, ...touched.after]) for (const { path } of files) regrouped.add(path);
  const fresh = touched.after.map((group) => firstOf(group).hashes);
  const left = gone.map((group) => firstOf(group).hashes);
  const joined = come.map((group) => firstOf(group).hashes);
  const seen = lookUp([...fresh, ...left], hashes, limits.maxFiles + 1 + joined.length);
  const crossing = crossingWindows(seen, left, joined, limits);

  const recounted = new Set<string>();
  const focus: number[] = [];
  firsts.forEach((file, index) => {
    const hasCrossed = crossing.size > 0 && file.hashes.some((hash) => crossing.has(hash));
    if (hasCrossed) recounted.add(file.path);
    if (hasCrossed || regrouped.has(file.path)) focus.push(index);
  });
  if (focus.length > Math.max(8, firsts.length * FEW)) return findSimilar(all, options);

  const kept = previous.filter(({ a, b, equal }) => {
    if (regrouped.has(a) || regrouped.has(b)) return false;
    return equal !== undefined || !(recounted.has(a) || recounted.has(b));
  });
  const windows =
    recounted.size === 0
      ? seen
      : lookUp(
          focus.map((index) => hashes[index] as Uint32Array),
          hashes,
          limits.maxFiles + 1,
        );
  const near = pairsWith(focus, firsts, hashes, windows, limits);
  return [...kept, ...touched.after.flatMap(equalPairs), ...near].sort(byPath);
}

/** Where some windows are in the whole project. */
interface Seen {
  readonly table: WindowTable;
  readonly holders: readonly (readonly number[])[];
}

function lookUp(windows: readonly Uint32Array[], all: readonly Uint32Array[], most: number): Seen {
  const table = tableOf(windows);
  return { table, holders: table.size === 0 ? [] : holdersOf(table, all, most) };
}

function firstOf(group: EqualFiles): SimilarFile {
  return group.files[0] as SimilarFile;
}

function isSame(x: EqualFiles, y: EqualFiles): boolean {
  const [a, b] = [firstOf(x).hashes, firstOf(y).hashes];
  return x.key === y.key && a.length === b.length && a.every((hash, i) => hash === b[i]);
}

interface Touched {
  readonly before: readonly EqualFiles[];
  readonly after: readonly EqualFiles[];
}

/** Groups that a changed file left or joined, as they were and as they are. */
function touchedGroups(
  now: readonly EqualFiles[],
  changed: readonly ChangedFile[],
  paths: ReadonlySet<string>,
  all: readonly SimilarFile[],
  limits: Limits,
): Touched {
  const keys = new Set<number>();
  for (const { before } of changed) if (before !== undefined) keys.add(keyOf(before.hashes));
  for (const file of all) if (paths.has(file.path)) keys.add(keyOf(file.hashes));
  const after = now.filter(({ key }) => keys.has(key));
  const stayed = after.flatMap(({ files }) => files.filter(({ path }) => !paths.has(path)));
  const were = changed.flatMap(({ before }) => (before === undefined ? [] : [before]));
  return { before: groupEqual([...stayed, ...were], limits), after };
}

/** Windows that counted before and do not now, or the other way round. */
function crossingWindows(
  { table, holders }: Seen,
  left: readonly Uint32Array[],
  joined: readonly Uint32Array[],
  limits: Limits,
): ReadonlySet<number> {
  const change = new Map<number, number>();
  const count = (fingerprints: readonly Uint32Array[], by: number): void => {
    for (const hashes of fingerprints) {
      for (const hash of new Set(hashes)) change.set(hash, (change.get(hash) ?? 0) + by);
    }
  };
  count(left, -1);
  count(joined, 1);
  const crossing = new Set<number>();
  for (const [hash, by] of change) {
    const is = holders[numberOf(table, hash)]?.length ?? 0;
    if (is <= limits.maxFiles !== is - by <= limits.maxFiles) crossing.add(hash);
  }
  return crossing;
}

/** Pairs of some files with all; each pair once. `seen` knows every window of `focus`. */
function pairsWith(
  focus: readonly number[],
  files: readonly SimilarFile[],
  all: readonly Uint32Array[],
  { table, holders }: Seen,
  limits: Limits,
): readonly SimilarPair[] {
  const sizes = new Map<number, number>();
  const shared = focus.map((index) => {
    const counts = new Map<number, number>();
    let counted = 0;
    for (const hash of new Set(all[index])) {
      const list = holders[numberOf(table, hash)] ?? [];
      if (list.length > limits.maxFiles) continue;
      counted++;
      for (const other of list) if (other !== index) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
    sizes.set(index, counted);
    return counts;
  });
  const candidates = new Set<number>();
  focus.forEach((index, i) => {
    // With fewer in common neither of the two shares can be reached, however small the other file is.
    const counted = sizes.get(index) as number;
    const least = Math.min(limits.minSimilarity * counted, limits.minContained * 2 * limits.minWindows) - 0.001;
    for (const [other, count] of shared[i] ?? []) if (count >= least && !sizes.has(other)) candidates.add(other);
  });
  for (const [other, size] of countedWindows([...candidates], all, limits.maxFiles)) sizes.set(other, size);
  const inFocus = new Set(focus);
  const pairs: SimilarPair[] = [];
  focus.forEach((index, i) => {
    for (const [other, count] of shared[i] ?? []) {
      const sizeB = sizes.get(other);
      if (sizeB === undefined || (inFocus.has(other) && other < index)) continue;
      const [a, b] = [files[index] as SimilarFile, files[other] as SimilarFile];
      const pair = pairOf(a.path, b.path, count, sizes.get(index) as number, sizeB, limits);
      if (pair !== undefined) pairs.push(pair);
    }
  });
  return pairs;
}

function countedWindows(
  files: readonly number[],
  all: readonly Uint32Array[],
  maxFiles: number,
): readonly (readonly [file: number, counted: number])[] {
  if (files.length === 0) return [];
  const { table, holders } = lookUp(
    files.map((file) => all[file] as Uint32Array),
    all,
    maxFiles + 1,
  );
  return files.map((file) => {
    let counted = 0;
    for (const hash of new Set(all[file])) if ((holders[numberOf(table, hash)]?.length ?? 0) <= maxFiles) counted++;
    return [file, counted];
  });
}
