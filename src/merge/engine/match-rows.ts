/** Whole rows meet as multisets (trap R18): of three equal rows here and two there, two meet. */

import { quoteName } from '../../stores/sqlite/quote.ts';
import { comparedColumns, keyCell } from './equal.ts';
import { type Engine, newOf, oldOf, type Part, rowsOf, undecided } from './model.ts';
import { addressSql } from './shape.ts';
import { written } from './written.ts';

/** `ours` is a condition on `x`, `theirs` one on `y`. */
export function matchWholeRows(engine: Engine, part: Part, ours: string, theirs: string): void {
  const { target, shape } = part;
  const columns = comparedColumns(part);
  if (columns.length === 0) return;
  const [old, fresh] = [oldOf(part), newOf(part)];
  const x = columns.map((column) => keyCell(target, column, `(${written(part, column, 'x')})`));
  const y = columns.map((column) => keyCell(target, column, `y.${quoteName(column)}`));
  const taken = `SELECT ${fresh.join(', ')} FROM ${rowsOf(part)} WHERE k0 IS NOT NULL`;
  const isFree = part.state.listed ? `(${addressSql(target.shape, 'y').join(', ')}) NOT IN (${taken})` : '1';
  const here = ranked(old, addressSql(shape, 'x'), x, `${shape.sql} x WHERE ${undecided(part, 'x')} AND ${ours}`);
  const there = ranked(
    fresh,
    addressSql(target.shape, 'y'),
    y,
    `${target.shape.sql} y WHERE ${isFree} AND (${theirs})`,
  );
  joinRanked(
    engine,
    columns.length,
    here,
    there,
    (from) =>
      `INSERT INTO ${rowsOf(part)} SELECT ${[...old.map((name) => `a.${name}`), '2', ...fresh.map((name) => `b.${name}`), 'NULL'].join(', ')} ${from}`,
  );
}

/** Rows with their cells as `c…` and how many equal ones come before, as `n`. */
export function ranked(
  names: readonly string[],
  address: readonly string[],
  cells: readonly string[],
  from: string,
  first = '',
): string {
  const columns = cells.map((cell, i) => `+${cell} COLLATE BINARY AS c${i}`);
  const groups = cells.map((cell) => `+${cell} COLLATE BINARY`);
  return `SELECT ${[...address.map((one, i) => `${one} AS ${names[i]}`), ...columns].join(', ')}, row_number() OVER (PARTITION BY ${groups.join(', ')} ORDER BY ${first}${address.join(', ')}) AS n FROM ${from}`;
}

/** Pairs rows `a` and `b` that are equal and of one rank. */
export function joinRanked(
  { db }: Engine,
  cells: number,
  here: string,
  there: string,
  use: (from: string) => string,
): void {
  const columns = Array.from({ length: cells }, (_, i) => `c${i}`);
  const same = columns.map((name) => `b.${name} IS a.${name}`).join(' AND ');
  db.exec(`DROP TABLE IF EXISTS temp.there; CREATE TEMP TABLE there AS ${there};
    CREATE INDEX temp.there_cells ON there (${[...columns, 'n'].join(', ')});
    ${use(`FROM (${here}) a CROSS JOIN temp.there b ON ${same} AND b.n = a.n`)};
    DROP TABLE temp.there`);
}
