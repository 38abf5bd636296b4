/**
 * Parses JSON exactly, from text that may still be growing. `JSON.parse` rounds 64-bit integers, forgets whether a number was
 * written as an integer, and keeps the last of two equal keys without a word; this keeps or refuses. One whole, since it is one
 * grammar.
 *
 * Numbers: an integer within 64 bits is a `bigint`; one beyond is carried as the text of its digits; anything with a point or an
 * exponent is a `number`, as text where a double cannot hold it (`1e400`). `NaN`, `Infinity` and `-Infinity`, which Python writes,
 * are numbers.
 */
import { BrokenText, type Value } from '../../rows/value.ts';

/** Thrown (always this one object, hence cheap) where the text ends before the value does. */
export const MORE: Error = new Error('the text ends before the value does');

/** Why JSON text was refused. */
export class JsonError extends Error {
  readonly kind: 'corrupt' | 'unsupported';
  /** Place in the parser's text. */
  readonly at: number;
  constructor(kind: JsonError['kind'], message: string, at: number) {
    super(message);
    this.kind = kind;
    this.at = at;
  }
}

/** The members of one object as cells, in the order written. Nested values are canonical JSON text. */
export type Members = ReadonlyMap<string, Value>;

/** Deeper nesting is no record, and would end in a stack overflow. */
const MAX_DEPTH = 500;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const LITERAL = /null|true|false|NaN|-?Infinity/y;
/** Beginnings of literals and numbers: what may only look wrong because the rest has not arrived. */
const UNFINISHED =
  /^(-?\d*\.?\d*([eE][+-]?)?|n|nu|nul|t|tr|tru|f|fa|fal|fals|N|Na|-?I|-?In|-?Inf|-?Infi|-?Infin|-?Infini|-?Infinit)$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly what JSON forbids inside strings
const CONTROL = /[\0-\x1f]/;
/** With the `u` flag this matches lone surrogates only. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A place in a text. `final`: no more text will come. */
export class JsonParser {
  text = '';
  at = 0;
  final = true;

  /** The next character that is not space, not taken; `''` at the end of a final text. */
  peek(): string {
    // Most often there is no space to skip.
    const code = this.text.charCodeAt(this.at);
    if (code > 32) return this.text[this.at] ?? '';
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.at = SPACE.lastIndex;
    const char = this.text[this.at];
    if (char === undefined) {
      if (!this.final) throw MORE;
      return '';
    }
    return char;
  }

  take(char: string): void {
    if (this.peek() !== char) this.refuse(char);
    this.at++;
  }

  /** An object whose values become cells. */
  members(): Members {
    const start = this.at;
    const members = new Map<string, Value>();
    for (const key of this.keys()) {
      if (members.has(key)) this.refuseDuplicate(start);
      members.set(key, this.cell());
    }
    return members;
  }

  /** One value as a cell. */
  cell(): Value {
    const char = this.peek();
    if (char === '"') return cellOfText(this.string());
    if (char === '{' || char === '[') return this.canonical(1);
    const literal = this.literal();
    if (literal !== undefined) return LITERALS.get(literal) ?? null;
    const [source, exact] = this.number();
    if (exact) {
      const integer = BigInt(source);
      return integer > MAX_INT64 || integer < MIN_INT64 ? source : integer;
    }
    const number = Number(source);
    return Number.isFinite(number) ? number : source;
  }

