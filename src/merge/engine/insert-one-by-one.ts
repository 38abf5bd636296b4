/**
 * A set of which a row was refused is halved until the row stands alone and is retained, with what SQLite says. Nothing is ignored and
 * nothing replaced: rows that fit go in as sets.
 */
import type { RetainedRule } from '../model.ts';
import { comesIn, insertSql } from './insert-sql.ts';
import { type Engine, newOf, oldOf, type Part, rowsOf } from './model.ts';
import { refusalOf } from './refusal.ts';
import { count } from './retain.ts';
import { addressSql } from './shape.ts';

export function insertOneByOne(engine: Engine, part: Part): void {
  const { db } = engine;
  const old = oldOf(part);
  const address = addressSql(part.shape, 'x');
  const columns = address.map((one, i) => `${one} AS ${old[i]}`).join(', ');
  db.exec(`DROP TABLE IF EXISTS temp.pending; CREATE TEMP TABLE pending (n INTEGER PRIMARY KEY, ${old.join(', ')});
    INSERT INTO temp.pending SELECT row_number() OVER (ORDER BY ${address.join(', ')}), ${columns} FROM ${part.shape.sql} x WHERE ${comesIn(part, 'x')}`);
  const all = Number(db.row('SELECT count(*) FROM temp.pending')?.[0] ?? 0);
  const isThis = old.map((name, i) => `${address[i]} = p.${name}`).join(' AND ');
  const set = db.prepare(`${insertSql(part, 'temp.pending p CROSS JOIN ')} ON ${isThis} WHERE p.n BETWEEN ? AND ?`);
  const gone = newOf(part).map(() => 'NULL');
  const said = db.prepare(
    `INSERT OR REPLACE INTO ${rowsOf(part)} SELECT ${[...old, '4', ...gone, '?'].join(', ')} FROM temp.pending WHERE n = ?`,
  );
  const tryRange = (first: number, last: number): void => {
    if (first > last) return;
    db.exec('SAVEPOINT one_set');
    try {
      set(BigInt(first), BigInt(last));
      db.exec('RELEASE one_set');
      return;
    } catch (error) {
      db.exec('ROLLBACK TO one_set; RELEASE one_set');
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      if (first === last) {
        said(engine.rule(ruleOf(part, refusal), refusal), BigInt(first));
        return;
      }
    }
    const middle = Math.floor((first + last) / 2);
    tryRange(first, middle);
    tryRange(middle + 1, last);
  };
  db.exec('BEGIN');
  try {
    tryRange(1, all);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
  count(engine, part);
}

/** A key that is carried as it is and that another row has. */
function ruleOf({ target }: Part, refusal: string): RetainedRule {
  const [, columns] = /^UNIQUE constraint failed: (.*)$/.exec(refusal) ?? [];
  const key = target.shape.primaryKey.map((name) => `${target.shape.name}.${name}`).join(', ');
  return columns !== undefined && columns === key ? 'key-taken' : 'refused';
}
