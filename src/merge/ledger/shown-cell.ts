/** A value as a document shows it: it need not be read back, but must not be mistaken, and never fill a memory. */
import { BrokenText, type Value } from '../../rows/value.ts';
import type { Cell } from './documents.ts';

const MOST = 1000;

export function shownCell(value: Value): Cell {
  if (value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string')
    return value.length <= MOST ? value : `${value.slice(0, MOST)}… (${value.length} characters)`;
  const bytes = value instanceof BrokenText ? value.bytes : value;
  const hex = Buffer.from(bytes.subarray(0, MOST / 2)).toString('hex');
  return bytes.length <= MOST / 2 ? `x'${hex}'` : `x'${hex}…' (${bytes.length} bytes)`;
}
