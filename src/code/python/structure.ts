/** The whole structure of a file: scopes, assignments and statements, on top of what the outline says. */
import type { FileFacts, ImportFact } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { type Cursor, markComprehensions } from './cursor.ts';
import { readModule } from './statement.ts';
import type { Tokens } from './tokens.ts';

/** Scopes, assignments and statements. What cannot be read is left out, and `tokens.problem` says so. */
export function readStructure(tokens: Tokens, lines: Lines): Pick<FileFacts, 'scopes' | 'assigns' | 'statements'> {
  const c: Cursor = {
    tokens,
    text: tokens.text,
    lines,
    scopes: [{ kind: 'module', name: '', parent: -1, at: [0, tokens.text.length, 1], lastLine: lines.count }],
    assigns: [],
    statements: [],
    comprehensions: new Set(),
    stars: new WeakMap(),
    at: 0,
    scope: 0,
    maybe: false,
    elsewhere: undefined,
    blocks: 0,
    depth: 0,
    height: 0,
  };
  markComprehensions(c, 0);
  readModule(c);
  return { scopes: c.scopes, assigns: c.assigns, statements: c.statements };
}

/** The innermost scope around each of `facts`, which are sorted by where they stand, as scopes are. */
export function placed<T extends Pick<ImportFact, 'at' | 'scope'>>(
  facts: readonly T[],
  scopes: FileFacts['scopes'],
): T[] {
  const open: number[] = [0];
  let next = 1;
  return facts.map((fact) => {
    const [at] = fact.at;
    for (; next < scopes.length && (scopes[next]?.at[0] ?? 0) <= at; next++) {
      close(open, scopes, scopes[next]?.at[0] ?? 0);
      open.push(next);
    }
    close(open, scopes, at);
    const scope = open.at(-1) as number;
    return scope === fact.scope ? fact : { ...fact, scope };
  });
}

function close(open: number[], scopes: FileFacts['scopes'], at: number): void {
  while (open.length > 1 && (scopes[open.at(-1) as number]?.at[1] ?? 0) <= at) open.pop();
}
