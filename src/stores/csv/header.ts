/** Judges the first records of a delimited text: is the first one a header, and, without a telling name, are these rows? */
import type { Cell } from './records.ts';

type Records = readonly (readonly Cell[])[];

const NUMBER = /^[+-]?(\d+([.,]\d+)*|\d*[.,]\d+)(e[+-]?\d+)?\s*%?$/i;
const YEAR = /^(19|20)\d\d$/;
/** Numbers, dates, times, ids, addresses: what rows hold and names of columns never are. */
const VALUE: readonly RegExp[] = [
  NUMBER,
  /^\d{4}-\d\d?-\d\d?([ T]\d\d:\d\d.*)?$/,
  /^\d{1,2}[./]\d{1,2}[./]\d{2,4}( .*)?$/,
  /^\d\d?:\d\d(:\d\d)?$/,
  /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  /^(true|false)$/i,
  /^https?:\/\//i,
];

const isValue = (cell: string): boolean => VALUE.some((shape) => shape.test(cell));

/** Assumes a header unless the first record itself looks like data: most files have one, and losing a row is worse than naming one. */
export function looksLikeHeader(records: Records): boolean {
  const [first, ...rest] = records;
  if (first === undefined) return true;
  const cells = first.map((cell) => cell?.trim() ?? '');
  if (cells.every((cell) => cell === '')) return false;
  const values = cells.filter(isValue);
  // Data frames number their columns: `0,1,2` or `,0,1,2`.
  const filled = cells[0] === '' ? cells.slice(1) : cells;
  if (filled.length > 1 && filled.every((cell, i) => cell === String(i))) return true;
  // Years are names of columns in tables of figures, where the cells below them are not years.
  const years = values.every((cell) => YEAR.test(cell)) && new Set(values).size === values.length;
  if (values.length > 0 && !(years && values.length < cells.length && !yearsBelow(cells, rest))) return false;
  const repeated = cells.filter((cell, i) => {
    const again = rest.some((record) => record[i]?.trim() === cell && record.some((other, j) => other !== first[j]));
    return cell !== '' && again;
  });
  return repeated.length === 0 || repeated.length < cells.length / 2;
}

function yearsBelow(cells: readonly string[], rest: Records): boolean {
  return cells.some((cell, i) => YEAR.test(cell) && rest.some((record) => YEAR.test(record[i] ?? '')));
}

const NAME = /^[\p{L}_#][\p{L}\p{N} _.\-/()%#:°]{0,63}$/u;

/**
 * Proof asked of a file whose name says nothing: a header of distinct names, at least three columns and three rows (ten rows for
 * two columns), all of one width, and a column of values that no prose has.
 */
export function provesRows(records: Records, delimiter: string): boolean {
  const [first, ...rest] = records;
  if (first === undefined) return false;
  const names = first.map((cell) => cell?.trim() ?? '');
  const width = names.length;
  if (width < 2 || rest.length < (width === 2 ? 10 : 3)) return false;
  if (!names.every((name) => NAME.test(name) && !isValue(name))) return false;
  // Sentences are not names, however well they are punctuated.
  if (names.some((name) => name.split(' ').length > 4)) return false;
  if (new Set(names.map((name) => name.toLowerCase())).size !== width) return false;
  if (rest.some((record) => record.length !== width)) return false;
  if (delimiter === '|' && rest.some((record) => record.every((cell) => /^\s*:?-+:?\s*$/.test(cell ?? '-'))))
    return false;
  return names.some((_, i) => {
    const filled = rest.flatMap((record) => (record[i] === null || record[i] === undefined ? [] : [record[i].trim()]));
    return filled.length >= rest.length / 2 && filled.every(isValue);
  });
}
