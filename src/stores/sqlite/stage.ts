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
        (_, i) => `CASE WHEN ?${2 * i + 2} THEN CAST(?${2 * i + 1} AS TEXT) ELSE ?${2 * i + 1} END`,
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

/** A value and whether it has to be bound as bytes and cast: the driver cuts text at NUL and refuses broken UTF-8. */
function bindable(value: Value): [SqlValue, bigint] {
  if (value instanceof BrokenText) return [value.bytes, 1n];
  if (typeof value === 'boolean') return [value ? 1n : 0n, 0n];
  if (typeof value === 'string' && value.includes('\0')) return [Buffer.from(value, 'utf8'), 1n];
  return [value, 0n];
}
