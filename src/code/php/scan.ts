/**
 * PHP as a row of marks: texts, comments, brackets and the words that begin imports and declarations, with the HTML around left
 * out. What an outline needs, and what is left of a file that does not parse. One expression hops from mark to mark.
 */

export interface Mark {
  readonly kind: 'text' | 'comment' | 'word' | 'open' | 'close';
  readonly start: number;
  readonly end: number;
  /** Words as written, lower case. Texts: their opening quote (`<<<` for heredoc). */
  readonly v: string;
}

export interface PhpScan {
  readonly marks: readonly Mark[];
  /** How deep brackets of any kind nest. */
  readonly nesting: number;
}

const OPEN_TAG = /<\?(?:php\b|=|(?=\s))/gi;
const HEREDOC = /<<<[ \t]*(["']?)([A-Za-z_]\w*)\1\r?\n/y;
const WORD =
  /(?:include_once|include|require_once|require|function|fn|class|interface|trait|enum|const|define|use|namespace)(?![\w\\])/iy;
/** First letters of those words, both cases. */
const FIRST: ReadonlySet<number> = new Set([...'irfcteduinIRFCTEDUIN'].map((letter) => letter.charCodeAt(0)));

/** What a unit may begin: 0 nothing, 1 a letter or digit, 2 a mark. A table, since each unit of each file is looked up. */
const KIND: Uint8Array = new Uint8Array(65_536).fill(1, 128);
for (let unit = 48; unit < 123; unit++) if (/\w/.test(String.fromCharCode(unit))) KIND[unit] = 1;
KIND[95] = 1;
for (const mark of `'"\`/#<?{}()[]`) KIND[mark.charCodeAt(0)] = 2;

export function scanPhp(text: string): PhpScan {
  const marks: Mark[] = [];
  let depth = 0;
  let nesting = 0;
  let at = intoCode(text, 0);
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    const kind = KIND[unit];
    if (kind === 0) {
      at += 1;
      continue;
    }
    const start = at;
    if (kind === 1) {
      if (FIRST.has(unit) && !NOT_BEFORE_WORD.has(text.charCodeAt(at - 1))) {
        WORD.lastIndex = at;
        const word = WORD.exec(text)?.[0];
        if (word !== undefined) marks.push({ kind: 'word', start, end: at + word.length, v: word.toLowerCase() });
      }
      at += 1;
      while (KIND[text.charCodeAt(at)] === 1) at += 1;
      continue;
    }
    const next = text.charCodeAt(at + 1);
    switch (unit) {
      case 39: // '
      case 34: // "
      case 96: // `
        at = endOfQuoted(text, at);
        marks.push({ kind: 'text', start, end: at, v: text[start] as string });
        break;
      case 47: // / begins a comment before / or *
        if (next === 47) at = endOfLineComment(text, at);
        else if (next === 42) {
          const close = text.indexOf('*/', at + 2);
          at = close < 0 ? text.length : close + 2;
        } else at += 1;
        if (at > start + 1) marks.push({ kind: 'comment', start, end: at, v: '' });
        break;
      case 35: // # but not #[
        if (next === 91) at += 1;
        else {
          at = endOfLineComment(text, at);
          marks.push({ kind: 'comment', start, end: at, v: '' });
        }
        break;
      case 60: {
        HEREDOC.lastIndex = at;
        const heredoc = next === 60 ? HEREDOC.exec(text) : null;
        if (heredoc === null) at += 1;
        else {
          at = endOfHeredoc(text, HEREDOC.lastIndex - 1, heredoc[2] as string);
          marks.push({ kind: 'text', start, end: at, v: heredoc[1] === "'" ? "<<<'" : '<<<' });
        }
        break;
      }
      case 63: // ?>
        at = next === 62 ? intoCode(text, at + 2) : at + 1;
        break;
      case 123:
      case 40:
      case 91:
        depth += 1;
        nesting = Math.max(nesting, depth);
        at += 1;
        if (unit !== 91) marks.push({ kind: 'open', start, end: at, v: text[start] as string });
        break;
      default:
        depth -= 1;
        at += 1;
        if (unit !== 93) marks.push({ kind: 'close', start, end: at, v: text[start] as string });
    }
  }
  return { marks, nesting };
}

/** `$function`, `->class`, `::class`, `\use` are names. */
const NOT_BEFORE_WORD: ReadonlySet<number> = new Set([...'$>:\\'].map((mark) => mark.charCodeAt(0)));

/** A text that is not closed runs to the end. */
function endOfQuoted(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at + 1;
    if (unit === 92) at += 1;
  }
  return text.length;
}

/** To the end of the line, or to where the code ends. */
function endOfLineComment(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 10 || unit === 13 || (unit === 63 && text.charCodeAt(at + 1) === 62)) return at;
  }
  return text.length;
}

/** Offset behind the next opening tag. A file without any tag is no code. */
function intoCode(text: string, from: number): number {
  OPEN_TAG.lastIndex = from;
  return OPEN_TAG.exec(text) === null ? text.length : OPEN_TAG.lastIndex;
}

/** The closing label stands first on a line, indented or not. */
function endOfHeredoc(text: string, from: number, label: string): number {
  for (let at = text.indexOf(label, from); at >= 0; at = text.indexOf(label, at + label.length)) {
    let before = at - 1;
    while (text[before] === ' ' || text[before] === '\t') before -= 1;
    if (text[before] === '\n' && !/\w/.test(text[at + label.length] ?? '')) return at + label.length;
  }
  return text.length;
}

/** What stands between the quotes of a text mark, and where it begins. */
export function innerOf(text: string, mark: Mark): { readonly start: number; readonly end: number } {
  if (!mark.v.startsWith('<<<')) {
    const closed = mark.end - mark.start > 1 && text[mark.end - 1] === mark.v;
    return { start: mark.start + 1, end: closed ? mark.end - 1 : mark.end };
  }
  const start = text.indexOf('\n', mark.start) + 1;
  const end = text.lastIndexOf('\n', mark.end);
  return { start, end: Math.max(start, end) };
}

/** The value of a text: single quotes know two escapes, double quotes more; holes of variables stay as written. */
export function decodePhp(inner: string, quote: string): string {
  if (!inner.includes('\\') || quote === "<<<'") return inner;
  if (quote === "'") return inner.replace(/\\(['\\])/g, '$1');
  return inner.replace(
    /\\(?:([nrtvef\\$"`])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]{1,6})\})/g,
    (all, plain, octal, hex, point) => {
      if (plain !== undefined) return ESCAPES[plain as string] ?? plain;
      const code = octal !== undefined ? Number.parseInt(octal, 8) & 255 : Number.parseInt(hex ?? point, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', v: '\v', e: '\u001b', f: '\f' };

/** A variable inside a double-quoted text: `$a`, `$a[0]`, `$a->b`, `{$a->b()}`, `${a}`. */
export const VARIABLE: RegExp = /\{\$[^{}\n]{1,200}\}|\$\{[^{}\n]{1,200}\}|\$[A-Za-z_]\w*(?:->\w+|\[[^\]\n]{0,80}\])?/g;
