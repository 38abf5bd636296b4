/** Where the parser stands, and what it has found so far. */
import type { Assign, Expr, Param, Scope, Span, Statement } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { complain, DEDENT, END, FOR, INDENT, NEWLINE, STRIDE, type Tokens } from './tokens.ts';

/** A scope while it is read. */
export type ScopeDraft = {
  -readonly [K in keyof Scope]: K extends 'returns' ? Expr[] : K extends 'params' ? Param[] : Scope[K];
};

export interface Cursor {
  readonly tokens: Tokens;
  readonly text: string;
  readonly lines: Lines;
  readonly scopes: ScopeDraft[];
  readonly assigns: Assign[];
  readonly statements: Statement[];
  /** Indexes of opening brackets that hold a comprehension. */
  readonly comprehensions: Set<number>;
  /** What stands behind the star, for each `*x` in a list. */
  readonly stars: WeakMap<Expr, Expr>;
  /** Index in `tokens.data` of the token that comes next. */
  at: number;
  scope: number;
  maybe: boolean;
  /** Names that `global` and `nonlocal` hand to another scope, in the function that is read. */
  elsewhere: Map<string, number> | undefined;
  /** Blocks that are open. */
  blocks: number;
  /** Expressions that are being read inside of each other. */
  depth: number;
  /** How high the expression is that was read last. */
  height: number;
}

/** CPython gives up at 200 brackets inside of each other. */
export const MAX_DEPTH = 200;
/** Whoever walks expressions may recurse this deep without harm. */
const MAX_HEIGHT = 300;

export const TOO_DEEP: Expr = { k: 'unknown', why: 'too deep' };

/** `expr`, unless it has become too high: then something flat in its place. */
export function grown(c: Cursor, height: number, expr: Expr): Expr {
  c.height = height < MAX_HEIGHT ? height : 0;
  return height < MAX_HEIGHT ? expr : TOO_DEEP;
}

export function kindOf(c: Cursor): number {
  return c.tokens.data[c.at] as number;
}

export function kindAfter(c: Cursor, tokens: number): number {
  return c.tokens.data[c.at + tokens * STRIDE] ?? END;
}

export function startOf(c: Cursor): number {
  return c.tokens.data[c.at + 1] as number;
}

/** End of the token that was read last. */
export function lastEnd(c: Cursor): number {
  let at = c.at - STRIDE;
  while (at > 0 && isInvisible(c.tokens.data[at] as number)) at -= STRIDE;
  return at < 0 ? 0 : (c.tokens.data[at + 2] as number);
}

function isInvisible(kind: number): boolean {
  return kind === NEWLINE || kind === INDENT || kind === DEDENT;
}

export function wordOf(c: Cursor): string {
  const { data, text } = c.tokens;
  return text.slice(data[c.at + 1] as number, data[c.at + 2] as number);
}

export function isWord(c: Cursor, word: string): boolean {
  const start = c.tokens.data[c.at + 1] as number;
  return (c.tokens.data[c.at + 2] as number) - start === word.length && c.text.startsWith(word, start);
}

export function advance(c: Cursor): void {
  if (kindOf(c) !== END) c.at += STRIDE;
}

export function accept(c: Cursor, kind: number): boolean {
  if (kindOf(c) !== kind) return false;
  advance(c);
  return true;
}

/** Thrown where a statement cannot be read on; always the same object, since nobody asks for its stack. */
export const UNREADABLE: Error = new Error('unreadable');

export function fail(c: Cursor, message = 'invalid syntax'): never {
  complain(c.tokens, startOf(c), message);
  throw UNREADABLE;
}

export function expect(c: Cursor, kind: number): void {
  if (kindOf(c) !== kind) fail(c);
  advance(c);
}

export function span(c: Cursor, start: number, end: number): Span {
  return [start, end, c.lines.lineAt(start)];
}

/** Notes which brackets from `from` on hold comprehensions, known only behind their first expression; gives those back. */
export function markComprehensions(c: Cursor, from: number): readonly number[] {
  const { data } = c.tokens;
  const openers: number[] = [];
  const marked: number[] = [];
  for (let at = from; data[at] !== END; at += STRIDE) {
    const kind = data[at] as number;
    if (kind === 40 || kind === 91 || kind === 123) openers.push(at);
    else if (kind === 41 || kind === 93 || kind === 125) openers.pop();
    else if (kind === FOR && openers.length > 0) marked.push(openers[openers.length - 1] as number);
    else if (kind === NEWLINE) openers.length = 0;
  }
  for (const at of marked) c.comprehensions.add(at);
  return marked;
}

/** Goes to the end of what the current bracket or line holds, without reading it. */
export function skipRest(c: Cursor): void {
  const { data } = c.tokens;
  let depth = 0;
  for (; ; c.at += STRIDE) {
    const kind = data[c.at] as number;
    if (kind === END || kind === NEWLINE) return;
    if (kind === 40 || kind === 91 || kind === 123) depth++;
    else if ((kind === 41 || kind === 93 || kind === 125) && depth-- === 0) return;
  }
}

/** Keeps what is called inside an expression whose own value cannot be told. */
export function setAside(c: Cursor, expr: Expr): void {
  if (expr.k === 'name' || expr.k === 'number' || expr.k === 'bool' || expr.k === 'null') return;
  if (expr.k === 'unknown' || expr.k === 'text') return;
  if (expr.k === 'member') {
    setAside(c, expr.of);
    return;
  }
  const end = lastEnd(c);
  const at = 'at' in expr ? expr.at : span(c, end, end);
  c.statements.push({ scope: c.scope, value: expr, at, ...(c.maybe ? { maybe: true } : {}) });
}
