import type { Normaliser } from '../audit/model.ts';
import { normaliseForComparison } from './normalise.ts';

/**
 * The SQL function `normalise(how, value)`: the normalised form of a value that conforms, NULL for any other, so that
 * `coalesce(normalise(…), value)` leaves what does not conform exactly as it is.
 */
export function normaliseConforming(
  how: null | bigint | number | string | Uint8Array,
  value: null | bigint | number | string | Uint8Array,
): null | bigint | number | string | Uint8Array {
  const normalised = normaliseForComparison(value, String(how) as Normaliser);
  return normalised === value ? null : normalised;
}
