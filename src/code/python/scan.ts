/**
 * Python text to tokens, as CPython's tokenizer does it (indentation, brackets, continued lines, strings with every
 * prefix), but going on behind whatever is wrong: a bracket that is never closed ends before the next `def`, both sides
 * of a merge conflict are read, an open string ends with its line. One loop, kept whole, because all of it shares the
 * state of the line and because it is run over every file.
 */
import { type Patience, plainEnd, templateEnd } from './string-end.ts';
import * as t from './tokens.ts';

/** Character classes of ASCII; what is beyond is part of a name until it is looked at. */
const WORD = 1;
const DIGIT = 2;
const BLANK = 3;
const LINE = 4;
const QUOTE = 5;
const OPENER = 6;
const CLOSER = 7;
const PLAIN = 8;
const CLASSES = new Uint8Array(128);
for (const unit of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') CLASSES[unit.charCodeAt(0)] = WORD;
for (const unit of '0123456789') CLASSES[unit.charCodeAt(0)] = DIGIT;
for (const unit of ' \t\f') CLASSES[unit.charCodeAt(0)] = BLANK;
for (const unit of '\r\n') CLASSES[unit.charCodeAt(0)] = LINE;
for (const unit of '\'"') CLASSES[unit.charCodeAt(0)] = QUOTE;
for (const unit of '([{') CLASSES[unit.charCodeAt(0)] = OPENER;
for (const unit of ')]}') CLASSES[unit.charCodeAt(0)] = CLOSER;
for (const unit of ',;~') CLASSES[unit.charCodeAt(0)] = PLAIN;

const NUMBER =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?/y;
const IDENTIFIER = /^[\p{XIDS}_]\p{XIDC}*$/u;

/** Words that stand nowhere inside brackets: where one starts a line there, a bracket above was not closed. */
const NEVER_INSIDE = new Uint8Array(256);
for (const kind of [t.DEF, t.CLASS, t.IMPORT, t.RETURN, t.TRY, t.RAISE, t.DEL, t.PASS, t.BREAK, t.CONTINUE, t.GLOBAL]) {
  NEVER_INSIDE[kind] = 1;
}
for (const kind of [t.NONLOCAL, t.WHILE, t.WITH, t.ASSERT, t.EXCEPT, t.FINALLY, t.ELIF]) NEVER_INSIDE[kind] = 1;

/** Seven signs that git writes at the start of a line. */
function isConflict(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit !== 60 && unit !== 61 && unit !== 62 && unit !== 124) return false;
  for (let index = at + 1; index < at + 7; index++) if (text.charCodeAt(index) !== unit) return false;
  const after = at + 7 >= text.length ? 10 : text.charCodeAt(at + 7);
  return after === 32 || ((after === 10 || after === 13) && unit !== 60);
}

/** Is the word that ends before a quote a string's prefix? 0: no, 1: yes, 2: of a template. */
function prefixKind(text: string, start: number, end: number): number {
  let template = 1;
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index) | 32;
    if (unit === 102 || unit === 116) template = 2;
    else if (unit !== 114 && unit !== 98 && unit !== 117) return 0;
  }
  return template;
}

export function scan(text: string): t.Tokens {
  const tokens: t.Tokens = {
    text,
    data: new Int32Array(t.STRIDE * ((text.length >> 2) + 32)),
    count: 0,
    comments: [],
    problem: undefined,
  };
  scanInto(tokens, 0, text.length, false);
  return tokens;
}

/**
 * Appends the tokens of a range and END. `inside`: as if in brackets, for an expression inside of a template: there are
 * no lines and no indentation then.
 */
