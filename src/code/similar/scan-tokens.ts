/**
 * Cuts source text into tokens, each of them a 32-bit hash: words, numbers, texts and signs, without comments, spaces, and
 * the signs that formatters add and remove (`;` and `,`). No grammar and no allocation per token: it reads what does
 * not parse as well, at the speed of memory. Words and spaces are read in one tight loop; everything else leaves it for a
 * function of its own, so that what is rare is never compiled into what is hot.
 */
import { hash32 } from '../../rows/sketch.ts';
import type { TokenStyle } from './token-style.ts';

/** A longer file is known by its beginning: it is data, a bundle or generated. */
const MAX_TOKENS = 1 << 20;

const SPACE = 0;
const WORD = 1;
const SIGN = 2;
const QUOTE = 3;
const SLASH = 4;
const HASH = 5;
const DASH = 6;
const NEWLINE = 7;
const OPEN = 8;
const CLOSE = 9;
const BACKTICK = 10;
const BACKSLASH = 11;
const LESS = 12;
const QUESTION = 13;

const BASE_KINDS: Uint8Array = new Uint8Array(128).fill(SIGN);
for (let unit = 0; unit <= 32; unit++) BASE_KINDS[unit] = SPACE;
for (const [signs, kind] of [
  ['abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$', WORD],
  [';,', SPACE],
  ['\'"', QUOTE],
  ['\n', NEWLINE],
  ['([{', OPEN],
  [')]}', CLOSE],
  ['\\', BACKSLASH],
] as const) {
  for (const sign of signs) BASE_KINDS[sign.charCodeAt(0)] = kind;
}

const kindsOf = new Map<TokenStyle, Uint8Array>();

/** What each sign may begin in a language: what means nothing there is read in the tight loop. */
function kinds(style: TokenStyle): Uint8Array {
  const known = kindsOf.get(style);
  if (known !== undefined) return known;
  const table = BASE_KINDS.slice();
  if (style.slashes === true || style.dashes === true) table[47] = SLASH;
  if (style.hash !== undefined) table[35] = HASH;
  if (style.dashes === true) table[45] = DASH;
  if (style.script === true) table[96] = BACKTICK;
  if (style.php === true) {
    table[60] = LESS;
    table[63] = QUESTION;
  }
  kindsOf.set(style, table);
  return table;
}

/** FNV-1a by Fowler, Noll and Vo, one step per UTF-16 unit. */
const PRIME = 0x01000193;
const WORD_SEED = 0x811c9dc5 | 0;
/** A text is another thing than a word of the same letters. */
const TEXT_SEED = 0x2f0b4a6d;

function wordHash(word: string): number {
  let hash = WORD_SEED;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), PRIME);
  return hash;
}

/** Words after which a slash begins a regular expression. */
const BEFORE_REGEX: ReadonlySet<number> = new Set(
  ['return', 'typeof', 'case', 'in', 'of', 'do', 'else', 'void', 'delete', 'throw', 'new', 'await', 'yield'].map(
    wordHash,
  ),
);
const SIGN_HASH: Int32Array = Int32Array.from({ length: 128 }, (_, unit) => hash32(`sign ${unit}`) | 0);

interface Scan {
  readonly text: string;
  readonly style: TokenStyle;
  readonly kinds: Uint8Array;
  tokens: Int32Array;
  count: number;
  at: number;
  /** Brackets that are open, and whether nothing stands before in this line: tells documentation from values. */
  depth: number;
  first: boolean;
  /** Up to here, inside a long text, signs mean nothing but themselves. */
  textEnd: number;
  html: boolean;
  inTemplate: boolean;
  /** Depth of braces outside of each `${` that is open. */
  readonly templates: number[];
  braces: number;
  /** A value stands before: what follows is a division and no regular expression. */
  afterValue: boolean;
  /** The word that stands right before, 0 where something else does. */
  lastWord: number;
  /** A quote of this kind is closed nowhere: looked for once. */
  unclosedSingle: boolean;
  unclosedDouble: boolean;
}

/** One buffer for all files: it is read before the next file is scanned. */
let buffer: Int32Array = new Int32Array(1 << 14);

/** Tokens in order. The array is overwritten by the next call. */
export function scanTokens(source: string, style: TokenStyle): Int32Array {
  // Old line ends: what looks for the end of a comment looks for a line feed.
  const text = source.includes('\r') && !source.includes('\n') ? source.replaceAll('\r', '\n') : source;
  const scan: Scan = {
    text,
    style,
    kinds: kinds(style),
    tokens: buffer,
    count: 0,
    at: 0,
    depth: 0,
    first: true,
    textEnd: 0,
    html: style.php === true && text.includes('<?'),
    inTemplate: false,
    templates: [],
    braces: 0,
    afterValue: false,
    lastWord: 0,
    unclosedSingle: false,
    unclosedDouble: false,
  };
  const lower = style.sql === true ? 32 : 0;
  while (scan.at < text.length && scan.count < MAX_TOKENS) {
    // A round of words adds at most 1,000 tokens before it comes back here for room.
    if (scan.count + 1_000 > scan.tokens.length) enlarge(scan);
    if (readWords(scan, lower)) readSign(scan);
  }
  return scan.tokens.subarray(0, scan.count);
}

