/**
 * What is code and what is not, in one pass over a file: strings, templates, comments, regular expressions and JSX text
 * are stepped over, and the words in code that imports and exports begin with are found. It builds no tree and trusts no
 * syntax: a file that does not parse is read the same way. One state machine, therefore one file.
 */

/** A word of `WORDS` that stands in code. */
export interface Hit {
  readonly at: number;
  readonly word: string;
  /** Brackets `{`, holes and elements around it: 0 is the top level. */
  readonly depth: number;
}

/** A string or template that has something in it that a store's name has. */
export interface Quoted {
  readonly start: number;
  /** Exclusive, quotes included. */
  readonly end: number;
  /** Parts of a template between its holes: start and end of each. Absent for a string. */
  readonly parts?: readonly number[];
}

export interface Scan {
  readonly hits: readonly Hit[];
  readonly quoted: readonly Quoted[];
  /** Start and end of each comment, in order, flat. */
  readonly comments: readonly number[];
  /** Indexes of comments that have a store's suffix or URL in them. */
  readonly telling: readonly number[];
  /** Deepest nesting that a parser would have to follow, in operators (only where `measure` was asked). */
  readonly nesting: number;
}

/** `mock.module` and the methods of `jest`, `vi`, `vitest` that take a module's name. */
const MOCK_WORDS =
  /\b(?:mock|doMock|unmock|dontMock|setMock|unstable_mockModule|requireActual|requireMock|importActual|importMock|rewire)\b/g;
const MOCKERS = ['jest', 'vi.', 'vitest', 'k.module(', 'wire('];

/** Words by a part of each that is seldom seen elsewhere: looking for that is several times faster than for a pattern. */
const NEEDLES: readonly (readonly [needle: string, words: readonly string[]])[] = [
  ['port', ['import', 'exports', 'export']],
  ['quire', ['require', 'proxyquire']],
  ['URL(', ['URL']],
];

/** Every place where one of the words stands, in order; whether that is code, the pass says. */
function wordsOf(text: string): readonly { readonly at: number; readonly word: string }[] {
  const found: { at: number; word: string }[] = [];
  for (const [needle, words] of NEEDLES)
    for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length))
      for (const word of words) {
        const start = at - word.indexOf(needle.slice(0, 3));
        if (!text.startsWith(word, start)) continue;
        const before = text.charCodeAt(start - 1);
        if (!(isWordUnit(before) && before !== 36) && !isWordUnit(text.charCodeAt(start + word.length)))
          found.push({ at: start, word });
        break;
      }
  if (MOCKERS.some((mocker) => text.includes(mocker)))
    for (const match of text.matchAll(MOCK_WORDS)) found.push({ at: match.index, word: match[0] });
  return found.sort((x, y) => x.at - y.at);
}

/** Something that the name of a store has: a cheap question, `mayNameStore` answers it. */
const TELLING =
  /\.(?:db3?|sqlite3?|s3db|sl3|database|csv|tsv|jsonl?|ndjson)(?![\w-])|\b(?:sqlite3?|file|postgres(?:ql)?|mysql|mariadb|mssql|oracle|mongodb|duckdb|libsql|jdbc|pgsql)(?:\+\w+)?:/i;
/** First letters of the suffixes of stores. */
const SUFFIX_LETTERS = 'dDsScCtTjJnN';

/** A dot before what may be such a suffix, or a colon as a URL's: asked of each unit of each string. */
function tellsAt(text: string, at: number, unit: number): boolean {
  if (unit === 46) return SUFFIX_LETTERS.includes(text.charAt(at + 1)) && at + 1 < text.length;
  const next = text.charCodeAt(at + 1);
  return unit === 58 && next !== 32 && next !== 10;
}

const QUOTE = 1;
const TICK = 2;
const SLASH = 3;
const OPEN = 4;
const CLOSE = 5;
const LESS = 6;
const ROUND_OPEN = 7;
const ROUND_CLOSE = 8;
const BREAK = 9;
const OPERATOR = 10;
const LETTER = 11;

function table(classes: Readonly<Record<string, number>>): Uint8Array {
  const made = new Uint8Array(65_536);
  for (const [characters, kind] of Object.entries(classes))
    for (const character of characters) made[character.charCodeAt(0)] = kind;
  return made;
}

