/** The target's rows take what won over them. A row that refuses keeps what it had, and the ledger says so. */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { differsOf, type Engine, isRow, isTargetRow, oldOf, type Part, rowsOf } from './model.ts';
import { isRefusal, refusalOf } from './refusal.ts';
import { asInStore } from './written.ts';

export function takeWhatWon(engine: Engine, part: Part): void {
  const { db } = engine;
  const columns = db
    .rows(`SELECT DISTINCT "column" FROM ${differsOf(part)} WHERE winner = 1`)
    .map(([at]) => Number(at));
  if (columns.length === 0) return;
  const update = updateSql(part, columns);
  try {
    db.exec(update);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    oneByOne(engine, part, update, columns);
  }
}

function updateSql(part: Part, columns: readonly number[]): string {
  const { spec, shape } = part.target;
  const line = (at: number, what: string): string =>
    `(SELECT ${what} FROM ${differsOf(part)} d WHERE ${isLineOf(part)} AND d."column" = ${at})`;
  const sets = columns.map((at) => {
    const name = quoteName(spec.columns[at]?.name ?? '');
    return `${name} = iif(${line(at, 'd.winner')} = 1, ${line(at, 'd.won')}, y.${name})`;
  });
  const wins = `EXISTS (SELECT 1 FROM ${differsOf(part)} d WHERE ${isLineOf(part)} AND d.winner = 1)`;
  return `UPDATE OR ABORT ${shape.sql} AS y SET ${sets.join(', ')} FROM ${rowsOf(part)} r WHERE ${isTargetRow(part, 'r', 'y')} AND r.presence = 3 AND ${wins}`;
}

const isLineOf = (part: Part): string =>
  oldOf(part)
    .map((name) => `d.${name} = r.${name}`)
    .join(' AND ');

function oneByOne(engine: Engine, part: Part, update: string, columns: readonly number[]): void {
  const { db } = engine;
  const old = oldOf(part);
  db.exec(`DROP TABLE IF EXISTS temp.settling;
    CREATE TEMP TABLE settling AS SELECT DISTINCT ${old.join(', ')} FROM ${differsOf(part)} WHERE winner = 1 ORDER BY ${old.join(', ')}`);
  const rows = Number(db.row('SELECT count(*) FROM temp.settling')?.[0] ?? 0);
  const isThis = old.map((name) => `r.${name} = (SELECT ${name} FROM temp.settling WHERE rowid = ?1)`).join(' AND ');
  const one = db.prepare(`${update} AND ${isThis}`);
  const lose = columns.map((at) => {
    const column = part.target.spec.columns[at]?.name ?? '';
    const kept = `SELECT ${asInStore(part, column, 'x')} FROM ${part.shape.sql} x WHERE ${isRow(part, 'd', 'x')}`;
    const isLine = old.map((name) => `d.${name} = (SELECT ${name} FROM temp.settling WHERE rowid = ?1)`).join(' AND ');
    return db.prepare(
      `UPDATE ${differsOf(part)} AS d SET winner = 0, won = lost, lost = (${kept}), rule = ?2 WHERE d."column" = ${at} AND d.winner = 1 AND ${isLine}`,
    );
  });
  db.exec('BEGIN');
  try {
    for (let at = 1n; at <= rows; at++) {
      try {
        one(at);
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === null) throw error;
        const rule = engine.rule('refused', refusal);
        for (const line of lose) line(at, rule);
      }
    }
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
