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

// A text that is not closed runs to the end: its quote matches `$` too, so that nothing is tried twice.
const MARK =
  /(\/\/[^\n?]*(?:\?(?!>)[^\n?]*)*|#(?!\[)[^\n?]*(?:\?(?!>)[^\n?]*)*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/|$))|('[^'\\]*(?:\\[\s\S][^'\\]*)*(?:'|\\?$)|"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|`[^`\\]*(?:\\[\s\S][^`\\]*)*(?:`|\\?$))|<<<[ \t]*(["']?)([A-Za-z_]\w*)\3\r?\n|(\?>)|([{(])|([})])|(?<![$\w>:\\])(include_once|include|require_once|require|function|fn|class|interface|trait|enum|const|define|use|namespace)(?![\w\\])|(\[)|(\])/gi;
const OPEN_TAG = /<\?(?:php\b|=|(?=\s))/gi;

export function scanPhp(text: string): PhpScan {
  const marks: Mark[] = [];
  let depth = 0;
  let nesting = 0;
  let at = intoCode(text, 0);
  while (at < text.length) {
    MARK.lastIndex = at;
    const found = MARK.exec(text);
    if (found === null) break;
    const start = found.index;
    let end = MARK.lastIndex;
    if (found[1] !== undefined) marks.push({ kind: 'comment', start, end, v: '' });
    else if (found[2] !== undefined) marks.push({ kind: 'text', start, end, v: found[2][0] as string });
    else if (found[4] !== undefined) {
      end = endOfHeredoc(text, end - 1, found[4]);
      marks.push({ kind: 'text', start, end, v: found[3] === "'" ? "<<<'" : '<<<' });
    } else if (found[5] !== undefined) end = intoCode(text, end);
    else if (found[6] !== undefined || found[9] !== undefined) {
      depth += 1;
      nesting = Math.max(nesting, depth);
      if (found[9] === undefined) marks.push({ kind: 'open', start, end, v: found[6] as string });
    } else if (found[7] !== undefined || found[10] !== undefined) {
      depth -= 1;
      if (found[10] === undefined) marks.push({ kind: 'close', start, end, v: found[7] as string });
    } else marks.push({ kind: 'word', start, end, v: (found[8] as string).toLowerCase() });
    at = end;
  }
  return { marks, nesting };
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
