/** Numbers and bytes as text that reads back exactly, in every format; what reads back as something else is not taken for one. */
import type { Value } from '../rows/value.ts';

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** The shortest text of the same double, never that of an integer. */
export function realText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** `null`: not a number as it is written here. */
export function numberOf(text: string): bigint | number | null {
  if (/^-?\d+$/.test(text)) {
    const integer = BigInt(text);
    return String(integer) === text && integer >= MIN_INT64 && integer <= MAX_INT64 ? integer : null;
  }
  if (!/^-?(\d|Infinity$)/.test(text)) return null;
  const real = Number(text);
  return realText(real) === text ? real : null;
}

export type BytesForm = 'base64' | 'hex';

export function bytesText(bytes: Uint8Array, form: BytesForm): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(form);
}

/** `null`: not as it is written here; the decoder itself would take half of it. */
export function bytesOf(text: string, form: BytesForm): Uint8Array | null {
  const bytes = Buffer.from(text, form);
  return bytes.toString(form) === text ? new Uint8Array(bytes) : null;
}

/** The same kind of value and the same value: 1 is not 1.0, and 0.0 not -0.0. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  return !(b instanceof Uint8Array) && Buffer.compare(a.bytes, b.bytes) === 0;
}
