/** `match` is a statement only where cases follow; elsewhere it is a name. */
import type { Expr } from '../facts.ts';
import { accept, advance, type Cursor, expect, fail, isWord, kindOf, lastEnd, startOf, wordOf } from './cursor.ts';
import { expression, expressions } from './expression.ts';
import { assignTo } from './targets.ts';
import * as t from './tokens.ts';

/** Its line ends in a colon, and the block below it starts with `case`. */
export function isMatch(c: Cursor): boolean {
  const { data, text } = c.tokens;
  let at = c.at + t.STRIDE;
  if (data[at] === t.NEWLINE || data[at] === t.ASSIGN || data[at] === t.DOT) return false;
  while (data[at] !== t.NEWLINE && data[at] !== t.END) at += t.STRIDE;
  if (data[at - t.STRIDE] !== t.COLON || data[at + t.STRIDE] !== t.INDENT) return false;
  const word = at + 2 * t.STRIDE;
  return data[word] === t.NAME && text.slice(data[word + 1], data[word + 2]) === 'case';
}

type Note = (c: Cursor, value: Expr, start: number, detail?: { readonly test?: true }) => void;

export function readMatch(c: Cursor, perhaps: (c: Cursor, from?: number) => void, note: Note): void {
  advance(c);
  const start = startOf(c);
  note(c, expressions(c), start);
  expect(c, t.COLON);
  expect(c, t.NEWLINE);
  expect(c, t.INDENT);
  while (isCase(c)) {
    const from = c.assigns.length;
    advance(c);
    pattern(c);
    if (accept(c, t.IF)) {
      const guard = startOf(c);
      note(c, expression(c), guard, { test: true });
    }
    perhaps(c, from);
  }
  if (kindOf(c) !== t.END && !accept(c, t.DEDENT)) fail(c);
}

function isCase(c: Cursor): boolean {
  return kindOf(c) === t.NAME && isWord(c, 'case');
}

/** Patterns are not evaluated; the names that they bind hide others of the same name. */
function pattern(c: Cursor): void {
  let depth = 0;
  let before: number = t.COMMA;
  for (;;) {
    const kind = kindOf(c);
    if (kind === t.NEWLINE || kind === t.END) fail(c);
    if (depth === 0 && (kind === t.COLON || kind === t.IF)) return;
    if (kind === t.OPEN_ROUND || kind === t.OPEN_SQUARE || kind === t.OPEN_CURLY) depth++;
    else if (kind === t.CLOSE_ROUND || kind === t.CLOSE_SQUARE || kind === t.CLOSE_CURLY) depth--;
    const start = startOf(c);
    const word = kind === t.NAME ? wordOf(c) : '_';
    advance(c);
    const after = kindOf(c);
    const binds = before !== t.DOT && after !== t.DOT && after !== t.OPEN_ROUND && after !== t.ASSIGN;
    if (word !== '_' && binds) assignPattern(c, word, start);
    before = kind;
  }
}

function assignPattern(c: Cursor, name: string, start: number): void {
  const { maybe } = c;
  c.maybe = true;
  assignTo(c, { k: 'name', v: name }, { k: 'unknown', why: 'pattern' }, start, lastEnd(c));
  c.maybe = maybe;
}