export function scanInto(tokens: t.Tokens, from: number, limit: number, inside: boolean): void {
  const { text } = tokens;
  let data = tokens.data;
  let fill = tokens.count * t.STRIDE;
  const patience: Patience = { left: 2_000_000 };
  const openers: number[] = inside ? [0] : [];
  const base = openers.length;
  const indents = [0];
  const neverClosed = [false, false];
  /** A logical line has begun. */
  let open = inside;
  /** Nothing but blanks so far on this line. */
  let fresh = !inside;
  let position = from === 0 && text.charCodeAt(0) === 0xfeff ? 1 : from;

  const put = (kind: number, start: number, end: number): void => {
    if (fill + t.STRIDE > data.length) {
      const larger = new Int32Array(data.length * 2);
      larger.set(data);
      data = larger;
    }
    data[fill] = kind;
    data[fill + 1] = start;
    data[fill + 2] = end;
    fill += t.STRIDE;
  };
  const endOfLine = (at: number): number => {
    let end = text.indexOf('\n', at);
    if (end < 0 || end > limit) end = limit;
    return end;
  };
  const indentTo = (column: number, at: number): void => {
    const current = indents[indents.length - 1] as number;
    if (column > current) {
      indents.push(column);
      put(t.INDENT, at, at);
    } else if (column < current) {
      while (column < (indents[indents.length - 1] as number)) {
        indents.pop();
        put(t.DEDENT, at, at);
      }
      if (column !== indents[indents.length - 1]) {
        t.complain(tokens, at, 'unindent does not match any outer level');
        indents.push(column);
        put(t.INDENT, at, at);
      }
    }
  };

  while (position < limit) {
    if (!open) {
      // The start of a logical line: its indentation, unless it is empty.
      let column = 0;
      let unit = text.charCodeAt(position);
      const lineStart = position;
      while (unit === 32 || unit === 9 || unit === 12) {
        column = unit === 32 ? column + 1 : unit === 9 ? (column | 7) + 1 : 0;
        unit = text.charCodeAt(++position);
      }
      if (position >= limit) break;
      if (unit === 10 || unit === 13) {
        position++;
        continue;
      }
      if (unit === 35) {
        const end = endOfLine(position);
        tokens.comments.push(position, end);
        position = end + 1;
        continue;
      }
      if (position === lineStart && isConflict(text, position)) {
        t.complain(tokens, position, 'merge conflict marker');
        position = endOfLine(position) + 1;
        continue;
      }
      indentTo(column, position);
      open = true;
      fresh = false;
    }
    const start = position;
    const unit = text.charCodeAt(position);
    const kind = unit < 128 ? (CLASSES[unit] as number) : WORD;
    switch (kind) {
      case BLANK:
        position++;
        break;
      case WORD: {
        let strange = unit > 127;
        let next = text.charCodeAt(++position);
        for (;;) {
          if (next > 127) strange = true;
          else {
            const sort = CLASSES[next];
            if (sort !== WORD && sort !== DIGIT) break;
          }
          next = text.charCodeAt(++position);
        }
        if (position > limit) position = limit;
        if ((next === 34 || next === 39) && position - start <= 2 && position < limit) {
          const prefix = prefixKind(text, start, position);
          if (prefix > 0) {
            position = string(start, position, prefix === 2);
            fresh = false;
            break;
          }
        }
        if (strange && !IDENTIFIER.test(text.slice(start, position).normalize('NFKC'))) {
          t.complain(tokens, start, 'invalid character');
          put(t.BAD, start, position);
          break;
        }
        const word = t.wordKind(text, start, position);
        if (fresh && openers.length > base && (NEVER_INSIDE[word] === 1 || (word === t.FROM && startsImport(start)))) {
          t.complain(tokens, openers[openers.length - 1] as number, 'bracket was never closed');
          openers.length = base;
          put(t.NEWLINE, start, start);
          open = false;
          position = lineStartOf(start);
          break;
        }
        fresh = false;
        put(word, start, position);
        break;
      }
      case LINE:
        position++;
        if (openers.length === 0) {
          put(t.NEWLINE, start, position);
          open = false;
        } else {
          fresh = true;
          if (isConflict(text, position)) {
            t.complain(tokens, position, 'merge conflict marker');
            position = endOfLine(position);
          }
        }
        break;
      case QUOTE:
        fresh = false;
        position = string(start, position, false);
        break;
      case DIGIT:
        fresh = false;
        position = number(start);
        break;
      case OPENER:
        fresh = false;
        openers.push(start);
        put(unit, start, ++position);
        break;
      case CLOSER: {
        fresh = false;
        position++;
        const wanted = unit === 41 ? 40 : unit - 2;
        if (openers.length > base && text.charCodeAt(openers[openers.length - 1] as number) === wanted) openers.pop();
        else {
          t.complain(tokens, start, 'closing bracket does not match');
          let match = openers.length - 1;
          // Looked for among the innermost few only: what is nested a thousand deep is not put right.
          const lowest = Math.max(base, match - 50);
          while (match >= lowest && text.charCodeAt(openers[match] as number) !== wanted) match--;
          if (match < lowest) break;
          openers.length = match;
        }
        put(unit, start, position);
        break;
      }
      case PLAIN:
        fresh = false;
        put(unit, start, ++position);
        break;
      default:
        position = other(start, unit);
    }
  }
  if (!inside) {
    if (openers.length > 0) t.complain(tokens, openers[0] as number, 'bracket was never closed');
    if (open) put(t.NEWLINE, limit, limit);
    for (let index = 1; index < indents.length; index++) put(t.DEDENT, limit, limit);
  }
  put(t.END, limit, limit);
  tokens.data = data;
  tokens.count = fill / t.STRIDE;

  function string(start: number, quoteAt: number, template: boolean): number {
    const quote = text.charCodeAt(quoteAt);
    const triple = text.charCodeAt(quoteAt + 1) === quote && text.charCodeAt(quoteAt + 2) === quote;
    const content = quoteAt + (triple ? 3 : 1);
    const known = triple && neverClosed[quote & 1] === true;
    const end = known
      ? -1
      : template
        ? templateEnd(text, content, quote, triple, limit, patience)
        : plainEnd(text, content, quote, triple, limit);
    if (end >= 0) {
      put(template ? t.TEMPLATE : t.STRING, start, end);
      return end;
    }
    if (triple) neverClosed[quote & 1] = true;
    t.complain(tokens, start, 'string is never closed');
    let stop = endOfLine(content);
    if (text.charCodeAt(stop - 1) === 13) stop--;
    put(t.BAD, start, Math.max(stop, quoteAt + 1));
    return Math.max(stop, quoteAt + 1);
  }

  function number(start: number): number {
    let end = start;
    let unit = text.charCodeAt(end);
    while (unit >= 48 && unit <= 57) unit = text.charCodeAt(++end);
    if (unit === 46 || unit === 95 || (unit < 128 && CLASSES[unit] === WORD)) {
      NUMBER.lastIndex = start;
      NUMBER.test(text);
      end = Math.max(end, NUMBER.lastIndex);
      const after = text.charCodeAt(end);
      // 10L, 0777L: Python 2. `1if x else y` is allowed.
      if (after === 76 || after === 108) {
        t.complain(tokens, start, 'invalid number');
        end++;
      }
    } else if (end - start > 1 && text.charCodeAt(start) === 48 && /[1-9]/.test(text.slice(start, end))) {
      t.complain(tokens, start, 'leading zeros in a number');
    }
    put(t.NUMBER, start, end);
    return end;
  }

  function other(start: number, unit: number): number {
    fresh = false;
    const next = text.charCodeAt(start + 1);
    if (unit === 35) {
      const end = endOfLine(start);
      tokens.comments.push(start, end);
      return end;
    }
    if (unit === 92 && (next === 10 || next === 13))
      return start + (next === 13 && text.charCodeAt(start + 2) === 10 ? 3 : 2);
    if (unit === 46) {
      if (next >= 48 && next <= 57) return number(start);
      if (next === 46 && text.charCodeAt(start + 2) === 46) return emit(t.ELLIPSIS, start, start + 3);
      return emit(t.DOT, start, start + 1);
    }
    if (unit === next && (unit === 42 || unit === 47 || unit === 60 || unit === 62)) {
      if (text.charCodeAt(start + 2) === 61) return emit(t.AUGMENT, start, start + 3);
      const kind = unit === 42 ? t.POWER : unit === 47 ? t.FLOOR : unit === 60 ? t.LEFT : t.RIGHT;
      return emit(kind, start, start + 2);
    }
    if (next === 61) {
      const kind = PAIRED[unit];
      if (kind !== undefined && kind > 0) return emit(kind, start, start + 2);
    }
    if (unit === 45 && next === 62) return emit(t.ARROW, start, start + 2);
    if (unit === 60 && next === 62) {
      t.complain(tokens, start, '`<>` is Python 2');
      return emit(t.UNEQUAL, start, start + 2);
    }
    if (SINGLE[unit] === 1 || (inside && unit === 33)) return emit(unit, start, start + 1);
    t.complain(tokens, start, 'invalid character');
    put(t.BAD, start, start + 1);
    return start + 1;
  }

  function emit(kind: number, start: number, end: number): number {
    put(kind, start, end);
    return end;
  }

  function lineStartOf(at: number): number {
    let start = at;
    while (start > from) {
      const before = text.charCodeAt(start - 1);
      if (before === 10 || before === 13) break;
      start--;
    }
    return start;
  }

  /** `from x import` at the start of a line, as against the rest of a `yield`. */
  function startsImport(at: number): boolean {
    return /^from\s+[\w.]+\s+import\s/.test(text.slice(at, Math.min(limit, at + 200)));
  }
}

/** By first character: the operator that it makes with `=`. */
const PAIRED = new Int32Array(128);
for (const unit of '+-*/%&|^@') PAIRED[unit.charCodeAt(0)] = t.AUGMENT;
PAIRED[61] = t.EQUAL;
PAIRED[33] = t.UNEQUAL;
PAIRED[60] = t.AT_MOST;
PAIRED[62] = t.AT_LEAST;
PAIRED[58] = t.WALRUS;
const SINGLE = new Uint8Array(128);
for (const unit of ':=.+-*/%|&^<>@') SINGLE[unit.charCodeAt(0)] = 1;
