/**
 * What wins where rows that are one entity differ, per column that does. An ancestor goes before all of it; a later time settles what it
 * stands beside; credentials, and what nothing settles, are asked.
 */
import type { TableComparison } from '../../audit/model.ts';
import { hasWord, wordSet, wordsOf } from '../../rows/column-words.ts';
import type { Column, Table } from '../../stores/model.ts';
import type { Policy } from '../model.ts';

/** A column of the base that differs somewhere, and in how many rows. */
export interface Differing {
  readonly column: string;
  readonly rows: number;
}

export interface Settled {
  readonly differ: Readonly<Record<string, Policy | 'ask'>>;
  readonly newest: string | null;
  /** Of those that are asked. */
  readonly credentials: readonly string[];
  readonly open: readonly string[];
}

const CHANGED = wordSet('updated modified changed edited mtime');
const CREATED = wordSet('created inserted registered joined added');
const TIME_SHAPES = new Set(['timestamp-t', 'timestamp-space', 'date', 'epoch-s', 'epoch-ms']);
const SECRET_SHAPES = new Set(['password-hash', 'token']);
const SECRET_NAME = /passw|passphrase|pwd|secret|(?:^|_)(?:api_?key|token|salt|otp)(?:_|$)/i;

/** `ancestral`: an earlier state tells, of every row that differs, which side changed it. */
export function settle(
  base: Table,
  sources: readonly Table[],
  differing: readonly Differing[],
  { identity, keys, ancestral }: { identity: readonly string[]; keys: readonly string[]; ancestral: boolean },
): Settled {
  const newest = timeOf(base, sources);
  const differ: Record<string, Policy | 'ask'> = {};
  const credentials: string[] = [];
  const open: string[] = [];
  for (const { column } of differing) {
    if (keys.includes(column)) continue;
    const words = wordsOf(column);
    // Two spellings of one key, and when an entity began: the target's stands.
    if (identity.includes(column) || hasWord(words, CREATED)) differ[column] = 'target';
    else if (isSecret(column, [base, ...sources])) {
      differ[column] = 'ask';
      credentials.push(column);
    } else if (newest !== null) differ[column] = 'newest';
    else if (ancestral) differ[column] = 'target';
    else {
      differ[column] = 'ask';
      open.push(column);
    }
  }
  return { differ, newest: Object.values(differ).length === 0 ? null : newest, credentials, open };
}

/** Columns that say when a row was made: two rows that were made at two times were made twice. */
export function began({ columns }: Table): readonly string[] {
  return columns
    .filter(({ name, type, profile }) => {
      const isTime = TIME_SHAPES.has(profile?.shape ?? '') || /DATE|TIME/i.test(type);
      return isTime && hasWord(wordsOf(name), CREATED);
    })
    .map(({ name }) => name);
}

export function isSecret(column: string, tables: readonly Table[]): boolean {
  const shapes = tables.map((table) => columnOf(table, column)?.profile?.shape ?? 'empty');
  return isSecretName(column) || shapes.some((shape) => SECRET_SHAPES.has(shape));
}

export function isSecretName(column: string): boolean {
  return SECRET_NAME.test(column);
}

/** The column that says when a row was changed last: in the base and in each source, with times in it. */
function timeOf(base: Table, sources: readonly Table[]): string | null {
  const found = base.columns.find(({ name }) => {
    if (!hasWord(wordsOf(name), CHANGED)) return false;
    return [base, ...sources].every((table) => {
      const column = columnOf(table, name);
      const shape = column?.profile?.shape;
      return column !== undefined && (shape === undefined || shape === 'empty' || TIME_SHAPES.has(shape));
    });
  });
  return found?.name ?? null;
}

const columnOf = ({ columns }: Table, name: string): Column | undefined =>
  columns.find((one) => one.name.toLowerCase() === name.toLowerCase());

/** Per column of the base (`a`), from comparisons with it. */
export function differingIn(compared: readonly TableComparison[]): readonly Differing[] {
  const rows = new Map<string, number>();
  for (const { columns } of compared)
    for (const { a, conflicting } of columns) if (conflicting > 0) rows.set(a, (rows.get(a) ?? 0) + conflicting);
  return [...rows].map(([column, count]) => ({ column, rows: count })).sort((x, y) => y.rows - x.rows);
}
