/** Digests of plain data: SHA-256 of a head that says what it is and of its canonical JSON, so that the order of keys never counts. */
import { createHash } from 'node:crypto';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export function digest(head: string, value: Json | object): string {
  return createHash('sha256')
    .update(head)
    .update(canonical(value as Json))
    .digest('hex');
}

/** JSON with sorted keys and no spaces; what is `undefined` is not there. */
export function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`;
  const entries = Object.entries(value as Record<string, Json | undefined>).filter(([, one]) => one !== undefined);
  entries.sort(([x], [y]) => (x < y ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one as Json)}`).join(',')}}`;
}
