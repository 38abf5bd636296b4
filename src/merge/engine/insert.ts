/** Inserts the rows of one part that have met none: as one set, and where one of the set is refused, in ever smaller ones. */
import { insertOneByOne } from './insert-one-by-one.ts';
import { insertAllSql } from './insert-sql.ts';
import type { Engine, Part } from './model.ts';
import { isRefusal } from './refusal.ts';

export function insert(engine: Engine, part: Part): void {
  try {
    engine.db.exec(insertAllSql(part));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    insertOneByOne(engine, part);
  }
}
