/** Which files could be copies of each other, byte for byte: only those are worth reading to the end for a hash. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

export interface SizedFile {
  readonly path: string;
  readonly bytes: number;
}

/** Places looked at. Databases that went separate ways differ on their first page already: it counts the changes. */
const PLACES = 32;
const PLACE_BYTES = 4096;

/** Files of a size that another file has as well, and that are equal to it wherever one looks. */
export function possibleTwins<T extends SizedFile>(files: readonly T[], fullPath: (file: T) => string): ReadonlySet<T> {
  const nonEmpty = files.filter(({ bytes }) => bytes > 0);
  const sameSize = companions(nonEmpty, ({ bytes }) => String(bytes));
  return new Set(companions(sameSize, (file) => `${file.bytes} ${glance(fullPath(file), file.bytes)}`));
}

/** Those whose key another one has too. */
function companions<T>(all: readonly T[], keyOf: (one: T) => string): readonly T[] {
  const keyed = all.map((one) => [one, keyOf(one)] as const);
  const counts = new Map<string, number>();
  for (const [, key] of keyed) counts.set(key, (counts.get(key) ?? 0) + 1);
  return keyed.flatMap(([one, key]) => ((counts.get(key) ?? 0) > 1 ? [one] : []));
}

/** A digest of some places of a file, from its first bytes to its last. */
function glance(path: string, bytes: number): string {
  const hash = createHash('sha256');
  const place = Buffer.alloc(PLACE_BYTES);
  const fd = openSync(path, 'r');
  try {
    const last = Math.max(0, bytes - PLACE_BYTES);
    for (let at = 0; at < PLACES; at++) {
      const length = readSync(fd, place, 0, PLACE_BYTES, Math.floor((last * at) / (PLACES - 1)));
      hash.update(place.subarray(0, length));
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}
