/** String literals to expressions: prefixes, escapes, literals that stand side by side, templates with their holes. */
import type { Expr } from '../facts.ts';
import { type Cursor, grown, kindOf, markComprehensions, span, startOf } from './cursor.ts';
import { scanInto } from './scan.ts';
import { type HoleShape, holeEnd, indexWithin } from './string-end.ts';
import { END, STRIDE, STRING, TEMPLATE } from './tokens.ts';

/** Where a literal's parts are: prefix, opening quotes, content, closing quotes. */
export interface LiteralShape {
  readonly from: number;
  readonly to: number;
  readonly raw: boolean;
  readonly bytes: boolean;
  readonly triple: boolean;
  readonly quote: number;
}

export function literalShape(text: string, start: number, end: number): LiteralShape {
  let quoteAt = start;
  let raw = false;
  let bytes = false;
  let quote = text.charCodeAt(quoteAt);
  while (quote !== 34 && quote !== 39) {
    const letter = quote | 32;
    if (letter === 114) raw = true;
    else if (letter === 98) bytes = true;
    quote = text.charCodeAt(++quoteAt);
  }
  const triple = end - quoteAt >= 6 && text.charCodeAt(quoteAt + 1) === quote && text.charCodeAt(quoteAt + 2) === quote;
  const marks = triple ? 3 : 1;
  return { from: quoteAt + marks, to: end - marks, raw, bytes, triple, quote };
}

const ESCAPE = /\\(?:\r\n|([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|N\{[^}]{1,100}\}|([\s\S]))/g;
const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\r': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What the source text of a literal stands for. Characters that are given by name become U+FFFD: their names fill a book. */
export function decode(source: string, raw: boolean, bytes: boolean): string {
  const plain = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
  if (raw || !plain.includes('\\')) return plain;
  return plain.replace(
    ESCAPE,
    (whole, octal?: string, hex?: string, short?: string, long?: string, simple?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & (bytes ? 0xff : 0xffff));
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (simple !== undefined) return SIMPLE[simple] ?? whole;
      if (bytes) return whole;
      if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
      if (long === undefined) return '\ufffd';
      const point = Number.parseInt(long, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}

/** What stands in holes is read by rules that read literals in turn: they are handed in. */
export interface HoleReader {
  read(c: Cursor): Expr;
  /** Keeps what is called in a hole whose text cannot be told. */
  aside(c: Cursor, expr: Expr): void;
}

/** All literals that follow each other, as one text or, where there are holes, one `concat`. */
export function readStrings(c: Cursor, holes: HoleReader): Expr {
  const { data } = c.tokens;
  const first = startOf(c);
  let last = data[c.at + 2] as number;
  if (kindOf(c) === STRING && !isString(data[c.at + STRIDE])) {
    const { from, to, raw, bytes } = literalShape(c.text, first, last);
    c.at += STRIDE;
    return grown(c, 0, { k: 'text', v: decode(c.text.slice(from, to), raw, bytes), at: span(c, first, last) });
  }
  const parts: Expr[] = [];
  let height = 0;
  let literal = '';
  let literalFrom = -1;
  let literalTo = -1;
  const add = (from: number, to: number, value: string): void => {
    if (value === '') return;
    if (literalFrom < 0) literalFrom = from;
    literalTo = to;
    literal += value;
  };
  const flush = (): void => {
    if (literalFrom >= 0) parts.push({ k: 'text', v: literal, at: span(c, literalFrom, literalTo) });
    literal = '';
    literalFrom = -1;
  };
  for (let kind = kindOf(c); isString(kind); kind = kindOf(c)) {
    last = c.tokens.data[c.at + 2] as number;
    const shape = literalShape(c.text, startOf(c), last);
    if (kind === TEMPLATE) {
      for (const piece of pieces(c.text, shape)) {
        add(
          piece.from,
          piece.to,
          decode(piece.doubled ? undouble(c.text, piece) : c.text.slice(piece.from, piece.to), shape.raw, false),
        );
        if (piece.holeTo === 0) continue;
        flush();
        parts.push(readHole(c, piece, holes));
        height = Math.max(height, c.height);
      }
    } else add(shape.from, shape.to, decode(c.text.slice(shape.from, shape.to), shape.raw, shape.bytes));
    c.at += STRIDE;
  }
  const at = span(c, first, last);
  if (parts.length === 0) return grown(c, 0, { k: 'text', v: literal, at });
  flush();
  return grown(c, height + 1, { k: 'concat', parts, at });
}

function isString(kind: number | undefined): boolean {
  return kind === STRING || kind === TEMPLATE;
}

interface Piece {
  /** The literal text in front of the hole. */
  readonly from: number;
  readonly to: number;
  /** `{{` or `}}` are in it. */
  readonly doubled: boolean;
  readonly holeFrom: number;
  /** End of the hole's expression, end of the hole. 0: there is no hole any more. */
  readonly holeTo: number;
  readonly holeEnd: number;
}

function undouble(text: string, piece: Piece): string {
  return text.slice(piece.from, piece.to).replace(/\{\{|\}\}/g, (pair) => pair.charAt(0));
}

function* pieces(text: string, { from, to, triple, quote, raw }: LiteralShape): Generator<Piece> {
  let start = from;
  let doubled = false;
  const shape: HoleShape = { expressionEnd: 0 };
  for (let index = from; index < to; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 92 && !raw && text.charCodeAt(index + 1) === 78 && text.charCodeAt(index + 2) === 123) {
      index = indexWithin(text, 125, index, Math.min(to, index + 100)) ?? index;
    } else if (unit === 125 && text.charCodeAt(index + 1) === 125) {
      doubled = true;
      index++;
    } else if (unit === 123) {
      if (text.charCodeAt(index + 1) === 123) {
        doubled = true;
        index++;
        continue;
      }
      const end = holeEnd(text, index + 1, quote, triple, to, 0, shape);
      if (end < 0) break;
      yield { from: start, to: index, doubled, holeFrom: index + 1, holeTo: shape.expressionEnd, holeEnd: end };
      start = end;
      doubled = false;
      index = end - 1;
    }
  }
  if (start < to) yield { from: start, to, doubled, holeFrom: 0, holeTo: 0, holeEnd: 0 };
}

/** The expression of a hole. With a format or a conversion it is another text than its value: that is unknown. */
function readHole(c: Cursor, piece: Piece, holes: HoleReader): Expr {
  const { tokens, at } = c;
  const { count } = tokens;
  const from = count * STRIDE;
  scanInto(tokens, piece.holeFrom, piece.holeTo, true);
  const marked = markComprehensions(c, from);
  c.at = from;
  let value: Expr;
  try {
    value = holes.read(c);
  } catch (error) {
    tokens.count = count;
    c.at = at;
    throw error;
  }
  const formatted = kindOf(c) !== END || piece.holeEnd - 1 > piece.holeTo;
  for (const index of marked) c.comprehensions.delete(index);
  tokens.count = count;
  c.at = at;
  if (!formatted) return value;
  holes.aside(c, value);
  c.height = 0;
  return { k: 'unknown', why: 'format' };
}
