/**
 * Rows that share a number and nothing else (trap R1): two stores that went on after they were one gave the same numbers to other things.
 * What counts is what tells rows apart: a column weighs by what share of its values is different, one that is mostly empty less; rows that agree in
 * half of the weight are one entity, as they are where stores are compared (`src/rows/measure-key.ts`). Rows that were made at two times are two,
 * unless nearly all else is equal: programs that fill a new store with the same rows do that. Where an ancestor has the row, both
 * sides have it from there, however much it was changed since.
 */
import { balanced } from '../../rows/compare-sql.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { inAncestor } from './ancestor.ts';
import { raw } from './cells.ts';
import { allEqual, comparedColumns, equal } from './equal.ts';
import { type Engine, isRow, isTargetRow, type Part, rowsOf } from './model.ts';
import { count } from './retain.ts';

const AGREEMENT = 0.5;
/** Where they were made at two times. */
const NEARLY_ALL = 0.9;
/** Rows that a column's weight is taken from. */
const WEIGHED = 100_000;

/** Parts pairs that met by their key and do not agree. `parts`: those that are matched at the same time, whose numbers are not known yet. */
export function partStrangers(engine: Engine, part: Part, parts: readonly Part[]): void {
  const { db } = engine;
  const { shape } = part.target;
  const pair = `SELECT 1 FROM ${part.shape.sql} x CROSS JOIN ${shape.sql} y WHERE ${isRow(part, 'r', 'x')} AND ${isTargetRow(part, 'r', 'y')}`;
  const met = `FROM ${rowsOf(part)} AS r WHERE r.presence = 2`;
  if (db.row(`SELECT 1 ${met} AND EXISTS (${pair} AND NOT ${allEqual(part, 'x', 'y')}) LIMIT 1`) === undefined) return;
  const weights = weightsOf(engine, part, parts);
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return;
  const agree = [atLeast(part, weights, AGREEMENT), ...madeOnce(part, weights)].join(' AND ');
  const had = inAncestor(engine, part);
  db.exec(
    `DELETE ${met} AND NOT EXISTS (${pair} AND (${[`(${agree})`, ...(had === null ? [] : [had])].join(' OR ')}))`,
  );
  count(engine, part);
}

interface Weighed {
  readonly column: string;
  readonly weight: number;
}

function atLeast(part: Part, weights: readonly Weighed[], share: number): string {
  if (weights.length === 0) return '1';
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const terms = weights.map(({ column, weight }) => `${weight} * ${equal(part, column, 'x', 'y')}`);
  return `${balanced(terms, '+')} >= ${Math.ceil(total * share)}`;
}

function madeOnce(part: Part, weights: readonly Weighed[]): readonly string[] {
  const { identity } = part.target.spec;
  const began = identity.kind === 'key' ? (identity.agreeing?.began ?? []) : [];
  const times = comparedColumns(part).filter((column) => began.includes(column));
  if (times.length === 0) return [];
  const isOne = times.map((column) => {
    const isOpen = `${raw(part, column, 'x') ?? 'NULL'} IS NULL OR y.${quoteName(column)} IS NULL`;
    return `(${equal(part, column, 'x', 'y')} OR ${isOpen})`;
  });
  const others = weights.filter(({ column }) => !times.includes(column));
  return [`((${isOne.join(' AND ')}) OR ${atLeast(part, others, NEARLY_ALL)})`];
}

function weightsOf({ db }: Engine, part: Part, parts: readonly Part[]): readonly Weighed[] {
  const { identity, references, table } = part.target.spec;
  const open = new Set([table, ...parts.map((one) => one.target.spec.table)]);
  const left = new Set([
    ...(identity.kind === 'key' ? identity.columns : []),
    ...references.flatMap(({ columns, to }) => (open.has(to) ? columns : [])),
  ]);
  const sharesOf = (cell: string, from: string): readonly [different: number, filled: number] => {
    const [distinct = 0, filled = 0, all = 0] = (
      db.row(`SELECT count(DISTINCT v), count(v), count(*) FROM (SELECT ${cell} AS v FROM ${from} LIMIT ${WEIGHED})`) ??
      []
    ).map(Number);
    return filled === 0 ? [0, 0] : [distinct / filled, filled / all];
  };
  return comparedColumns(part)
    .filter((column) => !left.has(column))
    .flatMap((column) => {
      const here = sharesOf(raw(part, column, 'x') ?? 'NULL', `${part.shape.sql} x`);
      const there = sharesOf(`y.${quoteName(column)}`, `${part.target.shape.sql} y`);
      const weight = Math.round(10 * Math.min(here[0], there[0]) * Math.min(here[1], there[1]));
      return weight === 0 ? [] : [{ column, weight }];
    });
}
