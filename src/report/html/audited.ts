/** What the page is made of, and the orders and words that more than one part of it uses. */
import type { Audit, Severity } from '../../audit/model.ts';
import type { Binding, BindingAccess, BindingConfidence } from '../../bindings/model.ts';

/** Code is seen through what it opens. */
export type Audited = Omit<Audit, 'code'> & { readonly bindings: readonly Binding[] };

/** Worst first; what is in order comes last. */
export const SEVERITY_ORDER: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'good'];

/** Surest first. */
export const CONFIDENCES: readonly BindingConfidence[] = ['proven', 'likely', 'unknown'];

const ACCESS: readonly (readonly [BindingAccess, string])[] = [
  ['read', 'reads'],
  ['write', 'writes'],
  ['ddl', 'DDL'],
];

/** `reads, writes, DDL`; code that opens a store and is not seen to do anything with it only opens it. */
export function accessWords(access: readonly BindingAccess[]): string {
  const words = ACCESS.flatMap(([one, word]) => (access.includes(one) ? [word] : []));
  return words.length === 0 ? 'opens' : words.join(', ');
}

/** Code units, not the reader's language: the same audit gives the same page everywhere. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
