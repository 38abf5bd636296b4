/**
 * Copies the rows of any store into a SQLite file in the scratch folder, exactly and without types, so that stores of
 * every kind are compared by the same SQL.
 */
import { BrokenText, type Value } from '../../rows/value.ts';
import type { Table } from '../model.ts';
import type { Reader } from '../reader.ts';
import { openConnection, type SqlValue } from './driver.ts';
import { quoteName } from './quote.ts';

/** Returns the number of rows written. `to` must not exist. */
export async function stageStore(reader: Reader, tables: readonly Table[], to: string): Promise<number> {
  const db = openConnection(to, 'create');
  let rows = 0;
  try {
    // The file is ours and made anew after any failure: durability would only cost time.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;');
    for (const table of tables) {
      // An empty list of records has no columns, and SQLite no such table.
      if (table.columns.length === 0) continue;
      const columns = table.columns.map(({ name }) => quoteName(name));
      db.exec(`BEGIN; CREATE TABLE ${quoteName(table.name)} (${columns.join(', ')})`);
      const cells = columns.map(
        (_, i) =>
          `CASE ?${2 * i + 2} WHEN 0 THEN ?${2 * i + 1} WHEN 1 THEN CAST(?${2 * i + 1} AS TEXT) ELSE ?${2 * i + 1} / ?${2 * i + 2} END`,
      );
      const insert = db.prepare(`INSERT INTO ${quoteName(table.name)} SELECT ${cells.join(', ')}`);
      for await (const row of reader.rows(table)) {
        insert(...row.flatMap(bindable));
        rows++;
      }
      db.exec('COMMIT');
    }
  } finally {
    db.close();
  }
  return rows;
}

/** The driver binds smaller reals as the integer 0; a power of two times as large, divided in SQL, they are exact. */
const SMALLEST_BOUND = 2 ** -52;
const SCALE = 2 ** 1023;

/**
 * A value and how it is stored. 0: as it is. 1: bytes, cast to text, since the driver cuts text at NUL and refuses broken UTF-8.
 * Else: to be divided by.
 */
function bindable(value: Value): [SqlValue, number] {
  if (value instanceof BrokenText) return [value.bytes, 1];
  if (typeof value === 'boolean') return [value ? 1n : 0n, 0];
  if (typeof value === 'string' && value.includes('\0')) return [Buffer.from(value, 'utf8'), 1];
  if (typeof value === 'number' && value !== 0 && Math.abs(value) < SMALLEST_BOUND) return [value * SCALE, SCALE];
  return [value, 0];
}
