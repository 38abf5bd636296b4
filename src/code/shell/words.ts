/**
 * Words of a shell, quotes removed and expansions left as written. Nested quotes and substitutions are skipped with an
 * explicit stack; what is never closed is taken literally, and after some such failures nesting is no longer looked for,
 * so that broken input costs linear time.
 */

export interface Word {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Pairs (unit of the value, offset in the script): from there on both run in step. */
  readonly marks: readonly number[];
  readonly quoted: boolean;
  /** Scripts in `$(…)`, backticks and `<(…)`: offsets in the script. */
  readonly inner: readonly (readonly [start: number, end: number])[];
  /** `NAME=(…)`: where its elements stand. */
  readonly list?: readonly [start: number, end: number];
}

/** Shared by the words of one script. */
export interface Nesting {
  failures: number;
  /** Prose writes Windows' paths unquoted: there a backslash before a letter is one. */
  readonly backslashes?: true;
  /** Offset of the first quote that is never closed. */
  unclosed?: number;
}

const MAX_FAILURES = 40;
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '{': '}', '`': '`', '"': '"' };
const PLAIN = /[^\s;&|<>()'"\\$`]+/y;
const INSIDE_DOUBLE = /[^"\\$`]+/y;
export const ASSIGNMENT: RegExp = /^([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=/;

/** Offset behind what closes the bracket or quote at `open`; -1 where nothing does. */
export function matching(text: string, open: number, end: number, nesting: Nesting): number {
  if (nesting.failures > MAX_FAILURES) return -1;
  const stack = [CLOSERS[text[open] as string] as string];
  let index = open + 1;
  while (index < end) {
    const unit = text[index] as string;
    const top = stack[stack.length - 1] as string;
    if (unit === '\\') {
      index += 2;
    } else if (unit === top) {
      stack.pop();
      index++;
      if (stack.length === 0) return index;
    } else if (unit === '$' && (text[index + 1] === '(' || text[index + 1] === '{')) {
      stack.push(CLOSERS[text[index + 1] as string] as string);
      index += 2;
    } else if (top === '"') {
      if (unit === '`') stack.push('`');
      index++;
    } else if (unit === "'" && top !== '}') {
      const close = text.indexOf("'", index + 1);
      if (close === -1 || close >= end) break;
      index = close + 1;
    } else if (unit === '"' || unit === '`' || (unit === '(' && top === ')')) {
      stack.push(CLOSERS[unit] as string);
      index++;
    } else if (unit === '#' && top === ')' && /\s/.test(text[index - 1] as string)) {
      const eol = text.indexOf('\n', index);
      index = eol === -1 ? end : eol;
    } else {
      index++;
    }
  }
  nesting.failures++;
  nesting.unclosed ??= open;
  return -1;
}

const ANSI: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', "'": "'", '"': '"', '\\': '\\' };

/** The word that starts at `start`; `undefined` where an operator or blank stands. */
export function readWord(text: string, start: number, end: number, nesting: Nesting): Word | undefined {
  let value = '';
  let index = start;
  let quoted = false;
  const marks: number[] = [];
  const inner: (readonly [number, number])[] = [];
  const take = (chunk: string, from: number): void => {
    const last = marks.length - 2;
    if (last < 0 || (marks[last + 1] as number) - (marks[last] as number) !== from - value.length) {
      marks.push(value.length, from);
    }
    value += chunk;
  };
  /** `$(…)`, `${…}`, backticks at `index`: taken as written. */
  const expansion = (limit: number): boolean => {
    const unit = text[index] as string;
    const open = unit === '$' ? index + 1 : index;
    if (unit === '$' && text[open] !== '(' && text[open] !== '{') return false;
    const close = matching(text, open, limit, nesting);
    if (close === -1) return false;
    if (unit === '`' || (text[open] === '(' && text[open + 1] !== '(')) inner.push([open + 1, close - 1]);
    take(text.slice(index, close), index);
    index = close;
    return true;
  };
  const double = (): boolean => {
    const close = matching(text, index, end, nesting);
    if (close === -1) return false;
    const limit = close - 1;
    index++;
    while (index < limit) {
      INSIDE_DOUBLE.lastIndex = index;
      const plain = INSIDE_DOUBLE.exec(text)?.[0];
      const unit = text[index] as string;
      if (plain !== undefined) {
        const chunk = plain.slice(0, limit - index);
        take(chunk, index);
        index += chunk.length;
      } else if (unit === '\\' && '$"\\`'.includes(text[index + 1] as string)) {
        take(text[index + 1] as string, index + 1);
        index += 2;
      } else if (unit === '\\' && text[index + 1] === '\n') {
        index += 2;
      } else if ((unit === '$' || unit === '`') && expansion(limit)) {
        // taken as written
      } else {
        take(unit, index);
        index++;
      }
    }
    index = close;
    return true;
  };
  while (index < end) {
    PLAIN.lastIndex = index;
    const plain = PLAIN.exec(text)?.[0];
    if (plain !== undefined) {
      const chunk = plain.slice(0, end - index);
      take(chunk, index);
      index += chunk.length;
      continue;
    }
    const unit = text[index] as string;
    if (unit === '\\') {
      const eol = /^\r?\n/.exec(text.slice(index + 1, index + 3))?.[0];
      if (nesting.backslashes && /[\w.]/.test(text[index + 1] ?? '')) {
        take(unit, index++);
        continue;
      }
      if (eol === undefined && index + 1 < end) take(text[index + 1] as string, index + 1);
      index += eol === undefined ? 2 : 1 + eol.length;
    } else if (unit === "'") {
      const close = nesting.failures > MAX_FAILURES ? -1 : text.indexOf("'", index + 1);
      if (close === -1 || close >= end) {
        nesting.failures++;
        nesting.unclosed ??= index;
        take(unit, index);
        index++;
      } else {
        quoted = true;
        take(text.slice(index + 1, close), index + 1);
        index = close + 1;
      }
    } else if (unit === '"') {
      quoted = true;
      if (!double()) {
        take(unit, index);
        index++;
      }
    } else if (unit === '$' && text[index + 1] === "'") {
      quoted = true;
      index += 2;
      while (index < end && text[index] !== "'") {
        const escaped = text[index] === '\\';
        if (escaped) index++;
        const own = text[index] ?? '';
        take(escaped ? (ANSI[own] ?? own) : own, index);
        index++;
      }
      index++;
    } else if (unit === '$' && text[index + 1] === '"') {
      index++;
    } else if (unit === '$' || unit === '`') {
      if (!expansion(end)) {
        take(unit, index);
        index++;
      }
    } else if ((unit === '<' || unit === '>') && text[index + 1] === '(' && index === start) {
      const close = matching(text, index + 1, end, nesting);
      if (close === -1) return undefined;
      inner.push([index + 2, close - 1]);
      take(text.slice(index, close), index);
      index = close;
    } else if (unit === '(' && ASSIGNMENT.exec(value)?.[0] === value) {
      const close = matching(text, index, end, nesting);
      if (close === -1) break;
      const list = [index + 1, close - 1] as const;
      take(text.slice(index, close), index);
      return { value, start, end: close, marks, quoted, inner, list };
    } else {
      break;
    }
  }
  const stop = Math.min(index, end);
  return stop === start ? undefined : { value, start, end: stop, marks, quoted, inner };
}

/** Where unit `index` of a word's value stands in the script. */
export function offsetIn(word: Word, index: number): number {
  let offset = word.start + index;
  for (let mark = 0; mark < word.marks.length; mark += 2) {
    const from = word.marks[mark] as number;
    if (from > index) break;
    offset = (word.marks[mark + 1] as number) + index - from;
  }
  return Math.min(offset, word.end);
}
