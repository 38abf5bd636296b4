/**
 * Where the units of a text's value stand in the file. An edit of part of a literal is possible where that part was written as it is:
 * no escape, no joint between two literals lies in it, and the new text needs no escape in those quotes.
 */
import type { LanguageId } from '../code/facts.ts';

export interface InLiteral {
  /**
   * The place of units `from` to `to` of the value, where `added` can stand in their stead as it is. `null`: they were not written as they
   * are, lie in several literals, or the new text would be read as something else there.
   */
  place(from: number, to: number, added: string): { readonly start: number; readonly end: number } | null;
}

/** How texts are written between two quotes, or without any. */
interface Style {
  readonly quote: string;
  readonly escapes: boolean;
  /** What a new text must not have beside its quotes, control characters and backslashes. */
  readonly forbidden: RegExp | null;
  /** Two of them stand for one: `{{` in f-strings, `''` in YAML. */
  readonly doubled: string;
  /** The ends of its lines are one unit, however they are written. */
  readonly oneEnd: boolean;
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly style: Style;
}

/** Without quotes, whatever the format: nothing that any of them reads as more than a part of a word. */
const PLAIN: Style = { quote: '', escapes: false, forbidden: /[^\w./:@%+,=~-]/, doubled: '', oneEnd: false };

/** `value`: what the literal at `at` stands for. `null`: that is not how it is written, so that nobody knows what stands where. */
export function inLiteral(
  text: string,
  at: readonly [start: number, end: number, ...rest: readonly unknown[]],
  value: string,
  language: LanguageId,
): InLiteral | null {
  const [start, end] = at;
  const runs = runsOf(text, start, end, language);
  const found = (runs === null ? null : placed(text, runs, value)) ?? placed(text, [plainRun(start, end)], value);
  if (found !== null || language !== 'php') return found;
  const run = phpRun(text, start, end, value);
  return run === null ? null : placed(text, [run], value);
}

/** PHP's parser knows where an expression stands, not each of its texts: the one in it that is written so, if it is the only one. */
function phpRun(text: string, start: number, end: number, value: string): Run | null {
  const style = (quote: string): Style => ({
    quote,
    escapes: true,
    forbidden: quote === '"' ? /[$'{}]/ : null,
    doubled: '',
    oneEnd: false,
  });
  const runs: Run[] = [];
  const written = text.slice(start, end);
  for (const match of written.matchAll(/'((?:\\[\s\S]|[^'\\])*)'|"((?:\\[\s\S]|[^"\\])*)"/g)) {
    const inner = match[1] ?? match[2] ?? '';
    const from = start + match.index + 1;
    const quote = match[0].charAt(0);
    if (inner === value) runs.push({ from, to: from + inner.length, style: style(quote) });
    else if (quote === '"' && value !== '' && inner.includes('$'))
      for (let at = inner.indexOf(value); at >= 0; at = inner.indexOf(value, at + 1))
        runs.push({ from: from + at, to: from + at + value.length, style: style(quote) });
  }
  const [run] = runs;
  return run === undefined || runs.length > 1 ? null : run;
}

const plainRun = (from: number, to: number): Run => ({ from, to, style: PLAIN });