const PLAIN_CLASSES = { '"\'': QUOTE, '`': TICK, '/': SLASH, '{': OPEN, '}': CLOSE };
const PLAIN = table(PLAIN_CLASSES);
const WITH_JSX = table({ ...PLAIN_CLASSES, '<': LESS });
/** Letters that the words begin with which nest without brackets: new, typeof, void, await, delete, else, do, if, for, while, keyof, as. */
const MEASURE_CLASSES = {
  ...PLAIN_CLASSES,
  '([': ROUND_OPEN,
  ')]': ROUND_CLOSE,
  ',;': BREAK,
  '+-*%&|^!~?:=>@.': OPERATOR,
  acdefiklnstvw: LETTER,
  '<': OPERATOR,
};
const MEASURE = table(MEASURE_CLASSES);
const MEASURE_JSX = table({ ...MEASURE_CLASSES, '<': LESS });
const NESTING_WORD =
  /(?:new|typeof|void|await|delete|else|do|if|for|while|keyof|as|case|satisfies|class|infer|readonly)\b/y;

/** `= & | > *` */
const REPEATED = [61, 38, 124, 62, 42];
/** What a bracket costs a parser's stack, an operator costing one. */
const BRACKET = 4;

/** What a `}` goes back to. */
const BRACE = 0;
const TEMPLATE_HOLE = 1;
const CHILD_HOLE = 2;
const TAG_HOLE = 3;
const ELEMENT = 4;

const REGEX_AFTER_WORD =
  /^(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield|instanceof|default|extends)$/;

function isWordUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 65 && unit <= 90) ||
    (unit >= 48 && unit <= 57) ||
    unit === 95 ||
    unit === 36 ||
    unit > 127
  );
}

function isSpace(unit: number): boolean {
  return (
    unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0 || unit === 0xfeff || unit === 0x2028 || unit === 0x2029
  );
}

/** Where the text goes on after a regular expression that starts at `start`; -1 where none does. */
function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let index = start + 1; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 10 || unit === 13) return -1;
    if (unit === 92) index++;
    else if (unit === 91) inClass = true;
    else if (unit === 93) inClass = false;
    else if (unit === 47 && !inClass) {
      index++;
      while (index < text.length && isWordUnit(text.charCodeAt(index))) index++;
      return index;
    }
  }
  return -1;
}

export interface ScanOptions {
  /** May have JSX: anything that is not plain TypeScript. */
  readonly jsx: boolean;
  /** Count nesting too, for a parser that would overflow its stack. */
  readonly measure?: boolean;
}

