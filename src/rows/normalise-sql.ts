import type { Normaliser } from '../audit/model.ts';
import { normaliseForComparison } from './normalise.ts';

export type SqlValue = null | bigint | number | string | Uint8Array;

/**
 * The SQL function `normalise(how, value, octet_length(value))`: the normalised form of a value that conforms, NULL for any
 * other, so that `coalesce(normalise(…), value)` leaves what does not conform exactly as it is. The driver cuts text at NUL and
 * replaces broken UTF-8 (trap R16): text that arrives otherwise than it is stored does not conform, whatever it looks like.
 */
export function normaliseConforming(how: SqlValue, value: SqlValue, octets: SqlValue = null): SqlValue {
  if (typeof value === 'string' && !isWhole(value, octets)) return null;
  const normalised = normaliseForComparison(value, String(how) as Normaliser);
  return normalised === value ? null : normalised;
}

export function isWhole(text: string, octets: SqlValue): boolean {
  return !text.includes('\ufffd') && (octets === null || Number(octets) === Buffer.byteLength(text));
}
