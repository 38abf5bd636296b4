/**
 * Rows that met one which differs: per column it is decided which value wins, both are written down, and the target's row takes what
 * won. Values of an ancestor come first: what only one side changed since wins.
 */

import { quoteName } from '../../stores/sqlite/quote.ts';
import type { Policy } from '../model.ts';
import { type AncestorJoin, ancestorJoin } from './ancestor-join.ts';
import { changes, mayChange, raw } from './cells.ts';
import { allEqual, columnSpec, comparedColumns, equal, inForm, keyCell } from './equal.ts';
import { differsOf, type Engine, isRow, isTargetRow, oldOf, type Part, rowsOf } from './model.ts';
import { takeWhatWon } from './take-what-won.ts';
import { asInStore, written } from './written.ts';

export function settle(engine: Engine, part: Part): void {
  const { db } = engine;
  const { shape } = part.target;
  db.exec(
    `UPDATE ${rowsOf(part)} AS r SET presence = 3 WHERE r.presence = 2 AND EXISTS (SELECT 1 FROM ${part.shape.sql} x CROSS JOIN ${shape.sql} y WHERE ${isRow(part, 'r', 'x')} AND ${isTargetRow(part, 'r', 'y')} AND NOT ${allEqual(part, 'x', 'y')})`,
  );
  if (db.row(`SELECT 1 FROM ${rowsOf(part)} WHERE presence = 3 LIMIT 1`) === undefined) return;
  const columns = comparedColumns(part);
  const pairs = `${rowsOf(part)} r CROSS JOIN ${part.shape.sql} x ON ${isRow(part, 'r', 'x')} CROSS JOIN ${shape.sql} y ON ${isTargetRow(part, 'r', 'y')}`;
  const differ = columns.map((column) => `total(NOT ${equal(part, column, 'x', 'y')})`);
  const counts = db.row(`SELECT ${differ.join(', ')} FROM ${pairs} WHERE r.presence = 3`) ?? [];
  const ancestor = ancestorJoin(engine, part);
  for (const [i, column] of columns.entries()) {
    if (Number(counts[i] ?? 0) > 0) noteColumn(engine, part, column, pairs, ancestor);
  }
  if (engine.unsettled.size === 0) takeWhatWon(engine, part);
}

/** Conditions in their order: the first that holds says who wins, and by what. */
type Verdicts = readonly (readonly [condition: string, winner: string, rule: string])[];

function noteColumn(engine: Engine, part: Part, column: string, pairs: string, ancestor: AncestorJoin | null): void {
  const { db } = engine;
  const { target } = part;
  const verdicts = verdictsOf(part, column, ancestor);
  const choose = (what: (one: Verdicts[number]) => string): string =>
    `CASE ${verdicts.map((one) => `WHEN ${one[0]} THEN ${what(one)}`).join(' ')} END`;
  const at = target.spec.columns.findIndex(({ name }) => name === column);
  const old = oldOf(part);
  const rows = `SELECT ${[
    ...old.map((name) => `r.${name}`),
    `${written(part, column, 'x')} AS ours`,
    `${asInStore(part, column, 'x')} AS kept`,
    `y.${quoteName(column)} AS theirs`,
    `${choose(([, winner]) => winner)} AS w`,
    `${choose(([, , rule]) => String(engine.rule(rule)))} AS rule`,
  ].join(', ')} FROM ${pairs}${ancestor?.join ?? ''} WHERE r.presence = 3 AND NOT ${equal(part, column, 'x', 'y')}`;
  db.exec(
    `INSERT INTO ${differsOf(part)} SELECT ${old.join(', ')}, ${at}, iif(w, ours, theirs), iif(w, theirs, kept), w, rule FROM (${rows})`,
  );
  const open = db.row(
    `SELECT count(*) FROM ${differsOf(part)} WHERE "column" = ${at} AND rule = ${engine.rule('unsettled')}`,
  )?.[0];
  if (open === 0n) return;
  const known = engine.unsettled.get(target) ?? new Map<string, number>();
  known.set(column, (known.get(column) ?? 0) + Number(open));
  engine.unsettled.set(target, known);
}

