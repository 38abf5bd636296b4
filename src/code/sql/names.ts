/** Names of tables in a list of tokens: qualified, quoted, glued to holes (`wp_?`), or none at all. */
import type { Token } from './tokens.ts';

export interface Name {
  readonly table: string;
  readonly schema?: string;
  readonly line: number;
  /** Index of the token behind it. */
  readonly next: number;
}

/** What stands where a table could and is none. */
const NO_NAME: ReadonlySet<string> = new Set(
  'SELECT WHERE SET VALUES FROM JOIN ON WITH UNNEST LATERAL USING INTO AND OR WHEN AS UNION LIMIT HAVING CASCADE'.split(
    ' ',
  ),
);

/** The name that starts at token `at`, if one does. Glued parts must touch: `wp_?` is one name, `t ?` is not. */
export function readName(tokens: readonly Token[], at: number): Name | undefined {
  const parts: string[] = [];
  const first = tokens[at];
  if (first === undefined) return undefined;
  // A single-quoted table name is an old habit that SQLite and DuckDB allow.
  if (first.k === 'string') return first.v === '' ? undefined : { table: first.v, line: first.line, next: at + 1 };
  let index = at;
  for (;;) {
    const token = tokens[index];
    if (token === undefined || (token.k !== 'word' && token.k !== 'quoted' && token.k !== 'hole')) break;
    if (token.k === 'word' && parts.length === 0 && NO_NAME.has(token.u)) return undefined;
    let part = token.v;
    let end = token.end;
    index += 1;
    for (let more = tokens[index]; more !== undefined && more.start === end; more = tokens[index]) {
      if (more.k !== 'word' && more.k !== 'hole' && more.k !== 'number') break;
      part += more.v;
      end = more.end;
      index += 1;
    }
    parts.push(part.replace(/\?{2,}/g, '?'));
    if (!isPunct(tokens[index], '.')) break;
    index += 1;
    // `db..t` of SQL Server.
    if (isPunct(tokens[index], '.')) index += 1;
  }
  const table = parts.pop();
  // Variables (`@rows`) are no tables.
  if (table === undefined || table === '' || (table.startsWith('@') && parts.length === 0)) return undefined;
  const name = { table, line: first.line, next: index };
  return parts.length > 0 ? { ...name, schema: parts.join('.') } : name;
}

export function isPunct(token: Token | undefined, v: string): boolean {
  return token !== undefined && token.k === 'punct' && token.v === v;
}

/** Index behind the `)` that closes the `(` at `at`; the number of tokens where none does. */
export function behindParens(tokens: readonly Token[], at: number): number {
  let depth = 0;
  for (let index = at; index < tokens.length; index++) {
    const token = tokens[index] as Token;
    if (token.k !== 'punct') continue;
    if (token.v === '(') depth += 1;
    else if (token.v === ')') {
      depth -= 1;
      if (depth <= 0) return index + 1;
    }
  }
  return tokens.length;
}
