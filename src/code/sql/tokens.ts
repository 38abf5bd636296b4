/**
 * SQL of any dialect as statements of tokens. One pass, never throws, linear also for garbage: what is not closed runs to
 * the end. Dialects contradict each other (`#`, `[`, `\'`, `$$`); where they do, the shape around decides. Whole on
 * purpose: a lexer that is cut in pieces hides its order of cases.
 */

export interface Token {
  /** `word`: unquoted. `quoted`: a quoted name, quotes removed. `hole`: a parameter or a gap. `body`: what `$$ … $$` held. */
  readonly k: 'word' | 'quoted' | 'string' | 'number' | 'hole' | 'punct' | 'body';
  readonly v: string;
  /** Words: upper case. Else ''. */
  readonly u: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

const SPACE = /[\s\uFEFF]/;
const WORD_START = /[A-Za-z_\u0080-\uFFFF]/;
const NUMBER = /(?:0[xX][0-9A-Fa-f]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)/y;
const WORD = /(?:[\w\u0080-\u1FFF\u2070-\uFEFE\uFF00-\uFFFF]|\$(?!\{))+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_]\w{0,60})?\$/y;
/** `%s`, `%(x)s`, `%1$s`, `?`, `?1`, `:x`, `$1`, `$x`, `{x}`, `${x}`, `#{x}`, `{{ x }}`, `<%= x %>`. */
const HOLE =
  /%\(\w{1,80}\)[sdi]|%(?:\d\$)?[sdiqf](?!\w)|%[si](?=[_a-z])|\?\d{0,4}|:[A-Za-z_]\w*|[$#]?\{\{?[^{}\n]{0,200}\}?\}|\$\d+|\$[A-Za-z_]\w*/y;
const TEMPLATE = /\{%[^%\n]{0,400}%\}|\{#[^#\n]{0,400}#\}/y;
const BRACKETED = /\[([A-Za-z_\u0080-\uFFFF](?:[^\]\n]|\]\]){0,127})\](?!\])/y;
const QUOTED_HOLE = /\$?\{\{?[^{}\n]{0,200}\}?\}|%\(\w{1,80}\)s|%s|\$\w+/g;
const VALUES_NOISE: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE', 'DEFAULT']);

