/** A name as SQLite reads it back exactly: quoted, quotes doubled. The only way names get into SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text literal, for the few statements that take no bound values (ATTACH works with them, PRAGMA does not). */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
