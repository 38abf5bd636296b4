/**
 * What the scanner hands on: kinds, starts and ends of tokens in one array of numbers, since an audit scans thousands of
 * files and an object per token would cost more than reading the text.
 */

export const END = 0;
export const NAME = 1;
export const NUMBER = 2;
export const STRING = 3;
/** A string with holes: `f"…"`, `t"…"`. */
export const TEMPLATE = 4;
/** End of a logical line. */
export const NEWLINE = 5;
export const INDENT = 6;
export const DEDENT = 7;
/** What is no token of Python. */
export const BAD = 8;

/** Operators of one character are their own character code (33 to 126); longer ones follow. */
export const POWER = 130;
export const FLOOR = 131;
export const LEFT = 132;
export const RIGHT = 133;
export const EQUAL = 134;
export const UNEQUAL = 135;
export const AT_MOST = 136;
export const AT_LEAST = 137;
export const ARROW = 138;
export const WALRUS = 139;
export const ELLIPSIS = 140;
/** `+=` and its likes. */
export const AUGMENT = 141;

export const COMMA = 44;
export const DOT = 46;
export const COLON = 58;
export const SEMICOLON = 59;
export const ASSIGN = 61;
export const AT = 64;
export const STAR = 42;
export const SLASH = 47;
export const OPEN_ROUND = 40;
export const CLOSE_ROUND = 41;
export const OPEN_SQUARE = 91;
export const CLOSE_SQUARE = 93;
export const OPEN_CURLY = 123;
export const CLOSE_CURLY = 125;

/** Keywords; `match`, `case`, `type` and `print` are names. */
export const FALSE = 160;
export const NONE = 161;
export const TRUE = 162;
export const AND = 163;
export const AS = 164;
export const ASSERT = 165;
export const ASYNC = 166;
export const AWAIT = 167;
export const BREAK = 168;
export const CLASS = 169;
export const CONTINUE = 170;
export const DEF = 171;
export const DEL = 172;
export const ELIF = 173;
export const ELSE = 174;
export const EXCEPT = 175;
export const FINALLY = 176;
export const FOR = 177;
export const FROM = 178;
export const GLOBAL = 179;
export const IF = 180;
export const IMPORT = 181;
export const IN = 182;
export const IS = 183;
export const LAMBDA = 184;
export const NONLOCAL = 185;
export const NOT = 186;
export const OR = 187;
export const PASS = 188;
export const RAISE = 189;
export const RETURN = 190;
export const TRY = 191;
export const WHILE = 192;
export const WITH = 193;
export const YIELD = 194;

/** In the order of their numbers. */
const KEYWORDS =
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  );

/** Keywords by first letter, longest names being `continue` and `nonlocal`. */
const BY_LETTER: readonly (readonly (readonly [word: string, kind: number])[])[] = Array.from(
  { length: 128 },
  (_, unit) => KEYWORDS.flatMap((word, index) => (word.charCodeAt(0) === unit ? [[word, FALSE + index] as const] : [])),
);

/** Kind of the word at `start`: that of its keyword, else NAME. */
export function wordKind(text: string, start: number, end: number): number {
  const length = end - start;
  if (length > 8) return NAME;
  const candidates = BY_LETTER[text.charCodeAt(start)];
  if (candidates === undefined) return NAME;
  for (const [word, kind] of candidates) if (word.length === length && text.startsWith(word, start)) return kind;
  return NAME;
}

export interface Problem {
  /** Offset. */
  readonly at: number;
  readonly message: string;
}

/** Numbers per token in `data`. */
export const STRIDE = 3;

export interface Tokens {
  readonly text: string;
  /** kind, start, end; kind, start, end; … The last is END. */
  data: Int32Array;
  count: number;
  /** Start, end of each comment. */
  readonly comments: number[];
  /** The first thing that no Python would accept. */
  problem: Problem | undefined;
}

/** Keeps the problem that stands first in the file. */
export function complain(tokens: Tokens, at: number, message: string): void {
  if (tokens.problem === undefined || at < tokens.problem.at) tokens.problem = { at, message };
}