  /** One value as canonical JSON text: no spaces, sorted keys, one spelling per number. */
  canonical(depth = 0): string {
    if (depth > MAX_DEPTH)
      throw new JsonError('unsupported', `values are nested deeper than ${MAX_DEPTH} levels`, this.at);
    const char = this.peek();
    if (char === '"') return JSON.stringify(this.string());
    if (char === '[') {
      const parts: string[] = [];
      for (const _ of this.items()) parts.push(this.canonical(depth + 1));
      return `[${parts.join(',')}]`;
    }
    if (char === '{') {
      const start = this.at;
      const parts = new Map<string, string>();
      for (const key of this.keys()) {
        if (parts.has(key)) this.refuseDuplicate(start);
        parts.set(key, this.canonical(depth + 1));
      }
      const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
      return `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
    }
    const literal = this.literal();
    if (literal !== undefined) return literal;
    const [source, exact] = this.number();
    return exact ? (source === '-0' ? '0' : source) : canonicalFloat(source);
  }

  /** Steps through an object: after each key the caller reads the value. */
  *keys(): Generator<string, void, void> {
    this.take('{');
    if (this.peek() === '}') {
      this.at++;
      return;
    }
    for (;;) {
      if (this.peek() !== '"') this.refuse('"');
      const key = this.string();
      this.take(':');
      yield key;
      if (this.peek() !== ',') break;
      this.at++;
    }
    this.take('}');
  }

  /** Steps through an array: at each step the caller reads one value. */
  *items(): Generator<void, void, void> {
    this.take('[');
    if (this.peek() === ']') {
      this.at++;
      return;
    }
    for (;;) {
      yield;
      if (this.peek() !== ',') break;
      this.at++;
      if (this.peek() === ']') this.refuse('a value');
    }
    this.take(']');
  }

  string(): string {
    const { text, at } = this;
    let close = text.indexOf('"', at + 1);
    while (close >= 0 && isEscaped(text, close, at)) close = text.indexOf('"', close + 1);
    if (close < 0) throw MORE;
    this.at = close + 1;
    const inner = text.slice(at + 1, close);
    if (CONTROL.test(inner)) throw new JsonError('corrupt', 'a line break or control character inside a string', at);
    if (!inner.includes('\\')) return inner;
    try {
      return JSON.parse(text.slice(at, close + 1)) as string;
    } catch {
      throw new JsonError('corrupt', 'a string with an escape that JSON does not have', at);
    }
  }

  private literal(): string | undefined {
    LITERAL.lastIndex = this.at;
    const found = LITERAL.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Source text, and whether it is an integer. */
  private number(): readonly [string, boolean] {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) return this.refuse('a value');
    const end = this.at + found[0].length;
    // `12` may go on as `123` or `12.5`, `1.` as `1.5`.
    if (!this.final && (end === this.text.length || UNFINISHED.test(this.text.slice(this.at, this.at + 400))))
      throw MORE;
    this.at = end;
    return [found[0], found[1] === undefined && found[2] === undefined];
  }

  private refuseDuplicate(at: number): never {
    throw new JsonError('corrupt', 'an object has one key twice, and programs differ in which value they take', at);
  }

  /** Says what is wrong at the current place, or asks for more text where the end of it is what is wrong. */
  refuse(wanted: string): never {
    const { text, at } = this;
    const char = text[at];
    if (char === undefined) throw MORE;
    if (UNFINISHED.test(text.slice(at, at + 400)) && at + 400 > text.length) throw MORE;
    if (char === '/' || char === '#') throw new JsonError('unsupported', 'comments are not part of JSON', at);
    const json5 =
      char === "'" ||
      char === '+' ||
      char === '.' ||
      /[\p{L}_$]/u.test(char) ||
      /,\s*$/.test(text.slice(Math.max(0, at - 50), at));
    if (json5) throw new JsonError('unsupported', 'JSON5 or another relative of JSON', at);
    throw new JsonError('corrupt', `${wanted === '"' ? 'a key' : wanted} expected`, at);
  }
}

const LITERALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function isEscaped(text: string, quote: number, start: number): boolean {
  let slashes = 0;
  for (let i = quote - 1; i > start && text[i] === '\\'; i--) slashes++;
  return slashes % 2 === 1;
}

/** Half a surrogate pair has no UTF-8; it travels as the three bytes that its code point would have. */
function cellOfText(text: string): Value {
  if (!LONE_SURROGATE.test(text)) return text;
  const parts = Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) return Buffer.from(char, 'utf8');
    return Buffer.from([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]);
  });
  return new BrokenText(new Uint8Array(Buffer.concat(parts)));
}

/** The shortest text that reads back as the same double, never mistaken for an integer. */
function canonicalFloat(source: string): string {
  const number = Number(source);
  if (!Number.isFinite(number)) return source;
  if (Object.is(number, -0)) return '-0.0';
  const text = String(number);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
