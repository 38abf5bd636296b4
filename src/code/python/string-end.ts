/** Where strings end: plain ones, and templates whose holes may hold further strings with the same quotes (Python 3.12). */

const BACKSLASH = 92;
const NEWLINE = 10;
const RETURN = 13;
const OPEN = 123;
const CLOSE = 125;

/** Templates inside of holes inside of templates; CPython stops at 150. */
const MAX_NESTING = 60;
/** A hole is never as long as this: a template that seems to have one is not closed. */
const MAX_HOLE = 20_000;

/** What a failed look at templates may cost per file; beyond it they are read as plain strings. */
export interface Patience {
  left: number;
}

/** As `indexOf`, but never looking further than `limit`: a file of unclosed strings would be read once for each of them. */
export function indexWithin(text: string, unit: number, from: number, limit: number): number | undefined {
  for (let index = from; index < limit; index++) if (text.charCodeAt(index) === unit) return index;
  return undefined;
}

/** Offset behind the closing quotes of a string whose content starts at `from`; -1 where it is not closed. */
export function plainEnd(text: string, from: number, quote: number, triple: boolean, limit: number): number {
  if (triple) {
    const closing = quote === 34 ? '"""' : "'''";
    for (
      let found = text.indexOf(closing, from);
      found >= 0 && found + 3 <= limit;
      found = text.indexOf(closing, found + 1)
    ) {
      let before = found;
      while (before > from && text.charCodeAt(before - 1) === BACKSLASH) before--;
      if (((found - before) & 1) === 0) return found + 3;
    }
    return -1;
  }
  for (let index = from; index < limit; index++) {
    const unit = text.charCodeAt(index);
    if (unit === quote) return index + 1;
    if (unit === BACKSLASH) {
      index++;
      if (text.charCodeAt(index) === RETURN && text.charCodeAt(index + 1) === NEWLINE) index++;
    } else if (unit === NEWLINE || unit === RETURN) return -1;
  }
  return -1;
}

/** As `plainEnd`, for a template: quotes inside of holes do not end it. */
export function templateEnd(
  text: string,
  from: number,
  quote: number,
  triple: boolean,
  limit: number,
  patience: Patience,
): number {
  if (patience.left > 0) {
    const end = literalEnd(text, from, quote, triple, limit, 0);
    if (end >= 0) return end;
    const plain = plainEnd(text, from, quote, triple, limit);
    patience.left -= plain < 0 ? MAX_HOLE : Math.min(MAX_HOLE, plain - from) + 100;
    return plain;
  }
  return plainEnd(text, from, quote, triple, limit);
}

function literalEnd(
  text: string,
  from: number,
  quote: number,
  triple: boolean,
  limit: number,
  nesting: number,
): number {
  for (let index = from; index < limit; index++) {
    const unit = text.charCodeAt(index);
    if (unit === quote) {
      if (!triple) return index + 1;
      if (text.charCodeAt(index + 1) === quote && text.charCodeAt(index + 2) === quote) return index + 3;
    } else if (unit === BACKSLASH) {
      // In a raw template, too, a backslash keeps a quote from closing; a brace after it is a brace, however.
      const next = text.charCodeAt(index + 1);
      if (next === 78 && text.charCodeAt(index + 2) === OPEN) {
        // \N{LATIN SMALL LETTER A}
        index = indexWithin(text, CLOSE, index + 3, index + 100) ?? index + 1;
      } else if (next !== OPEN && next !== CLOSE) index++;
    } else if (unit === OPEN) {
      if (text.charCodeAt(index + 1) === OPEN) index++;
      else {
        index = holeEnd(text, index + 1, quote, triple, Math.min(limit, index + MAX_HOLE), nesting) - 1;
        if (index < 0) return -1;
      }
    } else if ((unit === NEWLINE || unit === RETURN) && !triple) return -1;
  }
  return -1;
}

/** Where the expression of a hole ends: at its format or its `}`. */
export interface HoleShape {
  expressionEnd: number;
}

/** Offset behind the `}` of a hole whose expression starts at `from`; -1 where there is none. */
export function holeEnd(
  text: string,
  from: number,
  quote: number,
  triple: boolean,
  limit: number,
  nesting: number,
  shape?: HoleShape,
): number {
  if (nesting > MAX_NESTING) return -1;
  let depth = 0;
  for (let index = from; index < limit; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 34 || unit === 39) {
      index = nestedEnd(text, index, from, limit, nesting) - 1;
      if (index < 0) return -1;
    } else if (unit === 40 || unit === 91 || unit === OPEN) depth++;
    else if (unit === CLOSE && depth === 0) {
      if (shape !== undefined) shape.expressionEnd = index;
      return index + 1;
    } else if (unit === 41 || unit === 93 || unit === CLOSE) {
      if (depth-- === 0) return -1;
    } else if (unit === 35) {
      const end = indexWithin(text, NEWLINE, index, limit);
      if (end === undefined) return -1;
      index = end;
    } else if (depth === 0 && unit === 33 && text.charCodeAt(index + 1) === 61) index++;
    else if (depth === 0 && unit === 58) {
      if (shape !== undefined) shape.expressionEnd = index;
      return formatEnd(text, index + 1, quote, triple, limit, nesting);
    }
  }
  return -1;
}

/** A string that starts with the quote at `at`; its prefix stands before it, no further than `from`. */
function nestedEnd(text: string, at: number, from: number, limit: number, nesting: number): number {
  const quote = text.charCodeAt(at);
  const triple = text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote;
  let template = false;
  for (let back = at - 1; back >= from && back >= at - 2; back--) {
    const unit = text.charCodeAt(back) | 32;
    if (unit === 102 || unit === 116) template = true;
    else if (unit < 97 || unit > 122) break;
  }
  const content = at + (triple ? 3 : 1);
  return template
    ? literalEnd(text, content, quote, triple, limit, nesting + 1)
    : plainEnd(text, content, quote, triple, limit);
}

/** The format of a hole: text in which further holes may stand, up to the hole's `}`. */
function formatEnd(text: string, from: number, quote: number, triple: boolean, limit: number, nesting: number): number {
  for (let index = from; index < limit; index++) {
    const unit = text.charCodeAt(index);
    if (unit === CLOSE) return index + 1;
    if (unit === OPEN) {
      index = holeEnd(text, index + 1, quote, triple, limit, nesting + 1) - 1;
      if (index < 0) return -1;
    } else if (unit === quote && (!triple || text.charCodeAt(index + 1) === quote)) return -1;
    else if (unit === NEWLINE && !triple) return -1;
  }
  return -1;
}
