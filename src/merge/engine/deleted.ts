/**
 * Rows that the target lacks: new, or deleted there (trap R17)? An ancestor tells. Without one, a row is taken for deleted where the
 * tables have a common past (some row has its id on both sides) and the target gave its id away and has it no more.
 */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { ancestorOf, cellsOf, inAncestor } from './ancestor.ts';
import { integerOf, raw } from './cells.ts';
import { keyCell } from './equal.ts';
import { isErased } from './erased.ts';
import { joinRanked, ranked } from './match-rows.ts';
import { type Engine, isLine, isRow, isTargetRow, oldOf, type Part, rowsOf } from './model.ts';
import { retain } from './retain.ts';
import { addressSql, readShape } from './shape.ts';

function wholeColumns(part: Part): readonly string[] {
  return part.target.spec.columns
    .map(({ name }) => name)
    .filter(
      (name) =>
        name !== part.target.spec.surrogate &&
        raw(part, name, 'x') !== null &&
        part.spec.ancestor?.columns[name] !== undefined,
    );
}

export function retainDeleted(engine: Engine, part: Part): void {
  const { spec } = part.target;
  // From a table that was not there nothing was deleted.
  if (spec.deleted === 'returns' || spec.identity.kind === 'none' || spec.madeFrom !== null) return;
  retainErased(engine, part);
  const ancestor = ancestorOf(engine, part);
  if (ancestor === null) {
    if (part.spec.ancestor === null) retainGivenAway(engine, part);
    return;
  }
  if (spec.identity.kind === 'key') {
    const had = inAncestor(engine, part);
    if (had !== null) retain(engine, part, 'deleted-in-target', null, had);
    return;
  }
  const cells = cellsOf(part, wholeColumns(part));
  if (cells === null) return;
  const old = oldOf(part);
  const met = `NOT EXISTS (SELECT 1 FROM ${rowsOf(part)} l WHERE ${isLine(part, 'l', 'x')} AND l.presence = 2), `;
  const here = ranked(old, addressSql(part.shape, 'x'), cells.ours, `${part.shape.sql} x`, met);
  const there = ranked(['a0'], [addressSql(ancestor, 'a')[0] ?? '1'], cells.theirs, `${ancestor.sql} a`);
  joinRanked(
    engine,
    cells.ours.length,
    here,
    there,
    (from) =>
      `DROP TABLE IF EXISTS temp.had; CREATE TEMP TABLE had AS SELECT ${old.map((name) => `a.${name}`).join(', ')} ${from}`,
  );
  retain(
    engine,
    part,
    'deleted-in-target',
    null,
    `(${addressSql(part.shape, 'x').join(', ')}) IN (SELECT ${old.join(', ')} FROM temp.had)`,
  );
}

function retainErased(engine: Engine, part: Part): void {
  const { identity } = part.target.spec;
  if (identity.kind !== 'key') return;
  const ours = identity.columns.map((column) => raw(part, column, 'x'));
  if (ours.some((one) => one === null)) return;
  const cells = identity.columns.map((column, i) => keyCell(part.target, column, ours[i] ?? ''));
  const condition = isErased(engine, part, cells);
  if (condition !== null) retain(engine, part, 'deleted-in-target', null, condition);
}

function retainGivenAway(engine: Engine, part: Part): void {
  const { db } = engine;
  const { target, shape } = part;
  const { identity, surrogate } = target.spec;
  const isOwnKey =
    identity.kind === 'key' && identity.columns.length === 1 && identity.columns[0] === target.shape.rowidColumn;
  const column = surrogate ?? (isOwnKey ? target.shape.rowidColumn : null);
  if (column === null || target.given === 0n || raw(part, column, 'x') === null) return;
  const id = integerOf(part, column, 'x');
  const there = `${target.shape.sql} y`;
  const common = `SELECT 1 FROM ${rowsOf(part)} r JOIN ${shape.sql} x ON ${isRow(part, 'r', 'x')} JOIN ${there} ON ${isTargetRow(part, 'r', 'y')} WHERE r.presence = 2 AND y.${quoteName(column)} = ${id} AND y.${quoteName(column)} <= ${target.given} LIMIT 1`;
  if (db.row(common) === undefined) return;
  retain(
    engine,
    part,
    'deleted-in-target',
    null,
    `${id} BETWEEN 1 AND ${target.given} AND NOT EXISTS (SELECT 1 FROM ${there} WHERE y.${quoteName(column)} = ${id})`,
  );
}

/** Rows of the ancestor that the target has and the source lacks. The target as it was is attached as `t`. */
export function deletedInSource(engine: Engine, part: Part): number | null {
  const ancestor = ancestorOf(engine, part);
  if (part.spec.ancestor === null) return null;
  const { identity } = part.target.spec;
  const target = readShape(engine.db, 't', part.target.spec.table);
  const columns = identity.kind === 'key' ? identity.columns : wholeColumns(part);
  const cells = cellsOf(part, columns);
  const known = columns.every((column) => target?.columns.some(({ name }) => name === column));
  if (ancestor === null || target === null || cells === null || !known || identity.kind === 'none') return 0;
  const theirs = columns.map((column) => keyCell(part.target, column, `y.${quoteName(column)}`));
  const side = (list: readonly string[], marks: string, from: string): string =>
    `SELECT ${marks}, ${list.map((cell, i) => `+${cell} COLLATE BINARY AS c${i}`).join(', ')} FROM ${from}`;
  const all = [
    side(cells.theirs, '1 AS a, 0 AS y, 0 AS x', `${ancestor.sql} a`),
    side(theirs, '0, 1, 0', `${target.sql} y`),
    side(cells.ours, '0, 0, 1', `${part.shape.sql} x`),
  ].join(' UNION ALL ');
  const names = columns.map((_, i) => `c${i}`);
  const some = identity.kind === 'key' ? `WHERE ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')}` : '';
  const groups = `SELECT total(a) AS a, total(y) AS y, total(x) AS x FROM (${all}) ${some} GROUP BY ${names.join(', ')}`;
  return Number(engine.db.row(`SELECT total(max(0, min(a, y) - x)) FROM (${groups})`)?.[0] ?? 0);
}