function placed(text: string, runs: readonly Run[], value: string): InLiteral | null {
  /** Offset in the file of each unit of the value; -1: it was not written as it is. */
  const offsets: number[] = [];
  const owners: Run[] = [];
  let decoded = '';
  for (const run of runs) {
    for (const { units, offset } of unitsOf(text, run)) {
      decoded += units;
      for (let unit = 0; unit < units.length; unit++) {
        offsets.push(offset);
        owners.push(run);
      }
    }
  }
  if (decoded !== value) return null;
  const spanOf = (from: number, to: number): { start: number; end: number } | null => {
    if (from === to) {
      // Behind what stands in front, else before what follows; an empty literal has one place.
      const before = from > 0 ? (offsets[from - 1] as number) : -1;
      const after = offsets[from] ?? -1;
      const [run] = runs;
      const only = value === '' && runs.length === 1 && run !== undefined ? run.from : -1;
      const place = before >= 0 ? before + 1 : after >= 0 ? after : only;
      return place < 0 ? null : { start: place, end: place };
    }
    const first = offsets[from] ?? -1;
    if (first < 0) return null;
    for (let index = from; index < to; index++)
      if (offsets[index] !== first + index - from || owners[index] !== owners[from]) return null;
    return { start: first, end: first + to - from };
  };
  return {
    place(from, to, added) {
      const span = spanOf(from, to);
      // In a raw literal backslashes come in pairs that nobody sees.
      if (span === null || value.slice(Math.max(0, from - 1), to).includes('\\')) return null;
      const run = runs.find((one) => one.from <= span.start && span.end <= one.to);
      if (run === undefined || !isPlainIn(added, run.style)) return null;
      return changesNeighbours(text.slice(run.from, span.start), text.slice(span.end, run.to), added, run.style)
        ? null
        : span;
    },
  };
}

function isPlainIn(added: string, { quote, forbidden }: Style): boolean {
  if (/[\p{Cc}\\\u2028\u2029]/u.test(added)) return false;
  return (quote === '' || !added.includes(quote.charAt(0))) && forbidden?.test(added) !== true;
}

/** What stands before the new text may read it, or what then follows, as its own part: `$` and `{`, `\0` and `1`. */
function changesNeighbours(before: string, after: string, added: string, { escapes, forbidden }: Style): boolean {
  const next = added + after;
  if (before.endsWith('$') && forbidden?.test('$') === true) return true;
  return escapes && /\\[0-7]{1,2}$/.test(before) && /^[0-7]/.test(next);
}

function* unitsOf(text: string, { from, to, style }: Run): Generator<{ units: string; offset: number }> {
  for (let index = from; index < to; ) {
    const unit = text.charAt(index);
    if (style.escapes && unit === '\\') {
      const { units, length } = escapeAt(text, index, to);
      yield { units, offset: -1 };
      index += length;
    } else if (
      style.doubled !== '' &&
      style.doubled.includes(unit) &&
      text.charAt(index + 1) === unit &&
      index + 1 < to
    ) {
      yield { units: unit, offset: -1 };
      index += 2;
    } else if (style.oneEnd && unit === '\r') {
      yield { units: '\n', offset: -1 };
      index += text.charAt(index + 1) === '\n' ? 2 : 1;
    } else {
      yield { units: unit, offset: index };
      index++;
    }
  }
}

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '0': '\0',
};
const ESCAPE =
  /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|U([\da-fA-F]{8})|(\r\n|[\n\r])|([\s\S]))/y;

