/**
 * Triggers do not fire during a merge (trap R11): they are dropped, and come back text for text. Those that write to virtual tables only
 * stay: they keep a full-text index in step, which nothing else could.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';

/** Statements that make the dropped ones again, in the order in which they were made. */
export function dropTriggers(db: Connection): readonly string[] {
  const virtual = new Set(
    db
      .rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'virtual'")
      .map(([name]) => String(name).toLowerCase()),
  );
  const working = new Set([...virtual].filter((name) => works(db, name)));
  const dropped: string[] = [];
  for (const [name, sql] of db.rows("SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger' ORDER BY rowid")) {
    if (writtenTables(String(sql)).every((table) => working.has(table))) continue;
    db.exec(`DROP TRIGGER main.${quoteName(String(name))}`);
    dropped.push(String(sql));
  }
  return dropped;
}

/** A module that is missing would make each insertion fail. */
function works(db: Connection, table: string): boolean {
  try {
    db.rows(`SELECT 1 FROM main.${quoteName(table)} LIMIT 0`);
    return true;
  } catch {
    return false;
  }
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\p{L}_$][\p{L}\p{N}_$]*|\S/gu;

/** Tables that the body of a trigger writes to, in lower case. Whatever cannot be told is no virtual table. */
export function writtenTables(sql: string): readonly string[] {
  const tokens = [...sql.matchAll(TOKEN)].map(([token]) => token).filter((token) => !/^(--|\/\*)/.test(token));
  const body = tokens.slice(tokens.findIndex((token) => /^begin$/i.test(token)) + 1);
  const word = (at: number): string => (body[at] ?? '').toLowerCase();
  const written: string[] = [];
  for (let at = 0; at < body.length; at++) {
    const starts = at === 0 || body[at - 1] === ';';
    if (!starts || word(at) === 'select' || word(at) === 'end' || word(at) === 'with') {
      if (starts && word(at) === 'with') written.push('');
      continue;
    }
    let name = at + 1;
    if (['or'].includes(word(name))) name += 2;
    if (['into', 'from'].includes(word(name))) name += 1;
    written.push(unquoted(body[name] ?? ''));
  }
  return written;
}

function unquoted(name: string): string {
  const [open] = name;
  const plain = open === '[' ? name.slice(1, -1) : /^["'`]/.test(name) ? name.slice(1, -1) : name;
  return (open === undefined || open === '[' ? plain : plain.replaceAll(open + open, open)).toLowerCase();
}
