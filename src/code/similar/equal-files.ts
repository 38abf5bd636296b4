/** Puts files of equal fingerprints together, so that a thousand copies of one file cost as much as one. */
import type { Limits, SimilarFile, SimilarPair } from './model.ts';

/** Files of equal tokens; the first by path stands for them. */
export interface EqualFiles {
  /** Of the fingerprint. Different groups may share it. */
  readonly key: number;
  readonly files: readonly SimilarFile[];
}

/** Ordered by their first path. Files with too few windows are left out. */
export function groupEqual(files: readonly SimilarFile[], limits: Limits): readonly EqualFiles[] {
  const sorted = files
    .filter(({ hashes }) => hashes.length >= limits.minWindows)
    .sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : 0));
  const groups: { key: number; files: SimilarFile[] }[] = [];
  const byKey = new Map<number, { key: number; files: SimilarFile[] }[]>();
  for (const file of sorted) {
    const key = keyOf(file.hashes);
    const candidates = byKey.get(key);
    const group = candidates?.find(({ files: [first] }) => first !== undefined && areEqual(first.hashes, file.hashes));
    if (group !== undefined) {
      group.files.push(file);
      continue;
    }
    const started = { key, files: [file] };
    groups.push(started);
    if (candidates === undefined) byKey.set(key, [started]);
    else candidates.push(started);
  }
  return groups;
}

/** Some places tell most files apart; equal keys are compared whole. */
export function keyOf(hashes: Uint32Array): number {
  const { length } = hashes;
  let key = length;
  for (let part = 0; part < 8; part++) {
    key = Math.imul(key ^ (hashes[Math.floor((part * (length - 1)) / 7)] ?? 0), 0x01000193);
  }
  return key;
}

function areEqual(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Each further file of a group with the first. */
export function equalPairs(group: EqualFiles): readonly SimilarPair[] {
  const [first, ...others] = group.files;
  if (first === undefined || others.length === 0) return [];
  const shared = new Set(first.hashes).size;
  return others.map(({ path, content }) => {
    const equal = content !== undefined && content === first.content ? 'bytes' : 'tokens';
    return { a: first.path, b: path, shared, ofA: 1, ofB: 1, similarity: 1, equal };
  });
}