/** Escapes that languages read alike; where one reads them otherwise the value differs, and nothing is edited. */
function escapeAt(text: string, index: number, to: number): { units: string; length: number } {
  ESCAPE.lastIndex = index;
  const match = ESCAPE.exec(text);
  if (match === null || index + match[0].length > to) return { units: '\\', length: 1 };
  const [whole, two, four, braced, eight, joint, simple] = match;
  const code = two ?? four ?? braced ?? eight;
  if (code !== undefined) {
    const point = Number.parseInt(code, 16);
    return { units: point <= 0x10ffff ? String.fromCodePoint(point) : whole, length: whole.length };
  }
  if (joint !== undefined) return { units: '', length: whole.length };
  const plain = SIMPLE[simple ?? ''];
  if (plain !== undefined) return { units: plain, length: whole.length };
  // What stands for nothing special: Python keeps the backslash, others drop it.
  return { units: /[\\'"`$/{}\s]/.test(simple ?? '') ? (simple as string) : whole, length: whole.length };
}

function runsOf(text: string, start: number, end: number, language: LanguageId): readonly Run[] | null {
  switch (language) {
    case 'python':
      return pythonRuns(text, start, end);
    case 'typescript':
      return typescriptRuns(text, start, end);
    default:
      return quotedRun(text, start, end, language);
  }
}

/** Literals that stand side by side are one text; a literal part of an f-string has no quotes around it. */
function pythonRuns(text: string, start: number, end: number): readonly Run[] | null {
  const runs: Run[] = [];
  for (let index = start; index < end; ) {
    const between = /(?:[ \t\f\r\n]|\\\r?\n|#[^\n\r]*)*/y;
    between.lastIndex = index;
    index += between.exec(text)?.[0].length ?? 0;
    if (index >= end) break;
    const opening = /([rbuft]{0,2})("""|'''|"|')/iy;
    opening.lastIndex = index;
    const match = opening.exec(text);
    if (match === null) return runs.length > 0 ? null : [{ from: start, to: end, style: pythonStyle('', false, true) }];
    const [whole, prefix = '', quote = '"'] = match;
    const from = index + whole.length;
    const to = closing(text, from, end, quote);
    if (to === null) return runs.length > 0 ? null : [{ from: start, to: end, style: pythonStyle('', false, true) }];
    runs.push({ from, to, style: pythonStyle(quote, /r/i.test(prefix), /[ft]/i.test(prefix)) });
    index = to + quote.length;
  }
  return runs;
}

const pythonStyle = (quote: string, raw: boolean, formatted: boolean): Style => ({
  quote,
  escapes: !raw,
  // Between an f-string's holes the quotes are not seen: none of them may be added.
  forbidden: formatted ? (quote === '' ? /[{}'"]/ : /[{}]/) : null,
  doubled: formatted ? '{}' : '',
  oneEnd: true,
});

function typescriptRuns(text: string, start: number, end: number): readonly Run[] | null {
  const quote = text.charAt(start);
  const template: Style = { quote: '`', escapes: true, forbidden: /[`$]/, doubled: '', oneEnd: true };
  if (quote !== '"' && quote !== "'" && quote !== '`') return [{ from: start, to: end, style: template }];
  if (end - start < 2 || text.charAt(end - 1) !== quote) return [{ from: start, to: end, style: template }];
  if (quote === '`') return [{ from: start + 1, to: end - 1, style: template }];
  return [
    { from: start + 1, to: end - 1, style: { quote, escapes: true, forbidden: null, doubled: '', oneEnd: false } },
  ];
}

/** Formats in which a `$` or a backtick between double quotes is read as more than itself. */
const EXPANDED: ReadonlySet<LanguageId> = new Set<LanguageId>([
  'php',
  'shell',
  'env',
  'dockerfile',
  'makefile',
  'crontab',
  'procfile',
  'yaml',
]);

function quotedRun(text: string, start: number, end: number, language: LanguageId): readonly Run[] | null {
  const quote = text.charAt(start);
  if (quote !== '"' && quote !== "'") {
    // A part of a PHP text with variables in it.
    if (language === 'php')
      return [
        { from: start, to: end, style: { quote: '"', escapes: true, forbidden: /[$'{}]/, doubled: '', oneEnd: false } },
      ];
    return [plainRun(start, end)];
  }
  if (end - start < 2 || text.charAt(end - 1) !== quote) return null;
  const triple = language === 'toml' && end - start >= 6 && text.startsWith(quote.repeat(3), start) ? 3 : 1;
  const single = quote === "'";
  const style: Style = {
    quote,
    escapes: single ? language === 'php' || language === 'prisma' : true,
    forbidden: !single && EXPANDED.has(language) ? /[$`!]/ : null,
    doubled: single && language === 'yaml' ? "'" : '',
    oneEnd: false,
  };
  return [{ from: start + triple, to: end - triple, style }];
}

/** Where the closing quotes begin. In a raw literal too, a backslash takes the quote behind it along. */
function closing(text: string, from: number, end: number, quote: string): number | null {
  for (let index = from; index + quote.length <= end; index++) {
    if (text.charAt(index) === '\\') index++;
    else if (text.startsWith(quote, index)) return index;
    else if (quote.length === 1 && /[\n\r]/.test(text.charAt(index))) return null;
  }
  return null;
}
