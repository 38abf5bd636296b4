/**
 * Where the values of one column lie apart in two tables, no row of one equals a row of the other, and nobody needs to look.
 * Tables of one schema that were filled in different places are mostly like that, and an audit compares each with each.
 */
import type { Table } from '../stores/model.ts';
import type { SqlValue } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import type { CandidateKey } from './candidate-keys.ts';
import type { Pair, Pairing } from './compare-sql.ts';
import { affinity } from './match-columns.ts';

/** Whether all values of a key are greater on one side than on the other. The ends are looked up in its index. */
export function keysLieApart({ db, a, b }: Pairing, { pairs }: CandidateKey): boolean {
  const [pair] = pairs;
  if (pair === undefined || pairs.length > 1) return false;
  // Where affinities differ, values can be equal that do not stand in the same place of one order.
  if (affinityOf(a, pair.a) !== affinityOf(b, pair.b)) return false;
  const end = (which: 'min' | 'max', schema: 'a' | 'b'): string => {
    const [table, column] = schema === 'a' ? [a, pair.a] : [b, pair.b];
    return `(SELECT ${which}(${quoteName(column)} COLLATE BINARY) FROM ${schema}.${quoteName(table.name)})`;
  };
  const sql = `SELECT ${end('max', 'a')} < ${end('min', 'b')} OR ${end('max', 'b')} < ${end('min', 'a')}`;
  return db.row(sql)?.[0] === 1n;
}

function affinityOf(table: Table, name: string): string {
  return affinity(table.columns.find((column) => column.name === name)?.type ?? '');
}

/** Whether some column shows that no row of `a` is equal to a row of `b` in all of `pairs`. */
export function rowsLieApart(pairing: Pairing, pairs: readonly Pair[]): boolean {
  if (pairing.textual) return false;
  const numbers = pairs.filter(
    (pair) => pair.normaliser === 'exact' && isNumber(pairing.a, pair.a) && isNumber(pairing.b, pair.b),
  );
  if (numbers.length === 0) return false;
  const [mine, theirs] = [rangesOf(pairing, 'a', numbers), rangesOf(pairing, 'b', numbers)];
  return numbers.some((_, i) => {
    const [x, y] = [mine[i], theirs[i]];
    // Two NULLs are equal: at most one side may hold any.
    return x !== undefined && y !== undefined && !(x.nulls && y.nulls) && (x.high < y.low || y.high < x.low);
  });
}

function isNumber(table: Table, name: string): boolean {
  const shape = table.columns.find((column) => column.name === name)?.profile?.shape;
  return shape === 'integer' || shape === 'real' || shape === 'epoch-s' || shape === 'epoch-ms';
}

interface Range {
  readonly low: bigint | number;
  readonly high: bigint | number;
  readonly nulls: boolean;
}

/** Ranges by file, table and columns: an audit asks for those of one table once per other store. Files do not change under it. */
const known = new Map<string, readonly (Range | undefined)[]>();
const KNOWN_MOST = 1_000;

/** One pass over all rows; `undefined` where a column holds something other than numbers. */
function rangesOf(pairing: Pairing, schema: 'a' | 'b', pairs: readonly Pair[]): readonly (Range | undefined)[] {
  const table = pairing[schema];
  const columns = pairs.map((pair) => pair[schema]);
  const file = pairing.db.row('SELECT file FROM pragma_database_list WHERE name = ?', schema)?.[0];
  const key = JSON.stringify([String(file ?? ''), table.name, columns]);
  // What has no file has no name that would stay its own.
  const before = file ? known.get(key) : undefined;
  if (before !== undefined) return before;
  const ends = columns.map(quoteName).map((column) => `min(${column}), max(${column}), count(*) > count(${column})`);
  const cells = pairing.db.row(`SELECT ${ends.join(', ')} FROM ${schema}.${quoteName(table.name)}`) ?? [];
  const ranges = columns.map((_, i) => toRange(cells.slice(3 * i, 3 * i + 3)));
  if (known.size >= KNOWN_MOST) known.clear();
  known.set(key, ranges);
  return ranges;
}

/** Numbers are less than text and blobs: where the greatest value is a number, all are. */
function toRange([low, high, nulls]: readonly SqlValue[]): Range | undefined {
  const isNumeric = (value: SqlValue | undefined): value is bigint | number =>
    typeof value === 'bigint' || typeof value === 'number';
  return isNumeric(low) && isNumeric(high) ? { low, high, nulls: nulls === 1n } : undefined;
}
