/** `WITH`: where it begins common table expressions, whose names are no tables. */
import type { Frame, Scan } from './frames.ts';
import { isPunct } from './names.ts';
import type { Token } from './tokens.ts';

/** `WITH x AS (`, `WITH RECURSIVE x(n) AS (`; not `WITH TIME ZONE`, `WITH (NOLOCK)`, `WITH ORDINALITY AS t`. */
export function isCte(tokens: readonly Token[], at: number): boolean {
  const name = tokens[at + 1]?.u === 'RECURSIVE' ? at + 2 : at + 1;
  const token = tokens[name];
  if (token === undefined || (token.k !== 'word' && token.k !== 'quoted' && token.k !== 'hole')) return false;
  if (token.u === 'ORDINALITY') return false;
  return tokens[name + 1]?.u === 'AS' || isPunct(tokens[name + 1], '(');
}

export function beginCte(scan: Scan, frame: Frame, at: number): number {
  frame.cte = 'name';
  frame.recursive = scan.tokens[at + 1]?.u === 'RECURSIVE';
  frame.start = false;
  return frame.recursive ? at + 2 : at + 1;
}
