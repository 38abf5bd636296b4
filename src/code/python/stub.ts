/** Is what a `def` or `class` holds only a stand-in? `pass`, `...`, `raise NotImplementedError`, an empty constant. */
import * as t from './tokens.ts';

/** `colon` is the index of the token that ends the head. A class that stands for nothing but its base is none. */
export function isStub({ data, text }: t.Tokens, colon: number, isClass: boolean): boolean {
  let at = colon + t.STRIDE;
  let depth = 0;
  let only = false;
  for (; ; at += t.STRIDE) {
    const kind = data[at];
    if (kind === t.NEWLINE || kind === t.SEMICOLON) {
      if (depth === 0 && data[at + t.STRIDE] !== t.INDENT) return only;
      continue;
    }
    if (kind === t.INDENT) {
      depth++;
      continue;
    }
    if (kind === t.DEDENT || kind === t.END) return only;
    const end = endOfStandIn(data, text, at, isClass);
    if (end < 0) return false;
    if (data[at] !== t.STRING) only = true;
    at = end - t.STRIDE;
  }
}

/** Behind the statement at `at`, if it does nothing; else -1. A docstring does nothing, and is no stand-in either. */
function endOfStandIn(data: Int32Array, text: string, at: number, isClass: boolean): number {
  const kind = data[at];
  let end = -1;
  if (kind === t.PASS || kind === t.ELLIPSIS || kind === t.STRING) end = at + t.STRIDE;
  else if (isClass) return -1;
  else if (kind === t.RAISE) {
    if (data[at + t.STRIDE] !== t.NAME) return -1;
    if (text.slice(data[at + t.STRIDE + 1], data[at + t.STRIDE + 2]) !== 'NotImplementedError') return -1;
    end = at;
    while (data[end] !== t.NEWLINE && data[end] !== t.END) end += t.STRIDE;
  } else if (kind === t.RETURN) end = emptyEnd(data, at + t.STRIDE);
  const after = data[end];
  return end >= 0 && (after === t.NEWLINE || after === t.SEMICOLON || after === t.END) ? end : -1;
}

/** Behind `None`, `[]`, `{}`, `()`, `""` or nothing. */
function emptyEnd(data: Int32Array, at: number): number {
  const kind = data[at];
  if (kind === t.NEWLINE || kind === t.SEMICOLON || kind === t.END) return at;
  if (kind === t.NONE) return at + t.STRIDE;
  if (kind === t.STRING) return (data[at + 2] as number) - (data[at + 1] as number) === 2 ? at + t.STRIDE : -1;
  const closing = data[at + t.STRIDE];
  const pair =
    (kind === t.OPEN_ROUND && closing === t.CLOSE_ROUND) ||
    (kind === t.OPEN_SQUARE && closing === t.CLOSE_SQUARE) ||
    (kind === t.OPEN_CURLY && closing === t.CLOSE_CURLY);
  return pair ? at + 2 * t.STRIDE : -1;
}
