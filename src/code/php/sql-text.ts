/** Texts of PHP that are SQL become what they do: `"SELECT * FROM $t WHERE id = {$id}"`, `'… FROM ' . $table`. */
import type { Expr, Span, SqlUse } from '../facts.ts';
import { analyseSql, looksLikeSql } from '../sql/analyse.ts';

/** Shorter than `DROP TABLE a`, it names no table. */
const SHORTEST = 10;

/** One part of a text: as the program sees it and as it is written, which keeps the lines of what an escape would break. */
export interface Written {
  readonly value: string;
  readonly raw?: string;
  /** A value that is put in. */
  readonly hole?: Expr;
}

/** `line`: of the first character between the quotes. `aside` gets what stands in the holes: there may be calls in it. */
export function sqlOf(
  parts: readonly Written[],
  at: Span,
  line: number,
  aside: (hole: Expr) => void,
): Expr | undefined {
  const uses = usesOf(parts, line);
  if (uses === undefined) return undefined;
  for (const { hole } of parts) if (hole !== undefined) aside(hole);
  return { k: 'sql', uses, at };
}

function usesOf(parts: readonly Written[], line: number): readonly SqlUse[] | undefined {
  const value = parts.map((part) => (part.hole === undefined ? part.value : '?')).join('');
  if (value.length < SHORTEST || !looksLikeSql(value)) return undefined;
  // Escaped line ends would move the lines of what follows.
  const written = parts.map((part) => (part.hole === undefined ? (part.raw ?? part.value) : '?')).join('');
  return analyseSql(written, line);
}

/** A double-quoted text as written, its escapes as blanks or bare; what an escaped line end closes is left as the program sees it. */
export function plainRaw(raw: string, value: string): string {
  if (raw.includes('--')) return value;
  return raw.includes('\\') ? raw.replace(/\\[nrtvef]/g, '  ').replace(/\\(["'$\\`])/g, '$1') : raw;
}
