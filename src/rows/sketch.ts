/**
 * Bottom-k sketches: the k smallest hashes of a column's values in one form for all kinds of stores. Two sketches estimate how
 * much of one column is contained in another; no value can be read from them. After Broder, "On the resemblance and
 * containment of documents" (1997), and Beyer et al., "On synopses for distinct-value estimation" (2007).
 */
import { normaliseForComparison } from './normalise.ts';
import { parseTimestamp } from './timestamp.ts';
import { BrokenText, type Value } from './value.ts';

/** Hashes kept per column. */
export const SKETCH_SIZE = 64;
const MAX_HASH = 0xffffffff;
const HYPHEN = 45;

/** The hash of a value that takes part in sketches: values that compare equal in some form hash alike. `time`: the column is named like a time. */
export function sketchHash(value: Exclude<Value, null>, time: boolean): number {
  if (value instanceof Uint8Array) return hashBytes(value, 1);
  if (value instanceof BrokenText) return hashBytes(value.bytes, 2);
  return hash32(sketchText(value, time));
}

function sketchText(value: string | bigint | number | boolean, time: boolean): string {
  const isText = typeof value === 'string';
  if (isText ? value.length > 9 && value.charCodeAt(4) === HYPHEN : time) {
    const ms = typeof value === 'boolean' ? null : parseTimestamp(value);
    if (ms !== null) return `t${ms}`;
  }
  const number = normaliseForComparison(value, 'number');
  if (typeof number !== 'string') {
    const ms = isText && time ? parseTimestamp(value) : null;
    return ms === null ? `n${number}` : `t${ms}`;
  }
  const text = normaliseForComparison(number, 'uuid');
  if (text !== number) return `u${text}`;
  return `s${number.includes('@') ? normaliseForComparison(number, 'email') : number.trim().normalize('NFC')}`;
}

/** MurmurHash3 (x86, 32 bit) by Austin Appleby, public domain; one block per UTF-16 code unit. */
export function hash32(text: string): number {
  let h = 0x9747b28c;
  for (let i = 0; i < text.length; i++) h = mix(h, text.charCodeAt(i));
  return finish(h ^ text.length);
}

/** A blob and broken text of the same bytes differ by their seed. */
function hashBytes(bytes: Uint8Array, seed: number): number {
  let h = 0x9747b28c ^ seed;
  for (const byte of bytes) h = mix(h, byte);
  return finish(h ^ bytes.length);
}

function mix(h: number, block: number): number {
  let k = Math.imul(block, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const mixed = h ^ Math.imul(k, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Keeps the smallest different hashes seen, in bounded memory. */
export interface Bottom {
  add(hash: number): void;
  /** Ascending. */
  smallest(): readonly number[];
}

export function startBottom(size: number = SKETCH_SIZE): Bottom {
  let kept = new Set<number>();
  let limit = MAX_HASH;
  const smallest = (): readonly number[] => [...kept].sort((x, y) => x - y).slice(0, size);
  return {
    add: (hash) => {
      if (hash > limit) return;
      kept.add(hash);
      if (kept.size < size * 4) return;
      const sorted = smallest();
      kept = new Set(sorted);
      limit = sorted[size - 1] ?? MAX_HASH;
    },
    smallest,
  };
}

export interface Overlap {
  /** Estimated share (0–1) of the values of `a` that are in `b`. */
  readonly aInB: number;
  readonly bInA: number;
  /** Hashes that the smaller estimate rests on; 0 means that the shares are unknown. */
  readonly compared: number;
}

/** Compares two sketches as `startBottom` gives them, ascending and of `SKETCH_SIZE`. */
export function overlap(a: readonly number[], b: readonly number[]): Overlap {
  // Beyond its largest hash a full sketch knows nothing.
  const limit = Math.min(reach(a), reach(b));
  let [i, j, shared] = [0, 0, 0];
  for (;;) {
    const [x, y] = [a[i] ?? Number.POSITIVE_INFINITY, b[j] ?? Number.POSITIVE_INFINITY];
    if (Math.min(x, y) > limit) break;
    if (x === y) shared++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return { aInB: i === 0 ? 0 : shared / i, bInA: j === 0 ? 0 : shared / j, compared: Math.min(i, j) };
}

function reach(sketch: readonly number[]): number {
  return sketch.length < SKETCH_SIZE ? MAX_HASH : (sketch[SKETCH_SIZE - 1] ?? 0);
}
