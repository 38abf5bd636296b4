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
import { countFiles, numberOf, tableOf, type WindowTable } from './window-table.ts';

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
  const crossed = crossingWindows(hashes, gone.map(firstOf), come.map(firstOf), limits);
  const regrouped = new Set(paths);
  for (const { files } of [...touched.before, ...touched.after]) for (const { path } of files) regrouped.add(path);
  const recounted = new Set<string>();
  const focus: number[] = [];
  firsts.forEach((file, index) => {
    const hasCrossed = crossed !== undefined && file.hashes.some((hash) => numberOf(crossed, hash) >= 0);
    if (hasCrossed) recounted.add(file.path);
    if (hasCrossed || regrouped.has(file.path)) focus.push(index);
  });
  if (focus.length > Math.max(8, firsts.length * FEW)) return findSimilar(all, options);

  const kept = previous.filter(({ a, b, equal }) => {
    if (regrouped.has(a) || regrouped.has(b)) return false;
    return equal !== undefined || !(recounted.has(a) || recounted.has(b));
  });
  return [...kept, ...touched.after.flatMap(equalPairs), ...pairsWith(focus, firsts, limits)].sort(byPath);
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

/** Windows that counted before and do not now, or the other way round; `undefined` where there are none. */
function crossingWindows(
  fingerprints: readonly Uint32Array[],
  gone: readonly SimilarFile[],
  come: readonly SimilarFile[],
  limits: Limits,
): WindowTable | undefined {
  const [left, joined] = [gone.map(({ hashes }) => hashes), come.map(({ hashes }) => hashes)];
  const table = tableOf([...left, ...joined]);
  if (table.size === 0) return undefined;
  const after = countFiles(table, fingerprints);
  const minus = countFiles(table, left);
  const plus = countFiles(table, joined);
  const crossing = new Set<number>();
  for (const hash of [...left, ...joined].flatMap((one) => [...one])) {
    const number = numberOf(table, hash);
    const is = after[number] as number;
    const was = is + (minus[number] as number) - (plus[number] as number);
    if (is <= limits.maxFiles !== was <= limits.maxFiles) crossing.add(hash);
  }
  return crossing.size === 0 ? undefined : tableOf([Uint32Array.from(crossing)]);
}

/** Pairs of some files with all; each pair once. */
function pairsWith(focus: readonly number[], files: readonly SimilarFile[], limits: Limits): readonly SimilarPair[] {
  const all = files.map(({ hashes }) => hashes);
  const table = tableOf(focus.map((index) => all[index] as Uint32Array));
  if (table.size === 0) return [];
  const holders = holdersOf(table, all, limits.maxFiles);
  const shared = focus.map((index) => sharedWithOthers(index, all, table, holders));
  const candidates = new Set(focus);
  focus.forEach((index, i) => {
    const counted = [...new Set(all[index])].filter((hash) => holders[numberOf(table, hash)]?.length !== 0).length;
    // With fewer in common neither of the two shares can be reached, however small the other file is.
    const least = Math.min(limits.minSimilarity * counted, limits.minContained * 2 * limits.minWindows) - 0.001;
    for (const [other, count] of shared[i] ?? []) if (count >= least) candidates.add(other);
  });
  const sizes = countedWindows([...candidates], all, limits.maxFiles);
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

/** The files of each window of the table; one file more than `maxFiles` at most. */
function holdersOf(table: WindowTable, all: readonly Uint32Array[], maxFiles: number): readonly (readonly number[])[] {
  const holders: number[][] = Array.from({ length: table.size }, () => []);
  for (let file = 0; file < all.length; file++) {
    const hashes = all[file] as Uint32Array;
    for (let i = 0; i < hashes.length; i++) {
      const number = numberOf(table, hashes[i] as number);
      if (number < 0) continue;
      const list = holders[number] as number[];
      if (list.length <= maxFiles && list[list.length - 1] !== file) list.push(file);
    }
  }
  return holders.map((list) => (list.length > maxFiles ? [] : list));
}

/** Of one file: how many counted windows each other file shares with it. */
function sharedWithOthers(
  file: number,
  all: readonly Uint32Array[],
  table: WindowTable,
  holders: readonly (readonly number[])[],
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const hash of new Set(all[file])) {
    for (const other of holders[numberOf(table, hash)] ?? []) {
      if (other !== file) counts.set(other, (counts.get(other) ?? 0) + 1);
    }
  }
  return counts;
}

function countedWindows(
  files: readonly number[],
  all: readonly Uint32Array[],
  maxFiles: number,
): ReadonlyMap<number, number> {
  const table = tableOf(files.map((file) => all[file] as Uint32Array));
  const inFiles = countFiles(table, all);
  return new Map(
    files.map((file) => {
      let counted = 0;
      for (const hash of new Set(all[file])) if ((inFiles[numberOf(table, hash)] as number) <= maxFiles) counted++;
      return [file, counted];
    }),
  );
}
