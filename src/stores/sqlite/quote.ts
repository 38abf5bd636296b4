/** A name as SQLite reads it back exactly: quoted, quotes doubled. The only way names get into SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