/** The statements of a text, one after the other; `line` is the line of its first character. */
export function* statementsOf(text: string, line = 1): Generator<readonly Token[]> {
  const mysql = text.includes('`');
  let tokens: Token[] = [];
  let at = 0;
  let delimiter = '';
  let lineStart = true;
  let nests = true;
  /** Inside the rows of an INSERT: only what could be a query is kept. */
  let lean = false;

  const passLines = (from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      const unit = text.charCodeAt(index);
      if (unit === 10 || (unit === 13 && text.charCodeAt(index + 1) !== 10)) line += 1;
    }
  };
  const endOfLine = (from: number): number => {
    const lf = text.indexOf('\n', from);
    return lf < 0 ? text.length : lf;
  };
  const push = (k: Token['k'], v: string, end: number): void => {
    if (!lean) {
      tokens.push({ k, v, u: k === 'word' ? v.toUpperCase() : '', start: at, end, line });
    } else if (k === 'word') {
      const u = v.toUpperCase();
      if (!VALUES_NOISE.has(u)) tokens.push({ k, v, u, start: at, end, line });
    } else if (k === 'punct' && (v === '(' || v === ')')) {
      if (v === ')' && tokens.at(-1)?.v === '(' && tokens.at(-1)?.k === 'punct') tokens.pop();
      else tokens.push({ k, v, u: '', start: at, end, line });
    }
  };
  const take = (k: Token['k'], v: string, end: number): void => {
    push(k, v, end);
    if (k === 'string' || k === 'quoted') passLines(at, end);
    at = end;
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };

  while (at < text.length) {
    const char = text[at] as string;
    const next = text[at + 1] ?? '';

    const unit = text.charCodeAt(at);
    if (unit <= 32 || (unit >= 127 && SPACE.test(char))) {
      if (unit === 10 || (unit === 13 && next !== '\n')) {
        line += 1;
        lineStart = true;
      }
      at += 1;
      continue;
    }
    const first = lineStart;
    lineStart = false;

    let ended = false;
    if (delimiter !== '' && text.startsWith(delimiter, at)) {
      at += delimiter.length;
      ended = true;
    } else if (char === ';') {
      at += 1;
      if (tokens[0]?.u === 'COPY' && tokens.some(({ u }) => u === 'STDIN')) {
        const close = text.slice(at).search(/^\\\.[ \t]*$/m);
        const end = close < 0 ? text.length : at + close;
        passLines(at, end);
        at = end;
        lineStart = true;
      }
      ended = true;
    } else if (char === '\\') {
      // A client's own command: to the end of the line. Elsewhere an escape that nobody decoded.
      if (first || next === 'g' || text.startsWith('watch', at + 1)) {
        at = endOfLine(at);
        ended = true;
      } else {
        at += 2;
      }
      if (!ended) continue;
    } else if (first && tokens.length === 0 && char === '.' && /[a-z]/.test(next)) {
      at = endOfLine(at);
      continue;
    } else if (first && char === '/' && (next === '\n' || next === '\r' || next === '')) {
      at += 1;
      ended = true;
    }
    if (ended) {
      if (tokens.length > 0) yield tokens;
      tokens = [];
      lean = false;
      continue;
    }

    if (char === '-' && next === '-') {
      at = endOfLine(at);
    } else if (char === '#' && (first || SPACE.test(next) || next === '') && next !== '{') {
      at = endOfLine(at);
    } else if (char === '/' && next === '*') {
      // `/*!40000 … */` is run by MySQL: only its brackets are comments.
      if (text[at + 2] === '!') {
        at += 3;
        while (at < text.length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
      } else {
        const end = endOfComment(text, at, nests);
        nests &&= end >= 0;
        passLines(at, end);
        at = end;
      }
    } else if (char === '*' && next === '/') {
      at += 2;
    } else if (char === "'") {
      const end = endOfQuoted(text, at, "'", mysql ? 'yes' : 'maybe');
      take('string', lean ? '' : unquote(text, at + 1, end, "'"), end);
    } else if (char === '"' || char === '`') {
      const end = endOfQuoted(text, at, char, char === '"' && mysql ? 'yes' : 'no');
      const name = lean ? '' : unquote(text, at + 1, end, char).replace(QUOTED_HOLE, '?');
      take('quoted', name, end);
    } else if (char === '[' && !isTight(text[at - 1]) && match(BRACKETED) !== null) {
      const end = BRACKETED.lastIndex;
      take(
        'quoted',
        text
          .slice(at + 1, end - 1)
          .replaceAll(']]', ']')
          .replace(QUOTED_HOLE, '?'),
        end,
      );
    } else if (char >= '0' && char <= '9') {
      match(NUMBER);
      take('number', text.slice(at, NUMBER.lastIndex), NUMBER.lastIndex);
    } else if (WORD_START.test(char) && match(WORD) !== null) {
      const end = WORD.lastIndex;
      if (text[end] === "'" && end === at + 1 && /[NEBXR]/i.test(char)) {
        const close = endOfQuoted(text, end, "'", /[ER]/i.test(char) || mysql ? 'yes' : 'maybe');
        take('string', unquote(text, end + 1, close, "'"), close);
        continue;
      }
      const word = text.slice(at, end);
      if (first && /^GO$/i.test(word) && /^[ \t]*(?:\d+[ \t]*)?(?:[\r\n]|$)/.test(text.slice(end, end + 20))) {
        at = end;
        if (tokens.length > 0) yield tokens;
        tokens = [];
        lean = false;
      } else if (tokens.length === 0 && /^DELIMITER$/i.test(word)) {
        const stop = endOfLine(end);
        delimiter = text.slice(end, stop).trim();
        if (delimiter === ';' || delimiter.length > 10) delimiter = '';
        at = stop;
      } else {
        take('word', word, end);
        if (lean) lean = !/^(?:SELECT|ON|RETURNING)$/i.test(word);
        else if (/^VALUES?$/i.test(word)) lean = isInsert(tokens) && /^\s{0,9}\(/.test(text.slice(end, end + 10));
      }
    } else if (char === '$' && match(DOLLAR_TAG) !== null) {
      const tag = text.slice(at, DOLLAR_TAG.lastIndex);
      const close = text.indexOf(tag, DOLLAR_TAG.lastIndex);
      const stop = close < 0 ? text.length : close;
      const start = DOLLAR_TAG.lastIndex;
      passLines(at, start);
      push('body', text.slice(start, stop), Math.min(text.length, stop + tag.length));
      passLines(start, stop);
      at = Math.min(text.length, stop + tag.length);
    } else if (char === ':' && next === ':') {
      take('punct', '::', at + 2);
    } else if (char === '{' && (next === '%' || next === '#') && match(TEMPLATE) !== null) {
      at = TEMPLATE.lastIndex;
    } else if ('%?:{$#'.includes(char) && match(HOLE) !== null) {
      take('hole', '?', HOLE.lastIndex);
    } else if ((char === '@' || char === '#') && (WORD_START.test(next) || next === '@')) {
      // Variables and temporary tables keep their mark, so that they are never taken for tables.
      let end = at + 1;
      while (end < text.length && /[\w$#@]/.test(text[end] as string)) end += 1;
      take('word', text.slice(at, end), end);
    } else {
      take('punct', char, at + 1);
    }
  }
  if (tokens.length > 0) yield tokens;
}

/** Right behind a name, number or bracket: then `[` is a subscript. */
function isTight(before: string | undefined): boolean {
  return before !== undefined && /[\w\])"'`]/.test(before);
}

/** Comments nest in PostgreSQL, not elsewhere. -1: nested, it does not close, so it was not meant to (asked once a text). */
function endOfComment(text: string, start: number, nests: boolean): number {
  if (!nests) {
    const end = text.indexOf('*/', start + 2);
    return end < 0 ? text.length : end + 2;
  }
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start + 2;
  let depth = 1;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return -1;
}

function isInsert(tokens: readonly Token[]): boolean {
  return tokens[0]?.u === 'INSERT' || tokens[0]?.u === 'REPLACE';
}

/** Offset behind the closing quote. Quotes are doubled; backslashes escape in MySQL, in E'' and, by their looks, elsewhere. */
function endOfQuoted(text: string, start: number, quote: string, backslash: 'yes' | 'no' | 'maybe'): number {
  let from = start + 1;
  for (;;) {
    const at = text.indexOf(quote, from);
    if (at < 0) return text.length;
    if (backslash !== 'no') {
      let slashes = 0;
      while (at - 1 - slashes >= from && text[at - 1 - slashes] === '\\') slashes += 1;
      if (slashes % 2 === 1 && (backslash === 'yes' || /[\w']/.test(text[at + 1] ?? ''))) {
        from = at + 1;
        continue;
      }
    }
    if (text[at + 1] !== quote) return at + 1;
    from = at + 2;
  }
}

function unquote(text: string, start: number, end: number, quote: string): string {
  const stop = text[end - 1] === quote && end - 1 >= start ? end - 1 : end;
  const inner = text.slice(start, stop);
  return inner.includes(quote) ? inner.replaceAll(quote + quote, quote) : inner;
}
