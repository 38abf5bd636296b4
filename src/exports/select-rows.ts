/**
 * The rows of an export in their one order, from a snapshot that is opened immutably. In a child process. A query is the owner's: it is
 * one SELECT or it is refused, and its rows are taken once, so that what is asked twice of a row is the same.
 */
import type { Row } from '../rows/value.ts';
import { cellExpressions, decodeRow, type TextEncoding } from '../stores/sqlite/cells.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { readSchema, type Schema } from '../stores/sqlite/schema.ts';
import type { ExportColumn, ExportSpec, OrderBy } from './model.ts';

export interface Selected {
  readonly columns: readonly ExportColumn[];
  /** Of them, those that tell rows apart; empty where nothing is declared or one of them is left out. */
  readonly key: readonly string[];
  rows(): Iterable<Row>;
}

/** The specification does not fit the store. */
export class SpecError extends Error {}

export function selectRows(db: Connection, spec: ExportSpec): Selected {
  const source = 'table' in spec.from ? tableSource(db, spec.from.table) : querySource(db, spec.from.query);
  const columns = spec.columns === null ? source.columns : spec.columns.map((name) => find(name, source));
  const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
  if (repeated !== undefined) throw new SpecError(`the column ${repeated.name} is asked for twice`);
  if (columns.length === 0) throw new SpecError(`${source.what} has no columns`);
  const names = columns.map(({ name }) => name);
  const sql = `${source.with}SELECT ${cellExpressions(names)} FROM ${source.from} ORDER BY ${orderOf(spec.order, source)}`;
  const encoding = String(db.row('PRAGMA encoding')?.[0] ?? 'UTF-8') as TextEncoding;
  return {
    columns,
    key: source.key.every((name) => names.includes(name)) ? source.key : [],
    *rows() {
      for (const cells of db.each(sql)) yield decodeRow(cells, names.length, encoding);
    },
  };
}

interface Source {
  /** As errors call it. */
  readonly what: string;
  readonly with: string;
  readonly from: string;
  readonly columns: readonly ExportColumn[];
  /** Columns that tell rows apart; empty where nothing is declared. */
  readonly key: readonly string[];
  /** A name of the rowid that no column has taken. */
  readonly rowid: string | null;
}

function tableSource(db: Connection, name: string): Source {
  const tables = readSchema(db);
  const table = tables.find((one) => one.name === name) ?? tables.find((one) => lower(one.name) === lower(name));
  if (table === undefined || table.kind === 'shadow') {
    const names = tables.filter(({ kind }) => kind !== 'shadow').map((one) => one.name);
    throw new SpecError(`there is no table ${name}; there are: ${names.join(', ') || 'none'}`);
  }
  if (table.kind === 'virtual') throw new SpecError(`${name} is a virtual table: reading it may run any code`);
  if (table.note !== undefined) throw new SpecError(`${name} cannot be read: ${table.note}`);
  const from = `main.${quoteName(table.name)}`;
  if (table.kind === 'view') return { ...asRows(`SELECT * FROM ${from}`), ...described(table), key: [], rowid: null };
  return { with: '', from, ...described(table), key: table.primaryKey, rowid: rowidOf(table) };
}

function described({ name, columns }: Schema): Pick<Source, 'what' | 'columns'> {
  return { what: `the table ${name}`, columns: columns.map((column) => ({ name: column.name, type: column.type })) };
}

function rowidOf({ withoutRowid, columns }: Schema): string | null {
  if (withoutRowid) return null;
  return ['rowid', '_rowid_', 'oid'].find((name) => !columns.some((column) => lower(column.name) === name)) ?? null;
}

/** Compiled alone it must be one statement, and in brackets a SELECT: `select 1; …` is not the one, `delete …` not the other. */
function querySource(db: Connection, query: string): Source {
  const bare = query.replace(/[;\s]+$/, '');
  const rows = asRows(bare);
  try {
    db.prepare(bare);
    const columns = db.columns(`${rows.with}SELECT * FROM ${rows.from}`);
    return { ...rows, what: 'the query', columns, key: [], rowid: null };
  } catch (error) {
    throw new SpecError(`the query is not one SELECT that can be run: ${(error as Error).message}`);
  }
}

function asRows(query: string): Pick<Source, 'with' | 'from'> {
  // A comment at the end of the query must not swallow the bracket.
  return { with: `WITH "desprawl rows" AS MATERIALIZED (${query}\n) `, from: '"desprawl rows"' };
}

function find(name: string, { columns, what }: Source): ExportColumn {
  const found =
    columns.find((column) => column.name === name) ?? columns.find((column) => lower(column.name) === lower(name));
  if (found !== undefined) return found;
  throw new SpecError(`${what} has no column ${name}; it has: ${columns.map((column) => column.name).join(', ')}`);
}

/** SQLite takes 2,000 terms. Where the kind of value is left out, 1 and 1.0 stand as the table has them. */
const MOST_WITH_KINDS = 900;
const MOST_TERMS = 1_900;

/** As declared, then what tells rows apart, then the place in the table: nothing is left to chance. */
function orderOf(order: readonly OrderBy[], source: Source): string {
  const declared = order.map(({ column, descending }) => {
    return quoteName(find(column, source).name) + (descending ? ' DESC' : '');
  });
  const kinds = source.columns.length <= MOST_WITH_KINDS;
  const apart =
    source.key.length > 0
      ? source.key.map(quoteName)
      : source.columns.flatMap(({ name }) => {
          const column = quoteName(name);
          return [`${column} COLLATE BINARY`, ...(kinds ? [`typeof(${column})`] : [])];
        });
  const terms = [...declared, ...apart].slice(0, MOST_TERMS);
  return [...terms, ...(source.rowid === null ? [] : [source.rowid])].join(', ');
}

function lower(name: string): string {
  return name.toLowerCase();
}
