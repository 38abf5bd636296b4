/**
 * SQL of single cells of a source's row, and of the number that a row has in the target. `alias` names the row. What a reference becomes
 * is in `written.ts`.
 */
import { asInteger, wouldChange } from '../../rows/affinity-sql.ts';
import { formSql } from '../../rows/write-form.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { oldOf, type Part, rowsOf } from './model.ts';
import { findColumn } from './shape.ts';

/** As it stands in the source. `null`: the part has no such column. */
export function raw(part: Part, column: string, alias: string): string | null {
  const source = part.spec.columns[column];
  if (source === undefined) return null;
  return 'from' in source ? `${alias}.${quoteName(source.from)}` : literal(source.fill);
}

function literal(value: null | number | string): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : `(${value.toExponential()})`;
  return value
    .split('\0')
    .map((text) => `'${text.replaceAll("'", "''")}'`)
    .join(' || char(0) || ');
}

/** In the target's form, before any affinity. */
export function inForm(part: Part, column: string, alias: string): string {
  return asWritten(part, column, raw(part, column, alias) ?? 'NULL');
}

/** Any value of this column in the target's form. */
export function asWritten(part: Part, column: string, value: string): string {
  const source = part.spec.columns[column];
  return source !== undefined && 'from' in source && source.form !== undefined ? formSql(source.form, value) : value;
}

/** Whether the column of the target may make something else of what stands in the source. */
export function mayChange(part: Part, column: string): boolean {
  const source = part.spec.columns[column];
  const to = findColumn(part.target.shape, column)?.affinity ?? 'blob';
  if (source === undefined || to === 'blob') return false;
  if (!('from' in source) || source.form !== undefined) return true;
  const from = findColumn(part.shape, source.from)?.affinity;
  const isNumeric = (affinity: string | undefined): boolean => affinity === 'integer' || affinity === 'numeric';
  return from !== to && !(isNumeric(from) && isNumeric(to));
}

/** Condition: the column would turn the value into another one. */
export function changes(part: Part, column: string, alias: string): string {
  const to = findColumn(part.target.shape, column)?.affinity ?? 'blob';
  return mayChange(part, column) ? wouldChange(inForm(part, column, alias), to) : '0';
}

/** Rowid in the target of a row that comes, or came, there, or has met one. Of no meaning where it is retained. */
export function newRowid(part: Part, address: readonly string[]): string {
  return rowidThere(part, address, part.state.listed);
}

/** Of a row of which it is known that it has met none. */
export function insertedRowid(part: Part, address: readonly string[]): string {
  return rowidThere(part, address, part.state.placed);
}

function rowidThere(part: Part, address: readonly string[], isListed: boolean): string {
  const { state } = part;
  const [first = 'NULL'] = address;
  const moved =
    state.offset === 'many'
      ? `${first} + (SELECT p.offset FROM ledger.spans p WHERE p.part = ${part.number} AND p.first <= ${first} ORDER BY p.first DESC LIMIT 1)`
      : state.offset === 0n
        ? first
        : `${first} + (${state.offset})`;
  if (!isListed) return moved;
  const isThis = oldOf(part).map((name, i) => `r.${name} = +${address[i]}`);
  return `coalesce((SELECT r.k0 FROM ${rowsOf(part)} r WHERE ${isThis.join(' AND ')}), ${moved})`;
}

/** A value that refers to an integer key, as that integer; cheap where the column holds integers only. */
export function integerOf(part: Part, column: string, alias: string): string {
  const source = part.spec.columns[column];
  const value = raw(part, column, alias) ?? 'NULL';
  const affinity = source !== undefined && 'from' in source ? findColumn(part.shape, source.from)?.affinity : undefined;
  return affinity === 'integer' || affinity === 'numeric'
    ? `CASE WHEN typeof(${value}) = 'integer' THEN ${value} END`
    : asInteger(value);
}