function enlarge(scan: Scan): void {
  buffer = new Int32Array(scan.tokens.length * 2);
  buffer.set(scan.tokens);
  scan.tokens = buffer;
}

/** Reads words, spaces and signs that are nothing but signs; `true` where it stopped before something else. */
function readWords(scan: Scan, lower: number): boolean {
  const { text, tokens, kinds } = scan;
  const { length } = text;
  let i = scan.at;
  let count = scan.count;
  const limit = count + 900;
  let { first, lastWord } = scan;
  let stopped = false;
  while (i < length && count < limit) {
    let unit = text.charCodeAt(i);
    const kind = unit < 128 ? (kinds[unit] as number) : WORD;
    if (kind === WORD) {
      let hash = WORD_SEED;
      do {
        if (lower !== 0 && unit >= 65 && unit <= 90) unit |= lower;
        hash = Math.imul(hash ^ unit, PRIME);
        i++;
        unit = i < length ? text.charCodeAt(i) : 32;
      } while (unit >= 128 || kinds[unit] === WORD);
      tokens[count++] = hash;
      lastWord = hash;
      first = false;
    } else if (kind === SPACE) {
      i++;
    } else if (kind === SIGN) {
      tokens[count++] = SIGN_HASH[unit] as number;
      lastWord = 0;
      first = false;
      i++;
    } else if (kind === NEWLINE) {
      // A line that ends in a backslash goes on.
      const before = text.charCodeAt(i - 1);
      if (before !== 92 && (before !== 13 || text.charCodeAt(i - 2) !== 92)) first = scan.depth <= 0;
      i++;
    } else {
      stopped = true;
      break;
    }
  }
  if (count > scan.count) {
    scan.count = count;
    scan.lastWord = lastWord;
    scan.afterValue = lastWord !== 0;
  }
  scan.first = first;
  scan.at = i;
  return stopped;
}

function readSign(scan: Scan): void {
  const { text, at } = scan;
  const unit = text.charCodeAt(at);
  const kind = scan.kinds[unit] as number;
  if (scan.inTemplate) inTemplate(scan, unit, kind);
  else if (scan.html) inHtml(scan, unit, kind);
  else if (at < scan.textEnd) sign(scan, unit);
  else if (kind === OPEN || kind === CLOSE) bracket(scan, unit, kind);
  else if (kind === QUOTE) quote(scan, unit);
  else if (kind === SLASH) slash(scan, unit);
  else if (kind === HASH) hashSign(scan, unit);
  else if (kind === DASH && text.charCodeAt(at + 1) === 45) comment(scan);
  else if (kind === BACKTICK) backtick(scan, unit);
  else if (kind === BACKSLASH && isLineEnd(text.charCodeAt(at + 1))) scan.at = at + 1;
  else if (kind === QUESTION && text.charCodeAt(at + 1) === 62) {
    scan.html = true;
    scan.at = at + 2;
  } else sign(scan, unit);
}

function isLineEnd(unit: number): boolean {
  return unit === 10 || unit === 13;
}

function sign(scan: Scan, unit: number): void {
  scan.tokens[scan.count++] = SIGN_HASH[unit] as number;
  scan.afterValue = false;
  scan.lastWord = 0;
  scan.first = false;
  scan.at++;
}

function value(scan: Scan, hash: number, end: number): void {
  scan.tokens[scan.count++] = hash;
  scan.afterValue = true;
  scan.lastWord = 0;
  scan.first = false;
  scan.at = end;
}

function comment(scan: Scan): void {
  scan.at = endOfLine(scan.text, scan.at, scan.style);
}

function bracket(scan: Scan, unit: number, kind: number): void {
  sign(scan, unit);
  if (kind === OPEN) {
    scan.depth++;
    if (unit === 123) scan.braces++;
    return;
  }
  scan.depth--;
  scan.afterValue = true;
  if (unit !== 125) return;
  if (scan.braces === 0 && scan.templates.length > 0) {
    scan.braces = scan.templates.pop() as number;
    scan.inTemplate = true;
  } else scan.braces--;
}

function backtick(scan: Scan, unit: number): void {
  sign(scan, unit);
  scan.inTemplate = true;
}

/** The words of a template are read as words; what stands in `${ }` is code again. */
function inTemplate(scan: Scan, unit: number, kind: number): void {
  if (kind === BACKSLASH) {
    scan.at += 2;
    return;
  }
  const opens = unit === 123 && scan.text.charCodeAt(scan.at - 1) === 36;
  sign(scan, unit);
  if (kind === BACKTICK) {
    scan.inTemplate = false;
    scan.afterValue = true;
  } else if (opens) {
    scan.templates.push(scan.braces);
    scan.braces = 0;
    scan.inTemplate = false;
  }
}

