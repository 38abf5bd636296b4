/** SQL that inserts the rows of one part, by column name. */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { insertedRowid } from './cells.ts';
import { isLine, type Part, rowsOf } from './model.ts';
import { addressSql } from './shape.ts';
import { written } from './written.ts';

/** Which rows come in: those that the ledger says nothing else of. */
export function comesIn(part: Part, alias: string): string {
  return part.state.listed
    ? `NOT EXISTS (SELECT 1 FROM ${rowsOf(part)} l WHERE ${isLine(part, 'l', alias)} AND l.presence <> 1)`
    : '1';
}

/** All of them at once. A join without a partner is cheaper than asking the ledger for every row anew. */
export function insertAllSql(part: Part): string {
  const all = insertSql(part);
  return part.state.listed
    ? `${all} LEFT JOIN ${rowsOf(part)} l ON ${isLine(part, 'l', 'x')} WHERE coalesce(l.presence, 1) = 1`
    : all;
}

/** `from`: other tables in front of the source's row `x`. */
export function insertSql(part: Part, from = ''): string {
  const { target, spec, shape } = part;
  const columns = target.spec.columns.map(({ name }) => name).filter((name) => spec.columns[name] !== undefined);
  const names = columns.map(quoteName);
  const values = columns.map((name) => written(part, name, 'x'));
  const { rowidColumn, hasRowid, address } = target.shape;
  if (hasRowid && (rowidColumn === null || !columns.includes(rowidColumn))) {
    names.unshift(quoteName(address[0] ?? 'rowid'));
    values.unshift(insertedRowid(part, addressSql(shape, 'x')));
  } else if (target.spec.surrogate !== null && !columns.includes(target.spec.surrogate)) {
    names.unshift(quoteName(target.spec.surrogate));
    values.unshift(written(part, target.spec.surrogate, 'x'));
  }
  // Whatever the target's constraints say should be done with a row in their way: here it is an error.
  return `INSERT OR ABORT INTO ${target.shape.sql} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${from}${shape.sql} x`;
}
