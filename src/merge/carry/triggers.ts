/** Keeps triggers of the copy of a store from firing (trap R11): they are dropped, and come back text for text. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { writtenTables } from '../engine/triggers.ts';
import { key } from './catalog.ts';

/** The copy is attached as `o`. Those that write to nothing but virtual tables stay: they keep a full-text index in step. */
export function withoutTriggers(
  db: Connection,
  tables: ReadonlySet<string>,
  virtual: ReadonlySet<string>,
  work: () => void,
): void {
  const dropped: string[] = [];
  for (const [name, on, sql] of db.rows(
    "SELECT name, tbl_name, sql FROM o.sqlite_schema WHERE type = 'trigger' ORDER BY rowid",
  )) {
    if (!tables.has(key(String(on)))) continue;
    const written = writtenTables(String(sql));
    if (written.length > 0 && written.every((table) => virtual.has(key(table)))) continue;
    db.exec(`DROP TRIGGER o.${quoteName(String(name))}`);
    dropped.push(String(sql));
  }
  work();
  for (const sql of dropped) db.exec(inCopy(sql));
}

/** A trigger is made in the file that its name names. */
function inCopy(sql: string): string {
  return sql.replace(/^(\s*CREATE\s+TRIGGER\s+(?:IF\s+NOT\s+EXISTS\s+)?)/i, '$1o.');
}
