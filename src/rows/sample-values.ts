/**
 * Rows behind the numbers of a comparison. Only run when the user asked for values (`--show-values`): the one place
 * where row contents leave a store.
 */
import type { ColumnPair } from '../audit/model.ts';
import type { Table } from '../stores/model.ts';
import type { Connection, SqlValue } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { addressOf, balanced, cell, equalCell, keyEquals, project, type Side } from './compare-sql.ts';
import type { Comparison } from './compare-tables.ts';

export interface SampleOptions {
  /** Rows per list. */
  readonly limit: number;
  readonly textual: boolean;
}

export type RowText = Readonly<Record<string, string | null>>;

export interface TableSamples {
  readonly onlyA: readonly RowText[];
  readonly onlyB: readonly RowText[];
  /** The key, and the cells that differ on each side. */
  readonly conflicting: readonly { readonly key: RowText; readonly a: RowText; readonly b: RowText }[];
}

/** Longer cells are cut; the sign says so. */
const CELL_CHARS = 80;

export function sampleValues(
  db: Connection,
  a: Table,
  b: Table,
  comparison: Comparison,
  options: SampleOptions,
): TableSamples {
  const chosen = comparison.keys.find((key) => key.chosen);
  if (chosen === undefined) return { onlyA: [], onlyB: [], conflicting: [] };
  const key = comparison.columns.filter((pair) => chosen.columns.includes(pair.a));
  const context = { db, a, b, key, pairs: comparison.columns, options };
  return {
    onlyA: comparison.onlyA > 0 ? onlyIn(context, 'a', chosen.kind === 'row') : [],
    onlyB: comparison.onlyB > 0 ? onlyIn(context, 'b', chosen.kind === 'row') : [],
    conflicting: comparison.conflicting > 0 ? conflicts(context) : [],
  };
}

interface Context {
  readonly db: Connection;
  readonly a: Table;
  readonly b: Table;
  readonly key: readonly ColumnPair[];
  readonly pairs: readonly ColumnPair[];
  readonly options: SampleOptions;
}

function onlyIn(context: Context, schema: 'a' | 'b', wholeRows: boolean): readonly RowText[] {
  const { db, a, b, options } = context;
  const table = schema === 'a' ? a : b;
  const address = addressOf(table);
  const extra = surplus(context, schema, wholeRows);
  const lone = wholeRows ? extra : `${partnerless(context, schema)} UNION ${extra}`;
  const sides = [a, b].map((one, i): string => {
    const side: Side = { schema: i === 0 ? 'a' : 'b', table: one };
    return `${side.schema === schema ? 'mine' : 'theirs'} AS MATERIALIZED (${project(side, context.key, context.pairs, options.textual)})`;
  });
  const all = table.columns.map(({ name }) => quoteName(name)).join(', ');
  const from = `${schema}.${quoteName(table.name)} WHERE (${address.join(', ')}) IN (${lone})`;
  const rows = db.rows(`WITH ${sides.join(', ')} SELECT ${all} FROM ${from} LIMIT ${options.limit}`);
  return rows.map((row) => Object.fromEntries(table.columns.map(({ name }, i) => [name, show(row[i] ?? null)])));
}

/** Addresses of rows whose key no row of the other side has. A LEFT JOIN gets an index, NOT EXISTS would not. */
function partnerless({ a, b, key }: Context, schema: 'a' | 'b'): string {
  const list = addressOf(schema === 'a' ? a : b).map((_, i) => `x.r${i}`);
  const keyed = key.map((_, i) => `x.k${i} IS NOT NULL`).join(' AND ');
  return `SELECT ${list.join(', ')} FROM mine x LEFT JOIN theirs y ON ${keyEquals(key, 'x', 'y')} WHERE y.r0 IS NULL AND ${keyed}`;
}

/** Addresses of rows without a whole key of which this side has more than the other: one for each kind of row. */
function surplus({ a, b, key, pairs, options }: Context, schema: 'a' | 'b', wholeRows: boolean): string {
  const list = addressOf(schema === 'a' ? a : b).map((_, i) => `r${i}`);
  const cells = pairs.map((pair, i) => `${cell(`c${i}`, pair, options.textual)} AS n${i}`).join(', ');
  const keyless = wholeRows ? '1' : key.map((_, i) => `k${i} IS NULL`).join(' OR ');
  const mine = `SELECT ${list.join(', ')}, 1 AS own, ${cells} FROM mine WHERE ${keyless}`;
  const theirs = `SELECT ${list.map(() => 'NULL').join(', ')}, 0, ${cells} FROM theirs WHERE ${keyless}`;
  const groups = pairs.map((_, i) => `n${i} COLLATE BINARY`).join(', ');
  // Beside max() the other columns are those of the row that has it.
  const counted = `SELECT ${list.join(', ')}, max(own), sum(own) AS here, count(*) AS rows FROM (${mine} UNION ALL ${theirs}) GROUP BY ${groups}`;
  return `SELECT ${list.join(', ')} FROM (${counted}) WHERE here > rows - here`;
}

function conflicts({ db, a, b, key, pairs, options }: Context): TableSamples['conflicting'] {
  const x = project({ schema: 'a', table: a }, key, pairs, options.textual);
  const y = project({ schema: 'b', table: b }, key, pairs, options.textual);
  const equal = pairs.map((pair, i) => equalCell(pair, i, 'x', 'y', options.textual));
  const cells = pairs.flatMap((_, i) => [`x.c${i}`, `y.c${i}`, equal[i] ?? '1']);
  const sql = `WITH y AS MATERIALIZED (${y}) SELECT ${cells.join(', ')} FROM (${x}) x JOIN y ON ${keyEquals(key, 'x', 'y')} WHERE NOT ${balanced(equal, 'AND')} LIMIT ${options.limit}`;
  return db.rows(sql).map((row) => {
    const at = (i: number): SqlValue => row[i] ?? null;
    const differing = pairs.flatMap((pair, i) => (at(3 * i + 2) === 1n ? [] : [{ pair, i }]));
    return {
      key: Object.fromEntries(key.map((part) => [part.a, show(at(3 * pairs.indexOf(part)))])),
      a: Object.fromEntries(differing.map(({ pair, i }) => [pair.a, show(at(3 * i))])),
      b: Object.fromEntries(differing.map(({ pair, i }) => [pair.b, show(at(3 * i + 1))])),
    };
  });
}

function show(value: SqlValue): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return `<${value.byteLength} bytes>`;
  const text = String(value);
  return text.length > CELL_CHARS ? `${text.slice(0, CELL_CHARS)}…` : text;
}
