/** When a cell of a source's row, as it will be written, is equal to a cell of the merged file; and when rows have one key. */
import type { Normaliser } from '../../audit/model.ts';
import { asStored } from '../../rows/affinity-sql.ts';
import { balanced, cell } from '../../rows/compare-sql.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { ColumnSpec } from '../model.ts';
import { changes, mayChange, inForm as ownForm } from './cells.ts';
import type { Part, Target } from './model.ts';
import { findColumn } from './shape.ts';
import { written } from './written.ts';

export const columnSpec = (target: Target, name: string): ColumnSpec =>
  target.spec.columns.find((column) => column.name === name) ?? { name, type: '', added: false, normaliser: 'exact' };

/** A cell in a form for comparison (docs/rows.md). */
export function inForm(value: string, normaliser: Normaliser): string {
  return cell(value, { a: '', b: '', via: 'name', normaliser }, false);
}

/** Both in the form in which they are compared, as stored: no affinity makes `'007'` of one side the 7 of the other. */
export function equal(part: Part, column: string, x: string, y: string): string {
  const spec = columnSpec(part.target, column);
  const [here, there] = [written(part, column, x), `${y}.${quoteName(column)}`];
  const same = `+${there} IS +(${here}) COLLATE BINARY`;
  if (spec.normaliser === 'exact') return `(${same})`;
  return `(${same} OR ${inForm(there, spec.normaliser)} IS ${inForm(`(${here})`, spec.normaliser)} COLLATE BINARY)`;
}

/** Columns in which rows of this part are compared with rows of the target. A value that only fills a gap is no store's: it wins over none. */
export function comparedColumns({ target, spec }: Part): readonly string[] {
  return target.spec.columns
    .map(({ name }) => name)
    .filter((name) => name !== target.spec.surrogate && 'from' in (spec.columns[name] ?? {}));
}

export function allEqual(part: Part, x: string, y: string): string {
  return balanced(
    comparedColumns(part).map((column) => equal(part, column, x, y)),
    'AND',
  );
}

/** A cell of a key in the form in which keys are compared. */
export function keyCell(target: Target, column: string, value: string): string {
  return `(${inForm(value, columnSpec(target, column).normaliser)})`;
}

/** Whether rows of the target are found by the value as it stands, through an index. */
export function isDirect(part: Part, columns: readonly string[]): boolean {
  return columns.every((column) => columnSpec(part.target, column).normaliser === 'exact');
}

/** What a row is recognised by: its number as its store gave it, not the one that it gets where it meets no row. */
export function ownKey(part: Part, column: string, alias: string): string {
  if (column !== part.target.spec.surrogate) return written(part, column, alias);
  const affinity = findColumn(part.target.shape, column)?.affinity ?? 'blob';
  const own = ownForm(part, column, alias);
  return mayChange(part, column)
    ? `CASE WHEN ${changes(part, column, alias)} THEN ${own} ELSE ${asStored(`(${own})`, affinity)} END`
    : own;
}

/** `y.key = x.key`, and nothing that only an affinity makes equal. */
export function sameKey(part: Part, columns: readonly string[], x: string, y: string): string {
  return columns
    .map((column) => {
      const [here, there] = [ownKey(part, column, x), `${y}.${quoteName(column)}`];
      const plain =
        !mayChange(part, column) &&
        findColumn(part.target.shape, column)?.affinity !== undefined &&
        here === bare(part, column, x);
      const found = `${there} = ${here} COLLATE BINARY`;
      return plain ? found : `${found} AND +${there} IS +(${here}) COLLATE BINARY`;
    })
    .join(' AND ');
}

function bare(part: Part, column: string, alias: string): string {
  const source = part.spec.columns[column];
  return source !== undefined && 'from' in source ? `${alias}.${quoteName(source.from)}` : '';
}
