/**
 * Stores that are text: one table as CSV or JSONL, all of them as one JSON document. Cells have no types there; what is missing is no cell,
 * what is empty is one. They are staged by the reader that the merge uses, and what it read is compared with what was written.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrokenText, type Value } from '../../src/rows/value.ts';
import { detectDialect } from '../../src/stores/csv/dialect.ts';
import { openReader } from '../../src/stores/kinds.ts';
import { stageStore } from '../../src/stores/sqlite/stage.ts';
import type { Store } from './random-copies.ts';
import type { TableOf } from './random-schemas.ts';
import { encodedRow, readStore } from './read-rows.ts';

export type TextKind = 'csv' | 'jsonl' | 'json';

export interface TextChoice {
  readonly kind: TextKind;
  /** The table of a file of one table, modulo their number. */
  readonly table: number;
  readonly delimiter: ',' | ';' | '\t';
  readonly eol: '\n' | '\r\n';
  /** Cells that need no quotes have them too. */
  readonly quotesAll: boolean;
  /** Keys whose value is missing are left out, instead of `null`. */
  readonly leavesOut: boolean;
}

/**
 * Writes the file into `dir` and stages it as `to`. Returns the columns of each table that it has; a table without a row has none, and
 * `null` is a file that could hold nothing.
 */
export async function writeText(
  dir: string,
  to: string,
  tables: readonly TableOf[],
  store: Store,
  choice: TextChoice,
  lacking: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  rmSync(dir, { recursive: true, force: true });
  rmSync(to, { force: true });
  mkdirSync(dir);
  const wanted = tables
    .map((table, at) => tableOf(table, store[at] ?? [], lacking))
    .filter(({ rows }, at) => rows.length > 0 && (choice.kind === 'json' || at === choice.table % tables.length));
  const [only] = wanted;
  if (only === undefined) return null;
  const delimited = choice.kind === 'csv' ? csv(only, choice) : null;
  const kind = choice.kind === 'csv' && delimited === null ? 'jsonl' : choice.kind;
  const file = join(dir, kind === 'json' ? 'all.json' : `${only.name}.${kind}`);
  writeFileSync(file, delimited ?? (kind === 'json' ? document(wanted, choice) : lines(only, choice)));
  const reader = await openReader({ file, kind });
  const contents = await reader.contents({
    ...{ sampleRows: 0, digestRows: 0, integrity: false, freshness: false, now: 0 },
  });
  await stageStore(reader, contents.tables, to);
  reader.close();
  const cell = kind === 'csv' ? inCsv : inJson;
  const read = readStore(to);
  for (const { name, columns, rows } of wanted) {
    const there = read.get(name) ?? [];
    const was = rows.map((row) => encodedRow(row.map(cell)));
    const is = there.map(({ cells }) => encodedRow(columns.map((column) => cells[column] ?? null)));
    if (was.join('\n') !== is.join('\n')) throw new Error(`${file}: what is read is not what was written`);
  }
  return new Map([...read].map(([name, [row]]) => [name, Object.keys(row?.cells ?? {})]));
}

interface Plain {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

function tableOf({ name, columns }: TableOf, rows: readonly (readonly Value[])[], lacking: ReadonlySet<string>): Plain {
  const at = columns.flatMap((column, i) => (lacking.has(`${name} ${column.name}`) ? [] : [i]));
  return {
    name,
    columns: at.map((i) => columns[i]?.name ?? ''),
    // A line of nothing is no row.
    rows: rows.map((row) => at.map((i) => row[i] ?? null)).filter((row) => row.some((cell) => cell !== null)),
  };
}

/** Bytes and broken text are written as hex digits, numbers as programs print them. */
function inCsv(value: Value): string | null {
  if (value === null || typeof value === 'string') return value;
  if (value instanceof BrokenText) return Buffer.from(value.bytes).toString('hex');
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

function inJson(value: Value): Value {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)) ? value : inCsv(value);
}

/** `null`: one cannot tell from the file how it is written. */
function csv({ columns, rows }: Plain, { delimiter, eol, quotesAll }: TextChoice): string | null {
  if (columns.length < 2) return null;
  const cell = (value: Value): string => {
    const text = inCsv(value);
    if (text === null) return '';
    return quotesAll || !/^[\w@.-]+$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = [columns, ...rows.map((row) => row.map(cell))].map((cells) => cells.join(delimiter) + eol).join('');
  const seen = detectDialect(Buffer.from(text), 'x.csv');
  return seen?.delimiter === delimiter && seen.quote === '"' && seen.header && seen.encoding === 'utf-8' ? text : null;
}

function lines(table: Plain, choice: TextChoice): string {
  return table.rows.map((row) => `${record(table, row, choice)}\n`).join('');
}

function document(tables: readonly Plain[], choice: TextChoice): string {
  const members = tables.map(
    (table) => `${JSON.stringify(table.name)}: [${table.rows.map((row) => record(table, row, choice)).join(', ')}]`,
  );
  return `{${members.join(', ')}}`;
}

function record({ columns }: Plain, row: readonly Value[], { leavesOut }: TextChoice): string {
  const members = columns.flatMap((name, i) => {
    const value = inJson(row[i] ?? null);
    return value === null && leavesOut ? [] : [`${JSON.stringify(name)}: ${literal(value)}`];
  });
  return `{${members.join(', ')}}`;
}

function literal(value: Value): string {
  // A real that is whole and large would be read as an integer.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : value.toExponential();
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}
