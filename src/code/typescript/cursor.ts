/** Words, strings and marks of code from an offset on: what the clauses of imports and exports are read with. */

export type Token =
  | { readonly kind: 'word' | 'string' | 'mark'; readonly start: number; readonly end: number; readonly v: string }
  | { readonly kind: 'end'; readonly start: number; readonly end: number; readonly v: '' };

function isBlank(unit: number): boolean {
  return (
    unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0 || unit === 0xfeff || unit === 0x2028 || unit === 0x2029
  );
}

/** Skips spaces and comments. Written out: a pattern would need a stack as long as the longest comment. */
export function skipBlank(text: string, start: number): number {
  let at = start;
  for (;;) {
    const unit = text.charCodeAt(at);
    if (isBlank(unit)) at++;
    else if (unit === 47 && text.charCodeAt(at + 1) === 47) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else if (unit === 47 && text.charCodeAt(at + 1) === 42) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else return at;
  }
}

/** The offset after the string that starts at `start`; -1 where it does not end. Templates: those without holes. */
function endOfString(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) return at + 1;
    if (unit === 92) at++;
    else if (quote === 96 ? unit === 36 && text.charCodeAt(at + 1) === 123 : unit === 10 || unit === 13) return -1;
  }
  return -1;
}

export function tokenAt(text: string, at: number): Token {
  const start = skipBlank(text, at);
  if (start >= text.length) return { kind: 'end', start, end: start, v: '' };
  const unit = text.charCodeAt(start);
  if (unit === 34 || unit === 39 || unit === 96) {
    const end = endOfString(text, start);
    if (end > 0) return { kind: 'string', start, end, v: text.slice(start, end) };
  } else {
    const end = isWordStart(unit) ? endOfWord(text, start) : endOfMark(text, start, unit);
    const v = text.slice(start, end);
    return { kind: isWordStart(unit) ? 'word' : 'mark', start, end, v };
  }
  return { kind: 'mark', start, end: start + 1, v: text.charAt(start) };
}

/** Letters, digits, `_ $ # @` and everything beyond ASCII: not checked further, since the code around it was not either. */
function isWordStart(unit: number): boolean {
  return isWordPart(unit) || unit === 35 || unit === 64;
}

function isWordPart(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 65 && unit <= 90) ||
    (unit >= 48 && unit <= 57) ||
    unit === 95 ||
    unit === 36 ||
    (unit > 127 && !isBlank(unit))
  );
}

function endOfWord(text: string, start: number): number {
  let end = start + 1;
  while (isWordPart(text.charCodeAt(end))) end++;
  return end;
}

/** `=== !== == != => ... ?.` are one mark each; anything else is one unit. */
function endOfMark(text: string, start: number, unit: number): number {
  const next = text.charCodeAt(start + 1);
  if (unit === 61 || unit === 33) {
    if (next === 61) return start + (text.charCodeAt(start + 2) === 61 ? 3 : 2);
    return start + (unit === 61 && next === 62 ? 2 : 1);
  }
  if (unit === 46 && next === 46 && text.charCodeAt(start + 2) === 46) return start + 3;
  return start + (unit === 63 && next === 46 ? 2 : 1);
}

const ESCAPE = /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r\n|([\s\S]))/g;
const SHORT: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };

/** The value of a string from what stands between its quotes. */
export function unescaped(inner: string): string {
  if (!inner.includes('\\')) return inner;
  return inner.replace(ESCAPE, (_, braced?: string, four?: string, two?: string, one?: string) => {
    const hex = braced ?? four ?? two;
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    }
    if (one === undefined || one === '\n' || one === '\r' || one === '\u2028' || one === '\u2029') return '';
    return SHORT[one] ?? one;
  });
}

/** The value of a string token. */
export function stringValue(token: { readonly v: string }): string {
  return unescaped(token.v.slice(1, -1));
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The offset after the bracket that closes the one at `open`; -1 where it is not found within `limit` tokens. */
export function afterBracket(text: string, open: number, limit = 400): number {
  let depth = 0;
  let at = open;
  for (let count = 0; count < limit; count++) {
    const token = tokenAt(text, at);
    if (token.kind === 'end') return -1;
    if (token.kind === 'mark') {
      if (token.v in CLOSING) depth++;
      else if ((token.v === ')' || token.v === ']' || token.v === '}') && --depth === 0) return token.end;
    }
    at = token.end;
  }
  return -1;
}
