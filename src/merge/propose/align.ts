/**
 * Which column is which, by name and by content, never by position (trap R6); what only a source has; what the target requires and a source
 * lacks (R7); how values are compared and written where both sides write them otherwise (R8).
 */
import type { Normaliser } from '../../audit/model.ts';
import { affinity, matchColumns } from '../../rows/match-columns.ts';
import type { ValueForm } from '../../rows/write-form.ts';
import type { Column, Table } from '../../stores/model.ts';
import { readLookup, type SaidLookup } from '../lookup-words.ts';
import type { MergeTable } from '../settings.ts';
import { sameName } from './divide.ts';

export const ADD = 'add';
export const LEAVE = 'leave';

export interface Aligned {
  /** Column of the source → of the base. Generated ones of the base are none. */
  readonly names: ReadonlyMap<string, string>;
  /** Column of the source → form of comparison. */
  readonly normalisers: ReadonlyMap<string, Normaliser>;
  readonly onlySource: readonly Column[];
  /** Of them in `names`, those that name rows of another table, whose key comes in. */
  readonly lookups: ReadonlyMap<string, SaidLookup>;
}

/** `said`: what the plan says of columns, which goes before what is found. */
export function align(base: Table, source: Table, textual: boolean, said: MergeTable['columns'] = {}): Aligned {
  const match = matchColumns(base, source, textual);
  const names = new Map<string, string>();
  const normalisers = new Map<string, Normaliser>();
  const written = base.columns.filter(({ generated }) => !generated);
  for (const { a, b, normaliser } of match.pairs) {
    if (said[b] !== undefined || !written.some(({ name }) => name === a)) continue;
    names.set(b, a);
    normalisers.set(b, normaliser);
  }
  const lookups = new Map<string, SaidLookup>();
  for (const [from, to] of Object.entries(said)) {
    const plain = written.find(({ name }) => sameName(name, to));
    const lookup = plain === undefined && textual ? readLookup(to) : null;
    const column = plain ?? written.find(({ name }) => sameName(name, lookup?.column ?? ''));
    const own = source.columns.find(({ name }) => sameName(name, from));
    if (column === undefined || own === undefined || to === ADD || to === LEAVE) continue;
    for (const [other, taken] of names) if (taken === column.name) names.delete(other);
    names.set(own.name, column.name);
    if (lookup !== null) lookups.set(own.name, lookup);
    const isText = lookup === null && (textual || affinity(own.type) !== affinity(column.type));
    normalisers.set(own.name, isText ? 'text' : 'exact');
  }
  const onlySource = source.columns.filter(
    ({ name, generated }) =>
      !generated && !names.has(name) && !base.columns.some((one) => one.generated && sameName(one.name, name)),
  );
  return { names, normalisers, onlySource, lookups };
}

/** Columns that the target requires and that nothing of the source comes into; a number is given without being asked. */
export function requiredColumns(base: Table, { names }: Aligned): readonly Column[] {
  const has = new Set(names.values());
  return base.columns.filter(
    ({ name, type, notNull, hasDefault, generated }) =>
      notNull &&
      !hasDefault &&
      !generated &&
      !has.has(name) &&
      !(base.primaryKey.length === 1 && base.primaryKey[0] === name && /INT/i.test(type)),
  );
}

const TIMES = new Set(['timestamp-t', 'timestamp-space', 'epoch-s', 'epoch-ms']);
const FORMS: Readonly<Record<string, ValueForm>> = {
  'uuid-dashed': 'uuid-dashed',
  'uuid-hex': 'uuid-hex',
  'timestamp-t': 'timestamp-t',
  'timestamp-space': 'timestamp-space',
  'epoch-s': 'epoch-s',
  'epoch-ms': 'epoch-ms',
};

/** How the target writes what both write, where the source writes it otherwise; `null`: as it stands. */
export function formOf(target: Column, source: Column, textual: boolean): ValueForm | null {
  const [to, from] = [target.profile?.shape, source.profile?.shape];
  if (to !== undefined && from !== undefined && to !== from) {
    const isUuid = to.startsWith('uuid') && from.startsWith('uuid');
    if (isUuid || (TIMES.has(to) && TIMES.has(from))) return FORMS[to] ?? null;
    if ((to === 'integer' || to === 'real') && /^(?:integer|real)-text$/.test(from)) return 'number';
    if (to === 'boolean' && from === 'boolean-text') return 'boolean';
  }
  if (!textual) return null;
  if (['integer', 'real', 'numeric'].includes(affinity(target.type))) return 'number';
  return target.notNull ? null : 'empty-is-null';
}