export function scan(text: string, options: ScanOptions): Scan {
  const { jsx } = options;
  const measure = options.measure === true;
  const classes = measure ? (jsx ? MEASURE_JSX : MEASURE) : jsx ? WITH_JSX : PLAIN;
  const length = text.length;
  const hits: Hit[] = [];
  const quoted: Quoted[] = [];
  const comments: number[] = [];
  const telling: number[] = [];
  const frames: number[] = [];
  /** Parts of the templates whose holes are open, innermost last. */
  const templates: { start: number; parts: number[]; tells: boolean }[] = [];
  const lastClosingTag = jsx ? Math.max(text.lastIndexOf('</'), text.lastIndexOf('/>')) : -1;
  let nesting = 0;
  /** Operators since the last `,` or `;` on each open bracket. */
  const runs: number[] = [0];
  let run = 0;
  let below = 0;

  const words = wordsOf(text);
  let word = 0;

  /** Words between two stops stand in code. */
  const codeUntil = (start: number, end: number): void => {
    for (let next = words[word]; next !== undefined && next.at < end; next = words[++word])
      if (next.at >= start) hits.push({ at: next.at, word: next.word, depth: frames.length });
  };

  /** The last unit before `at` that is neither space nor comment; -1 at the start. */
  const before = (at: number): number => {
    let comment = comments.length - 1;
    let index = at - 1;
    for (;;) {
      while (index >= 0 && isSpace(text.charCodeAt(index))) index--;
      if (comment > 0 && comments[comment] === index + 1) {
        index = (comments[comment - 1] as number) - 1;
        comment -= 2;
      } else return index;
    }
  };
  /** Does an expression begin at `at` (then `/` and `<` begin one), or does an operator stand there? */
  const beginsExpression = (at: number): boolean => {
    const index = before(at);
    if (index < 0) return true;
    const unit = text.charCodeAt(index);
    if (isWordUnit(unit)) {
      let start = index;
      while (start > 0 && isWordUnit(text.charCodeAt(start - 1)) && index - start < 12) start--;
      if (text.charCodeAt(start - 1) === 46) return false;
      return REGEX_AFTER_WORD.test(text.slice(start, index + 1));
    }
    // ) ] " ' ` end a value; } ends a block far more often than a value.
    if (unit === 41) return closesCondition(index);
    return unit !== 93 && unit !== 34 && unit !== 39 && unit !== 96;
  };
  /** `if (x) /re/`: looked back for on a few hundred characters only. */
  const closesCondition = (close: number): boolean => {
    let depth = 0;
    for (let index = close; index >= 0 && close - index < 300; index--) {
      const unit = text.charCodeAt(index);
      if (unit === 41) depth++;
      else if (unit === 40 && --depth === 0)
        return /(?:^|[^\w$.])(?:if|while|for|with)\s*$/.test(text.slice(Math.max(0, index - 10), index));
    }
    return false;
  };

  const lineEnd = (at: number): number => {
    const found = text.indexOf('\n', at);
    return found < 0 ? length : found;
  };
  let index = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (text.startsWith('#!', index)) index = lineEnd(index);
  /** Start of the stretch of code that is being read. */
  let from = index;
  const enter = (frame: number): void => {
    frames.push(frame);
    if (measure) {
      runs.push(run);
      below += run + BRACKET;
      run = 0;
      if (below > nesting) nesting = below;
    }
  };
  const leave = (): number => {
    const frame = frames.pop() ?? BRACE;
    if (measure && runs.length > 1) {
      run = runs.pop() as number;
      below -= run + BRACKET;
    }
    return frame;
  };
  /** Reads template text from `index` until a hole or its end. */
  const template = (): void => {
    const open = templates.at(-1) as (typeof templates)[number];
    const start = index;
    while (index < length) {
      const unit = text.charCodeAt(index);
      if (unit === 92) index += 2;
      else if (unit === 96) {
        open.parts.push(start, index);
        index++;
        templates.pop();
        if (open.tells) quoted.push({ start: open.start, end: index, parts: open.parts });
        return;
      } else if (unit === 36 && text.charCodeAt(index + 1) === 123) {
        open.parts.push(start, index);
        index += 2;
        enter(TEMPLATE_HOLE);
        return;
      } else {
        if ((unit === 46 || unit === 58) && tellsAt(text, index, unit)) open.tells = true;
        index++;
      }
    }
    templates.pop();
    index = length;
  };
  const comment = (end: number): void => {
    if (TELLING.test(text.slice(index, Math.min(end, index + 20_000)))) telling.push(comments.length >> 1);
    comments.push(index, end);
    index = end;
  };
  /** After an element: back into the children of the one around it, or into code. */
  const afterElement = (): void => {
    if (frames.at(-1) === ELEMENT) children();
  };
  const children = (): void => {
    while (index < length) {
      const unit = text.charCodeAt(index);
      if (unit === 123) {
        index++;
        enter(CHILD_HOLE);
        return;
      }
      if (unit === 60) {
        if (text.charCodeAt(index + 1) === 47) {
          const close = text.indexOf('>', index);
          index = close < 0 ? length : close + 1;
          leave();
          if (frames.at(-1) !== ELEMENT) return;
          continue;
        }
        index++;
        if (!tag()) return;
        continue;
      }
      index++;
    }
  };
  /** Reads on inside `<name …`; true where children follow (its frame is pushed) or the tag ended within children. */
  const tag = (): boolean => {
    while (index < length) {
      const unit = text.charCodeAt(index);
      if (unit === 62) {
        index++;
        enter(ELEMENT);
        return true;
      }
      if (unit === 47) {
        const next = text.charCodeAt(index + 1);
        if (next === 62) {
          index += 2;
          return frames.at(-1) === ELEMENT;
        }
        if (next === 42) {
          const end = text.indexOf('*/', index + 2);
          comment(end < 0 ? length : end + 2);
        } else if (next === 47) comment(lineEnd(index));
        else index++;
      } else if (unit === 34 || unit === 39) {
        const end = text.indexOf(unit === 34 ? '"' : "'", index + 1);
        if (end < 0) index++;
        else {
          if (end - index < 500) quoted.push({ start: index, end: end + 1 });
          index = end + 1;
        }
      } else if (unit === 123) {
        index++;
        enter(TAG_HOLE);
        return false;
      } else if (unit === 60) {
        // Type arguments: `<Table<Row> rows=…`.
        const end = text.indexOf('>', index);
        index = end < 0 ? length : end + 1;
      } else index++;
    }
    return false;
  };

  while (index < length) {
    // What is captured by the functions above lives on the heap: the stretch between two stops is crossed in a local.
    let stop = index;
    let unit = text.charCodeAt(stop);
    while (stop < length && classes[unit] === 0) unit = text.charCodeAt(++stop);
    index = stop;
    if (stop >= length) break;
    const kind = classes[unit] as number;
    if (kind === QUOTE) {
      let end = index + 1;
      let found = -1;
      let tells = false;
      while (end < length) {
        const at = text.charCodeAt(end);
        if (at === unit) {
          found = end;
          break;
        }
        if (at === 92) end += text.charCodeAt(end + 1) === 13 && text.charCodeAt(end + 2) === 10 ? 3 : 2;
        else if (at === 10 || at === 13) break;
        else {
          if ((at === 46 || at === 58) && tellsAt(text, end, at)) tells = true;
          end++;
        }
      }
      if (found < 0) {
        // A quote that does not end on its line is no string (an apostrophe in a file that does not parse).
        index++;
        continue;
      }
      codeUntil(from, index);
      if (tells) quoted.push({ start: index, end: found + 1 });
      index = found + 1;
      from = index;
    } else if (kind === SLASH) {
      const next = text.charCodeAt(index + 1);
      if (next === 47 || next === 42) {
        codeUntil(from, index);
        const end = next === 47 ? lineEnd(index) : text.indexOf('*/', index + 2);
        comment(end < 0 ? length : next === 47 ? end : end + 2);
        from = index;
      } else {
        const end = beginsExpression(index) ? endOfRegex(text, index) : -1;
        if (end > 0) {
          codeUntil(from, index);
          index = end;
          from = index;
        } else {
          index++;
          if (measure) run++;
        }
      }
    } else if (kind === OPEN) {
      codeUntil(from, index);
      from = index;
      index++;
      enter(BRACE);
    } else if (kind === CLOSE) {
      codeUntil(from, index);
      index++;
      const frame = leave();
      if (frame === TEMPLATE_HOLE) template();
      else if (frame === CHILD_HOLE) children();
      else if (frame === TAG_HOLE) {
        if (tag()) children();
      } else if (frame === ELEMENT) afterElement();
      else if (measure) run++;
      from = index;
    } else if (kind === TICK) {
      codeUntil(from, index);
      templates.push({ start: index, parts: [], tells: false });
      index++;
      template();
      from = index;
    } else if (kind === LESS) {
      const next = text.charCodeAt(index + 1);
      const opens =
        index < lastClosingTag &&
        (next === 62 || next === 36 || (next > 64 && isWordUnit(next))) &&
        beginsExpression(index) &&
        !isGeneric(text, index);
      if (opens) {
        codeUntil(from, index);
        index++;
        if (tag()) children();
        from = index;
      } else {
        index++;
        if (measure) run++;
      }
    } else if (kind === ROUND_OPEN) {
      index++;
      runs.push(run);
      below += run + BRACKET;
      run = 0;
      if (below > nesting) nesting = below;
    } else if (kind === ROUND_CLOSE) {
      index++;
      if (runs.length > 1) {
        run = runs.pop() as number;
        below -= run + BRACKET;
      }
    } else if (kind === BREAK) {
      index++;
      run = 0;
    } else if (kind === OPERATOR) {
      index++;
      // `===`, `||`, `=>` are one operator each; `!!!` are three.
      if (REPEATED.includes(unit) && REPEATED.includes(text.charCodeAt(index - 2))) continue;
      if (++run + below > nesting) nesting = run + below;
    } else {
      // A letter: a word that nests counts as an operator does, another is stepped over.
      NESTING_WORD.lastIndex = index;
      if (NESTING_WORD.test(text) && ++run + below > nesting) nesting = run + below;
      index++;
      while (index < length && isWordUnit(text.charCodeAt(index))) index++;
    }
  }
  codeUntil(from, length);
  return { hits, quoted, comments, telling, nesting };
}

/** `<T,>(…)`, `<T extends X>(…)`, `<const T>`, `<T = X>` and the `<T>(…)` of a type are type parameters, not elements. */
function isGeneric(text: string, at: number): boolean {
  const head = text.slice(at + 1, at + 80);
  const name = /^(?:const\s+)?([\w$]+)\s*(,|>\(|extends\s(?!\s*=)|=\s*[\w{[(])/.exec(head);
  if (name === null) return false;
  return name[2] !== '>(' || !text.slice(at, at + 2_000).includes(`</${name[1]}`);
}
