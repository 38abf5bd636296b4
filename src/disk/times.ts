/** Times that can be set again: Node takes seconds as a double and cuts off what does not fit. */

/**
 * The seconds to pass for a time to come out to the microsecond: a double close to a whole microsecond may lie short of it, and is
 * cut to the one before; half a microsecond more is cut to the right one. A string before 1970, where Node takes a number for now.
 */
export function settableSeconds(ns: bigint): number | string {
  const us = Number(toMicroseconds(ns));
  return us < 0 ? String((us - 0.5) / 1e6) : (us + 0.5) / 1e6;
}

/** What is left of a time that was read, set and read again; rounded down, also before 1970. */
export function toMicroseconds(ns: bigint): bigint {
  const us = ns / 1000n;
  return ns < 0n && us * 1000n !== ns ? us - 1n : us;
}
