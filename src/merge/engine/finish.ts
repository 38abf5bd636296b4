/** What the target had beside its rows: counts of AUTOINCREMENT, triggers, full-text tables. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { fullTextContent } from '../../stores/sqlite/full-text.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeResult } from '../model.ts';
import type { Part } from './model.ts';

/** AUTOINCREMENT gives no number away that any of the stores gave. */
export function raiseSequence(db: Connection, part: Part): void {
  const { name } = part.target.shape;
  const hasCount = (schema: string): boolean =>
    db.row(`SELECT 1 FROM ${schema}.sqlite_schema WHERE name = 'sqlite_sequence'`) !== undefined;
  if (!hasCount('s') || !hasCount('main')) return;
  const sql = String(db.row("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = ?", name)?.[0] ?? '');
  const given = db.row('SELECT seq FROM s.sqlite_sequence WHERE name = ? COLLATE NOCASE', part.shape.name)?.[0];
  if (!/\bAUTOINCREMENT\b/i.test(sql) || typeof given !== 'bigint') return;
  if (db.row('SELECT 1 FROM main.sqlite_sequence WHERE name = ?', name) === undefined) {
    db.prepare('INSERT INTO main.sqlite_sequence VALUES (?, ?)')(name, given);
  } else {
    db.prepare('UPDATE main.sqlite_sequence SET seq = max(seq, ?) WHERE name = ?')(given, name);
  }
}

export function finish(db: Connection, triggers: readonly string[]): Pick<MergeResult, 'rebuilt' | 'notVerified'> {
  const rebuilt: string[] = [];
  const notVerified: { what: string; why: string }[] = [];
  for (const [cell, statement] of db.rows(
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND sql LIKE 'create virtual table%' ORDER BY name",
  )) {
    const [name, sql] = [String(cell), String(statement)];
    try {
      db.rows(`SELECT 1 FROM main.${quoteName(name)} LIMIT 0`);
    } catch (error) {
      notVerified.push({ what: name, why: (error as Error).message });
      continue;
    }
    const content = fullTextContent(sql);
    if (content === 'none') {
      notVerified.push({ what: name, why: 'it keeps no text that it could be compared with or made again from' });
    } else if (content === 'other') {
      db.exec(`INSERT INTO main.${quoteName(name)} (${quoteName(name)}) VALUES ('rebuild')`);
      rebuilt.push(name);
    }
  }
  for (const trigger of triggers) db.exec(trigger);
  return { rebuilt, notVerified };
}