/** Columns of one reference go together: half of one pair and half of another would refer to a row that nobody meant. */
function verdictsOf(part: Part, column: string, ancestor: AncestorJoin | null): Verdicts {
  const { spec, shape, referredTo } = part.target;
  const together = columnsBeside(part, column);
  // Rows of the target refer to it; where it is empty nobody does, and those of the source need it.
  if (together.length === 1 && referredTo.has(column) && !shape.primaryKey.includes(column)) {
    const isEmpty = `y.${quoteName(column)} IS NULL AND NOT ${changes(part, column, 'x')}`;
    return [
      [isEmpty, '1', 'key'],
      ['1', '0', 'key'],
    ];
  }
  // Or the row is named by it.
  if (together.some((one) => referredTo.has(one) || shape.primaryKey.includes(one))) return [['1', '0', 'key']];
  const unfit = together
    .filter((one) => mayChange(part, one))
    .map((one): Verdicts[number] => [changes(part, one, 'x'), '0', 'would-change']);
  const own = together.flatMap((one): Verdicts => {
    const policy = spec.differ[one];
    // Its rows hold nothing there since the target had no such column: nobody meant that.
    const isNew = columnSpec(part.target, one).added;
    const verdicts: Verdicts = [
      ...(isNew ? [[`y.${quoteName(one)} IS NULL`, '1', 'complete'] as const] : []),
      ...threeWay(part, one, ancestor),
      policy === undefined ? ['1', '0', 'unsettled'] : ['1', winnerBy(part, policy, one), policy],
    ];
    if (together.length === 1) return verdicts;
    // The first of them that differs decides for all.
    return verdicts.map(([condition, winner, rule]) => [
      `(NOT ${equal(part, one, 'x', 'y')} AND ${condition})`,
      winner,
      rule,
    ]);
  });
  return [...unfit, ...own];
}

/** The columns of its references, in order, with the column that names the table; itself alone where it is in none. */
function columnsBeside(part: Part, column: string): readonly string[] {
  const groups = part.target.spec.references
    .map(({ columns, typeColumn }) => [...columns, ...(typeColumn === undefined ? [] : [typeColumn])])
    .filter((columns) => columns.includes(column));
  const beside = new Set(groups.flat());
  const together = comparedColumns(part).filter((one) => beside.has(one));
  return together.length === 0 ? [column] : together;
}

function threeWay(part: Part, column: string, ancestor: AncestorJoin | null): Verdicts {
  const name = part.spec.ancestor?.columns[column];
  const ours = raw(part, column, 'x');
  if (ancestor === null || name === undefined || ours === null) return [];
  const before = keyCell(part.target, column, `a.${quoteName(name)}`);
  const unchanged = (now: string): string =>
    `${ancestor.found} AND +${keyCell(part.target, column, now)} IS +${before} COLLATE BINARY`;
  return [
    [unchanged(ours), '0', 'ancestor'],
    [unchanged(`y.${quoteName(column)}`), '1', 'ancestor'],
  ];
}

/** A moment in the form in which times are compared. */
const MOMENT = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*Z'";

function winnerBy(part: Part, policy: Policy, column: string): string {
  const { timeColumn } = part.target.spec;
  switch (policy) {
    case 'target':
      return '0';
    case 'source':
      return '1';
    case 'complete':
      return `coalesce(y.${quoteName(column)}, '') = '' AND coalesce(${written(part, column, 'x')}, '') <> ''`;
    case 'newest': {
      if (timeColumn === null || raw(part, timeColumn, 'x') === null) return '0';
      const time = (value: string): string => inForm(value, 'timestamp');
      const [ours, theirs] = [time(`(${written(part, timeColumn, 'x')})`), time(`y.${quoteName(timeColumn)}`)];
      // What is no moment is none: words are later than any year, and empty text is earlier.
      return `coalesce(${ours} > ${theirs} AND ${ours} GLOB ${MOMENT} AND ${theirs} GLOB ${MOMENT}, 0)`;
    }
  }
}
