// Replaces the types of a TypeScript file by blanks, so that lines and columns stay. For Node before 22.13 only, which cannot do it
// itself, and only for what this project writes: type imports, `type` and `interface`, annotated parameters, results and
// variables, `as`. It does not know classes, enums, type arguments in calls or typed destructuring in `catch`.

const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`|=>|[A-Za-z_$][\w$]*|\d[\w.]*|\s+|[\s\S]/g;
const OPEN = new Set(['(', '[', '{', '<']);
const CLOSE = new Set([')', ']', '}', '>']);

/** JavaScript with the same line and column of everything that stays. */
export function eraseTypes(source) {
  const tokens = [];
  for (const match of source.matchAll(TOKEN)) {
    if (!/^(\s|\/\/|\/\*)/.test(match[0])) tokens.push({ text: match[0], at: match.index, end: match.index + match[0].length });
  }
  const out = source.split('');
  const blank = (from, to) => {
    for (let i = from; i < to; i++) if (out[i] !== '\n') out[i] = ' ';
  };
  const text = (i) => tokens[i]?.text;

  /** Index of the first token after `i` that is in `stops` outside every bracket. */
  const upTo = (i, stops) => {
    let depth = 0;
    for (let j = i; j < tokens.length; j++) {
      if (depth === 0 && stops.has(text(j))) return j;
      if (OPEN.has(text(j))) depth++;
      else if (CLOSE.has(text(j))) depth--;
    }
    throw new SyntaxError(`erase-types: a type at offset ${tokens[i].at} never ends`);
  };
  const eraseFrom = (i, stops, start = i) => {
    const end = upTo(i, stops);
    blank(tokens[start].at, tokens[end - 1].end);
    return end;
  };
  const closing = (i) => {
    let depth = 0;
    for (let j = i; j < tokens.length; j++) {
      if ('([{'.includes(text(j))) depth++;
      else if (')]}'.includes(text(j)) && --depth === 0) return j;
    }
    return -1;
  };

  const eraseParameters = (open, close) => {
    let depth = 0;
    for (let j = open + 1; j < close; j++) {
      if ('([{'.includes(text(j))) depth++;
      else if (')]}'.includes(text(j))) depth--;
      else if (depth === 0 && text(j) === ':') {
        const start = text(j - 1) === '?' ? j - 1 : j;
        j = eraseFrom(j + 1, new Set([',', ')', '=']), start) - 1;
      }
    }
  };

  for (let i = 0; i < tokens.length; i++) {
    const word = text(i);
    const begins = i === 0 || text(i - 1) === ';' || text(i - 1) === '}';
    const kind = word === 'export' ? text(i + 1) : word;
    if (begins && (kind === 'type' || (word === 'import' && text(i + 1) === 'type'))) {
      const end = upTo(i, new Set([';']));
      blank(tokens[i].at, tokens[end].end);
      i = end;
    } else if (begins && kind === 'interface') {
      const end = closing(upTo(i, new Set(['{'])));
      blank(tokens[i].at, tokens[end].end);
      i = end;
    } else if (word === 'function') {
      const open = upTo(i, new Set(['(']));
      const close = closing(open);
      eraseParameters(open, close);
      if (text(close + 1) === ':') eraseFrom(close + 2, new Set(['{']), close + 1);
    } else if (word === '(' && text(closing(i) + 1) === '=>') {
      eraseParameters(i, closing(i));
    } else if ((word === 'const' || word === 'let') && text(i + 2) === ':') {
      i = eraseFrom(i + 3, new Set(['=', ';']), i + 2);
    } else if (word === 'as' && i > 0 && /^[\w$)\]}]/.test(text(i - 1)) && text(i - 1) !== ',') {
      i = eraseFrom(i + 1, new Set([')', ',', ';', '.', ']', '}']), i) - 1;
    }
  }
  return out.join('');
}