function inHtml(scan: Scan, unit: number, kind: number): void {
  const { text, at } = scan;
  if (kind === LESS && text.charCodeAt(at + 1) === 63) {
    scan.html = false;
    scan.at += text.startsWith('php', at + 2) ? 5 : text.startsWith('=', at + 2) ? 3 : 2;
  } else if (kind === LESS && text.startsWith('!--', at + 1)) {
    const end = text.indexOf('-->', at + 4);
    scan.at = end < 0 ? text.length : end + 3;
  } else sign(scan, unit);
}

function hashSign(scan: Scan, unit: number): void {
  const { text, at, style } = scan;
  const before = at === 0 ? 32 : text.charCodeAt(at - 1);
  const begins = style.hash === 'word' ? before <= 32 || before === 59 : style.hash === 'anywhere';
  // PHP: `#[` is an attribute.
  if (begins && !(style.php === true && text.charCodeAt(at + 1) === 91)) comment(scan);
  else sign(scan, unit);
}

function slash(scan: Scan, unit: number): void {
  const { text, at, style } = scan;
  const next = text.charCodeAt(at + 1);
  if (next === 47 && style.slashes === true) {
    comment(scan);
    return;
  }
  if (next === 42 && (style.slashes === true || style.dashes === true)) {
    const end = text.indexOf('*/', at + 2);
    scan.at = end < 0 ? text.length : end + 2;
    return;
  }
  const mayBeRegex = !scan.afterValue || BEFORE_REGEX.has(scan.lastWord);
  // `</` closes an element.
  const end = style.script === true && mayBeRegex && text.charCodeAt(at - 1) !== 60 ? endOfRegex(text, at + 1) : -1;
  if (end < 0) {
    sign(scan, unit);
    return;
  }
  let hash = TEXT_SEED;
  for (let i = at; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  value(scan, hash, end);
}

function quote(scan: Scan, unit: number): void {
  const { text, at, style } = scan;
  // In Python a text that is a statement by itself documents.
  const documents = style.triple === true && scan.first && scan.depth <= 0;
  if (style.triple === true && text.charCodeAt(at + 1) === unit && text.charCodeAt(at + 2) === unit) {
    const end = endOfTriple(text, at + 3, unit) + 3;
    if (documents) scan.at = end;
    else longText(scan, at + 3, end);
    return;
  }
  const end = closingQuote(scan, unit);
  if (end < 0) longText(scan, at + 1, 0);
  else if (documents) scan.at = end + 1;
  else if (style.longTexts === true && text.slice(at, end).includes('\n')) longText(scan, at + 1, end + 1);
  else {
    let hash = TEXT_SEED;
    for (let i = at + 1; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
    value(scan, hash, end + 1);
  }
}

/** A text over several lines counts by its words: a changed one changes little. A quote without an end is a sign. */
function longText(scan: Scan, from: number, end: number): void {
  scan.textEnd = Math.max(scan.textEnd, end);
  value(scan, SIGN_HASH[34] as number, from);
}

/** Offset of the quote that closes the one at `scan.at`; -1 where there is none (in its line, where texts end with it). */
function closingQuote(scan: Scan, unit: number): number {
  const { text, style } = scan;
  const isSingle = unit === 39;
  if (isSingle ? scan.unclosedSingle : scan.unclosedDouble) return -1;
  for (let at = scan.at + 1; at < text.length; at++) {
    const inside = text.charCodeAt(at);
    if (inside === unit) {
      if (style.sql !== true || text.charCodeAt(at + 1) !== unit) return at;
      at++;
    } else if (inside === 10 && style.longTexts !== true) return -1;
    else if (inside === 92 && style.sql !== true) at++;
  }
  if (isSingle) scan.unclosedSingle = true;
  else scan.unclosedDouble = true;
  return -1;
}

/** Offset behind the last character of the line's comment. PHP's ends before `?>` too. */
function endOfLine(text: string, from: number, style: TokenStyle): number {
  const found = text.indexOf('\n', from);
  const end = found < 0 ? text.length : found;
  if (style.php !== true) return end;
  const line = text.slice(from, end).indexOf('?>');
  return line < 0 ? end : from + line;
}

/** Offset of the closing quotes, or the end of the text. */
function endOfTriple(text: string, from: number, unit: number): number {
  const quotes = unit === 39 ? "'''" : '"""';
  let end = text.indexOf(quotes, from);
  while (end > 0 && isEscaped(text, end, from)) end = text.indexOf(quotes, end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - slashes > from && text.charCodeAt(at - slashes - 1) === 92) slashes++;
  return slashes % 2 === 1;
}

/** Offset behind the closing slash; -1 where the line ends first: it was no regular expression. */
function endOfRegex(text: string, from: number): number {
  let inClass = false;
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10) return -1;
    if (unit === 92) at++;
    else if (unit === 91) inClass = true;
    else if (unit === 93) inClass = false;
    else if (unit === 47 && !inClass) return at + 1;
  }
  return -1;
}
