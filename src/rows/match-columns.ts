/**
 * Which column of one table is which column of the other: by name first, then by content. Never by position (trap R6).
 */
import type { ColumnPair } from '../audit/model.ts';
import type { Column, Table } from '../stores/model.ts';
import { normaliserFor } from './normalise.ts';
import { overlap } from './sketch.ts';

export interface ColumnMatch {
  readonly pairs: readonly Omit<ColumnPair, 'conflicting'>[];
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

/** Columns of other names are paired where both sides hold nearly the same values, and enough of them to tell. */
const CONTENT_OVERLAP = 0.8;
const CONTENT_VALUES = 8;
const CONTENT_DISTINCT = 0.3;

/** `EmailAddress`, `email_address` and `e-mail address` are one name. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_\-.]+/g, '');
}

/** Pairs in the order of `a`'s columns. `textual`: a side is a text store, whose values carry no types. */
export function matchColumns(a: Table, b: Table, textual: boolean): ColumnMatch {
  const free = new Map(b.columns.map((column) => [column.name, column]));
  const found = new Map<string, { readonly column: Column; readonly via: ColumnPair['via'] }>();
  for (const same of [(x: string, y: string) => x === y, (x: string, y: string) => plainName(x) === plainName(y)]) {
    for (const column of a.columns) {
      if (found.has(column.name)) continue;
      const partner = [...free.values()].find((other) => same(column.name, other.name));
      if (partner === undefined) continue;
      free.delete(partner.name);
      found.set(column.name, { column: partner, via: 'name' });
    }
  }
  for (const { from, to } of byContent(a, b, (name) => !found.has(name), free)) {
    if (found.has(from) || !free.has(to.name)) continue;
    free.delete(to.name);
    found.set(from, { column: to, via: 'content' });
  }
  const pairs = a.columns.flatMap((column) => {
    const match = found.get(column.name);
    if (match === undefined) return [];
    const normaliser = chooseNormaliser(column, match.column, textual);
    return [{ a: column.name, b: match.column.name, via: match.via, normaliser }];
  });
  return {
    pairs,
    onlyA: a.columns.filter(({ name }) => !found.has(name)).map(({ name }) => name),
    onlyB: [...free.keys()],
  };
}

function chooseNormaliser(a: Column, b: Column, textual: boolean): ColumnPair['normaliser'] {
  if (a.profile === undefined || b.profile === undefined) return 'exact';
  const chosen = normaliserFor(a.profile, b.profile);
  return chosen === 'exact' && (textual || affinity(a.type) !== affinity(b.type)) ? 'text' : chosen;
}

/** Best pairs first, so that each column gets the partner it overlaps with most. */
function byContent(
  a: Table,
  b: Table,
  isFree: (name: string) => boolean,
  free: ReadonlyMap<string, Column>,
): readonly { readonly from: string; readonly to: Column }[] {
  const candidates: { from: string; to: Column; score: number; both: number }[] = [];
  for (const column of a.columns) {
    const mine = a.sketch?.columns[column.name];
    if (!isFree(column.name) || mine === undefined || !tells(column, mine)) continue;
    for (const to of free.values()) {
      const theirs = b.sketch?.columns[to.name];
      if (theirs === undefined || !tells(to, theirs)) continue;
      const { aInB, bInA } = overlap(mine, theirs);
      const score = Math.max(aInB, bInA);
      if (score >= CONTENT_OVERLAP) candidates.push({ from: column.name, to, score, both: Math.min(aInB, bInA) });
    }
  }
  // Of two that hold all its values, the one that holds no others.
  return candidates.sort((x, y) => y.score - x.score || y.both - x.both);
}

/** Small integers, flags and constants overlap everywhere; only varied values say that two columns are one. */
export function tells(column: Column, sketch: readonly number[]): boolean {
  const profile = column.profile;
  if (profile === undefined || sketch.length < CONTENT_VALUES || profile.distinct < CONTENT_DISTINCT) return false;
  return ![
    'integer',
    'integer-text',
    'boolean',
    'boolean-text',
    'empty',
    'mixed',
    'real',
    'real-text',
    'date',
  ].includes(profile.shape);
}

/** Affinity of a declared type: https://sqlite.org/datatype3.html#determination_of_column_affinity */
export function affinity(type: string): 'integer' | 'text' | 'blob' | 'real' | 'numeric' {
  if (/INT/i.test(type)) return 'integer';
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'text';
  if (type === '' || /BLOB/i.test(type)) return 'blob';
  if (/REAL|FLOA|DOUB/i.test(type)) return 'real';
  return 'numeric';
}
