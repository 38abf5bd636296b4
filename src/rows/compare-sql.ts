/**
 * SQL for comparing two attached tables by a key. Everything stays in the engine: one pass finds the rows that have no
 * partner or differ from it; whatever is asked next is asked of those only.
 */
import type { ColumnPair } from '../audit/model.ts';
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { type ColumnMatch, matchColumns } from './match-columns.ts';

export type Pair = Omit<ColumnPair, 'conflicting'>;

export interface Side {
  /** Name under which the file is attached. */
  readonly schema: 'a' | 'b';
  readonly table: Table;
  /** Only these rows take part: a condition on the table's own columns. */
  readonly where?: string;
}

export interface CompareOptions {
  /** A side is a text store: `''` equals NULL, `'7'` equals 7. */
  readonly textual: boolean;
  /** Tables with more rows than this are compared by sample. (A number that JSON can carry: `Number.MAX_SAFE_INTEGER` compares all.) */
  readonly exactRows: number;
  /** Rows taken from each side of a large table. */
  readonly sampleRows: number;
}

/** Two attached tables, ready to be compared. */
export interface Pairing {
  readonly db: Connection;
  readonly a: Table;
  readonly b: Table;
  readonly sides: { readonly a: Side; readonly b: Side };
  readonly match: ColumnMatch;
  readonly rowsA: number;
  readonly rowsB: number;
  readonly textual: boolean;
  readonly sampled: boolean;
  /** Schemas in which other processes have left their part of measuring the first key. */
  readonly parts?: readonly string[];
}

/** All rows of both tables. */
export function makePairing(a: Table, b: Table, { textual }: CompareOptions): Omit<Pairing, 'db'> {
  const sides = { a: wholeSide('a', a), b: wholeSide('b', b) };
  const [rowsA, rowsB] = [a.rows ?? 0, b.rows ?? 0];
  return { a, b, sides, match: matchColumns(a, b, textual), rowsA, rowsB, textual, sampled: false };
}

/** All rows of a table. */
export const wholeSide = (schema: 'a' | 'b', table: Table): Side => ({ schema, table });

/** What names one row of a table for the length of a comparison: its rowid, or the primary key where there is none. */
export function addressOf(table: Table): readonly string[] {
  if (table.withoutRowid) return table.primaryKey.map(quoteName);
  const taken = new Set(table.columns.map(({ name }) => name.toLowerCase()));
  return [['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name)) ?? 'rowid'];
}

/** One cell as it is compared. Conforming values are normalised, all others compared as they are. */
export function cell(column: string, pair: Pair, emptyIsNull: boolean): string {
  const raw = emptyIsNull ? `nullif(${column}, '')` : column;
  if (pair.normaliser === 'exact') return raw;
  // A blob is no text, even where its bytes would be one.
  if (pair.normaliser === 'text') return `CASE typeof(${raw}) WHEN 'blob' THEN ${raw} ELSE CAST(${raw} AS TEXT) END`;
  if (pair.normaliser === 'email') {
    // ASCII, which nearly all addresses are, stays in the engine. GLOB and length() end at a NUL, octet_length() does not.
    const plain = `octet_length(${raw}) = length(${raw}) AND ${raw} NOT GLOB '*[^ -~]*'`;
    return `CASE WHEN typeof(${raw}) <> 'text' THEN ${raw} WHEN ${plain} THEN lower(trim(${raw})) ELSE ${normalised('email', raw)} END`;
  }
  return normalised(pair.normaliser, raw);
}

/** The length tells the function when the driver has handed it a part of the text only (trap R16). */
function normalised(how: Pair['normaliser'], raw: string): string {
  return `coalesce(normalise('${how}', ${raw}, octet_length(${raw})), ${raw})`;
}

/** A projection of one side: address as `r0…`, the key as `k0…`, all compared columns as `c0…`. */
export function project(side: Side, key: readonly Pair[], pairs: readonly Pair[], emptyIsNull: boolean): string {
  const name = (pair: Pair): string => quoteName(side.schema === 'a' ? pair.a : pair.b);
  const columns = [
    ...addressOf(side.table).map((address, i) => `${address} AS r${i}`),
    ...key.map((pair, i) => `${cell(name(pair), pair, emptyIsNull)} AS k${i}`),
    ...pairs.map((pair, i) => `${name(pair)} AS c${i}`),
  ];
  const where = side.where === undefined ? '' : ` WHERE ${side.where}`;
  return `SELECT ${columns.join(', ')} FROM ${side.schema}.${quoteName(side.table.name)}${where}`;
}

/** `x.k = y.k` for every part of the key. BINARY, whatever collation a column declares: no two values are one. */
export function keyEquals(key: readonly Pair[], x: string, y: string): string {
  return key.map((_, i) => `${x}.k${i} = ${y}.k${i} COLLATE BINARY`).join(' AND ');
}

/** Truth of "this column is equal on both sides"; NULL equals NULL. */
export function equalCell(pair: Pair, i: number, x: string, y: string, emptyIsNull: boolean): string {
  const raw = `${x}.c${i} IS ${y}.c${i} COLLATE BINARY`;
  if (pair.normaliser === 'exact' && !emptyIsNull) return `(${raw})`;
  const left = cell(`${x}.c${i}`, pair, emptyIsNull);
  const right = cell(`${y}.c${i}`, pair, emptyIsNull);
  return `(${raw} OR ${left} IS ${right} COLLATE BINARY)`;
}

/** SQLite limits the depth of expressions: long conjunctions and sums are nested as balanced trees. */
export function balanced(terms: readonly string[], operator: 'AND' | '+'): string {
  if (terms.length === 0) return operator === 'AND' ? '1' : '0';
  if (terms.length === 1) return terms[0] ?? '1';
  const middle = terms.length >> 1;
  return `(${balanced(terms.slice(0, middle), operator)} ${operator} ${balanced(terms.slice(middle), operator)})`;
}
