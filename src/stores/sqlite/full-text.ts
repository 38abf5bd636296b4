/** Full-text tables by their statement (https://sqlite.org/fts5.html#external_content_and_contentless_tables). */

const FULL_TEXT = /\busing\s+"?fts[345]\b/i;
const CONTENT = /\bcontent\s*=\s*('(?:[^']|'')*'|"(?:[^"]|"")*"|[^\s,)]*)/i;

/** `own`: it keeps its text; `none`: it keeps none, and cannot be read or made again; `other`: another table has it. `null`: no such table. */
export function fullTextContent(sql: string): 'own' | 'none' | 'other' | null {
  if (!FULL_TEXT.test(sql)) return null;
  const content = CONTENT.exec(sql)?.[1];
  if (content === undefined) return 'own';
  return content === '' || content === "''" || content === '""' ? 'none' : 'other';
}
