/**
 * Values of a source that refer to rows which it does not have. They keep their number where nobody has it, and it is taken from then on;
 * else they get a free one: they never begin to refer to somebody.
 */
import { asInteger } from '../../rows/affinity-sql.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { ReferenceSpec } from '../model.ts';
import { integerOf, raw } from './cells.ts';
import type { Engine, Part, Target } from './model.ts';
import { isByNumber, lookUp, parentOf, sqlText, storeOf, typeCondition } from './way.ts';

/** `siblings`: all parts of the source; what they have in common of it is one ghost. */
export function findGhosts(engine: Engine, parts: readonly Part[], siblings: readonly Part[]): void {
  for (const target of engine.targets) {
    const { surrogate, table } = target.spec;
    if (surrogate === null) continue;
    for (const part of parts) {
      for (const reference of part.target.spec.references) {
        if (reference.to === table && storeOf(part, reference) !== 'target') note(engine, part, reference, surrogate);
      }
    }
    if (parts.some(({ state }) => state.ghosts.has(table))) giveWay(engine, target, parts, siblings);
  }
}

function note(engine: Engine, part: Part, reference: ReferenceSpec, surrogate: string): void {
  const { db } = engine;
  const column = reference.columns[reference.toColumns.indexOf(surrogate)];
  if (column === undefined || raw(part, column, 'x') === null) return;
  const values = valuesOf(part, reference, column);
  const table = sqlText(reference.to);
  const known = `SELECT 1 FROM ledger.ghosts g WHERE g.target_table = ${table} AND g.part = ${part.number} AND g.old = q.v`;
  db.exec(
    `INSERT INTO ledger.ghosts SELECT DISTINCT ${table}, ${part.number}, q.v, q.v FROM (${values}) q WHERE q.v IS NOT NULL AND NOT EXISTS (${known})`,
  );
  if (
    db.row(`SELECT 1 FROM ledger.ghosts WHERE target_table = ${table} AND part = ${part.number} LIMIT 1`) !== undefined
  ) {
    part.state.ghosts.add(reference.to);
  }
}

/** Integers in the reference's column that lead nowhere. */
function valuesOf(part: Part, reference: ReferenceSpec, column: string): string {
  const parent = parentOf(part, reference);
  const isJson = reference.kind === 'json';
  const value = raw(part, column, 'x') ?? 'NULL';
  const integer = isJson ? asInteger('j.value') : integerOf(part, column, 'x');
  const from = isJson
    ? `${part.shape.sql} x, json_each(json_ids(${value}, octet_length(${value}))) j`
    : `${part.shape.sql} x`;
  const conditions = [
    typeCondition(part, reference, 'x') ?? '1',
    ...reference.columns.map((one) => `${raw(part, one, 'x') ?? 'NULL'} IS NOT NULL`),
  ];
  if (parent !== undefined && isByNumber(parent, reference)) {
    const isThere = `SELECT 1 FROM ${parent.shape.sql} p WHERE p.${quoteName(parent.shape.rowidColumn ?? '')} = q.v`;
    return `SELECT q.v FROM (SELECT ${integer} AS v FROM ${from} WHERE ${conditions.join(' AND ')}) q WHERE q.v IS NOT NULL AND NOT EXISTS (${isThere})`;
  }
  const way = parent === undefined ? null : lookUp(part, parent, reference, 'x', isJson ? 'j.value' : null);
  const gone = way === null ? '1' : `NOT EXISTS (SELECT 1 FROM ${way.from} WHERE ${way.where})`;
  return `SELECT ${integer} AS v FROM ${from} WHERE ${conditions.join(' AND ')} AND ${gone}`;
}

/** One number for one ghost, whichever tables of the source refer to it. */
function giveWay({ db }: Engine, target: Target, parts: readonly Part[], siblings: readonly Part[]): void {
  const { numbers, shape, spec, at } = target;
  if (numbers === null) return;
  const among = (list: readonly Part[]): string =>
    `target_table = ${sqlText(spec.table)} AND part IN (${list.map(({ number }) => number).join(', ')})`;
  const own = among(parts);
  const isThere = `SELECT 1 FROM ${shape.sql} y WHERE y.${quoteName(spec.surrogate ?? '')} = g.old`;
  db.exec(`UPDATE ledger.ghosts SET new = g.new FROM (SELECT DISTINCT old, new FROM ledger.ghosts WHERE ${among(siblings)} AND new <> old) g
      WHERE ${own} AND ghosts.old = g.old;
    DROP TABLE IF EXISTS temp.giving_way;
    CREATE TEMP TABLE giving_way AS SELECT old, ${numbers.next - 1n} + row_number() OVER (ORDER BY old) AS new
      FROM (SELECT DISTINCT g.old FROM ledger.ghosts g WHERE ${own} AND g.new = g.old AND EXISTS (${isThere}));
    CREATE UNIQUE INDEX temp.giving_way_old ON giving_way (old);
    UPDATE ledger.ghosts SET new = (SELECT w.new FROM temp.giving_way w WHERE w.old = ghosts.old) WHERE ${own} AND old IN (SELECT old FROM temp.giving_way);
    INSERT INTO temp.taken_${at} SELECT DISTINCT new FROM ledger.ghosts WHERE ${own} AND new NOT IN (SELECT id FROM temp.taken_${at});`);
  numbers.next += BigInt(Number(db.row('SELECT count(*) FROM temp.giving_way')?.[0] ?? 0));
}

/** Values that mean rows of the target and lead to none: they stay, so their numbers are taken before any row comes in. */
export function noteForeignGhosts({ db }: Engine, part: Part): void {
  for (const reference of part.target.spec.references) {
    const surrogate = part.surrogates.get(reference.to);
    const to = part.targetOf(reference.to);
    const column = surrogate === undefined ? undefined : reference.columns[reference.toColumns.indexOf(surrogate)];
    if (storeOf(part, reference) !== 'target' || surrogate === undefined || column === undefined || to === undefined)
      continue;
    if (raw(part, column, 'x') === null) continue;
    const nobody = `q.v IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ${to.shape.sql} y WHERE y.${quoteName(surrogate)} = q.v)`;
    const table = sqlText(reference.to);
    db.exec(`DROP TABLE IF EXISTS temp.nobody; CREATE TEMP TABLE nobody AS SELECT DISTINCT q.v FROM (${valuesOf(part, reference, column)}) q WHERE ${nobody};
      INSERT INTO temp.taken_${to.at} SELECT v FROM temp.nobody WHERE v NOT IN (SELECT id FROM temp.taken_${to.at});
      INSERT INTO ledger.ghosts SELECT ${table}, ${part.number}, v, v FROM temp.nobody WHERE v NOT IN (SELECT old FROM ledger.ghosts WHERE target_table = ${table} AND part = ${part.number})`);
  }
}
