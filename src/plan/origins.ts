/**
 * Where each unit of a settled path was written. Settles a symbol as `bindings/settle.ts` does, outcome by outcome, and carries marks through
 * joins and the functions on paths; through others they are lost, and what is lost is not edited. A value that comes out otherwise has none.
 */
import { applyOperation, HOLE } from '../bindings/path-functions.ts';
import type { Situation } from '../bindings/settle.ts';
import type { Literal, Operation, Symbolic } from '../bindings/symbol.ts';

/** A unit of a literal's value. */
export interface Mark {
  readonly literal: Literal;
  readonly index: number;
}

/** A text, and of each of its units where it was written; `null`: not known, or put in by the running program. */
export interface Marked {
  readonly value: string | null;
  readonly marks: readonly (Mark | null)[];
  /** Variables of the environment whose values are in it. */
  readonly variables: readonly string[];
}

/** Marks of a variable's value; `undefined`: it is not known where that is set. */
export type MarksOfVariable = (name: string, value: string) => readonly (Mark | null)[] | undefined;

const LIMIT = 12;
const NOTHING: Marked = { value: null, marks: [], variables: [] };

/** As many outcomes as `settle` gives, in its order. */
export function originsOf(symbol: Symbolic, situation: Situation, marksOf: MarksOfVariable): readonly Marked[] {
  switch (symbol.s) {
    case 'text':
      return [marked(symbol.v, symbol.at?.flatMap(marksOfPiece))];
    case 'nothing':
      return [NOTHING];
    case 'hole':
      return [marked(HOLE)];
    case 'cwd':
      return [marked(situation.cwd)];
    case 'home':
      return [marked(situation.home)];
    case 'temp':
      return [marked(situation.temp)];
    case 'place':
      return [marked(situation.placeOf(symbol.file))];
    case 'from':
      return originsOf(symbol.value, situation, marksOf);
    case 'env': {
      const variable = situation.variable(symbol.name);
      if (variable === undefined) return [{ ...NOTHING, variables: [symbol.name] }];
      return [{ ...marked(variable.value, marksOf(symbol.name, variable.value)), variables: [symbol.name] }];
    }
    case 'or':
      return originsOf(symbol.a, situation, marksOf)
        .flatMap((a) => {
          const counts = symbol.nullish ? a.value !== null : a.value !== null && a.value !== '';
          return counts ? [a] : originsOf(symbol.b, situation, marksOf);
        })
        .slice(0, LIMIT);
    case 'either': {
      const all = symbol.of.flatMap(({ value }) => originsOf(value, situation, marksOf));
      const real = all.filter(({ value }) => value !== null);
      return (real.length > 0 ? real : all).slice(0, LIMIT);
    }
    case 'apply':
      return applyAll(symbol.op, symbol.of, situation, marksOf);
  }
}

function marked(value: string, marks?: readonly (Mark | null)[]): Marked {
  const fits = marks !== undefined && marks.length === value.length;
  return { value, marks: fits ? marks : unmarked(value.length), variables: [] };
}

const unmarked = (length: number): readonly (Mark | null)[] => new Array<null>(length).fill(null);

function marksOfPiece({
  length,
  literal,
  from = 0,
}: {
  readonly length: number;
  readonly literal?: Literal;
  readonly from?: number;
}): readonly (Mark | null)[] {
  return Array.from({ length }, (_, unit) => (literal === undefined ? null : { literal, index: from + unit }));
}

function applyAll(
  op: Operation,
  of: readonly Symbolic[],
  situation: Situation,
  marksOf: MarksOfVariable,
): readonly Marked[] {
  let combinations: (readonly Marked[])[] = [[]];
  for (const part of of) {
    const outcomes = originsOf(part, situation, marksOf);
    combinations = combinations.flatMap((taken) => outcomes.map((outcome) => [...taken, outcome])).slice(0, LIMIT);
  }
  return combinations.map((taken) => {
    const variables = [...new Set(taken.flatMap((one) => one.variables))];
    if (taken.some(({ value }) => value === null)) return { ...marked(HOLE), variables };
    const texts = taken.map(({ value, marks }): Text => ({ value: value ?? '', marks }));
    const value = applyOperation(
      op,
      texts.map((text) => text.value),
      situation,
    );
    const carried = carry(op, texts, value, situation);
    return { value, marks: carried ?? unmarked(value.length), variables };
  });
}

interface Text {
  readonly value: string;
  readonly marks: readonly (Mark | null)[];
}

const plain = (value: string): Text => ({ value, marks: unmarked(value.length) });

function slice({ value, marks }: Text, from: number, to: number = value.length): Text {
  return { value: value.slice(from, to), marks: marks.slice(from, to) };
}

function concat(texts: readonly Text[]): Text {
  return { value: texts.map(({ value }) => value).join(''), marks: texts.flatMap(({ marks }) => marks) };
}

/** Marks of `value`, which the operation makes of the texts; `null`: they are lost on the way. */
function carry(
  op: Operation,
  texts: readonly Text[],
  value: string,
  { cwd }: Situation,
): readonly (Mark | null)[] | null {
  const [first = plain(''), second = plain('')] = texts;
  const here = plain(cwd);
  switch (op) {
    case 'concat':
      return concat(texts).marks;
    case 'python-join':
    case 'pathlib':
    case 'node-join':
    case 'python-normpath':
    case 'node-normalize':
      return walked(texts, value);
    case 'pathlib-absolute':
    case 'pathlib-resolve':
    case 'python-abspath':
    case 'node-resolve':
    case 'php-realpath':
      return walked([here, ...texts], value);
    case 'with-name':
      return (
        walked([slice(first, 0, first.value.replace(/\/+$/, '').lastIndexOf('/') + 1), second], value) ??
        ending(second, value)
      );
    case 'python-dirname':
    case 'pathlib-parent':
    case 'node-dirname':
    case 'php-dirname':
    case 'python-expanduser':
    case 'pathlib-expanduser':
    case 'strip':
    case 'remove-prefix':
    case 'remove-suffix':
      return within(first, value) ?? walked([first], value);
    case 'python-basename':
    case 'node-basename':
      return ending(first, value);
    case 'file-url':
      return value === `file://${first.value}` ? concat([plain('file://'), first]).marks : null;
    case 'from-file-url':
      return ending(first, value);
    case 'url-resolve':
      return resolvedUrl(first, value);
    default:
      return null;
  }
}

/** The result is part of the text, at the only place where it is. */
function within(text: Text, value: string): readonly (Mark | null)[] | null {
  if (text.value.startsWith(value)) return slice(text, 0, value.length).marks;
  const at = text.value.indexOf(value);
  return at >= 0 && value !== '' && text.value.lastIndexOf(value) === at
    ? slice(text, at, at + value.length).marks
    : null;
}

/** The result ends as the text does, and what stands before is added. */
function ending(text: Text, value: string): readonly (Mark | null)[] | null {
  if (value !== '' && text.value.endsWith(value)) return slice(text, text.value.length - value.length).marks;
  if (text.value !== '' && value.endsWith(text.value))
    return concat([plain(value.slice(0, value.length - text.value.length)), text]).marks;
  return null;
}

/** `new URL('../data/app.db', import.meta.url)`: what is left of the reference without `./` and `../`. */
function resolvedUrl(reference: Text, value: string): readonly (Mark | null)[] | null {
  const lead = /^(?:\.{1,2}\/)*/.exec(reference.value)?.[0].length ?? 0;
  return ending(slice(reference, lead), value);
}

/**
 * Joined and walked segment by segment, from the last absolute text on. `..` takes away what stands before it where the operation
 * does so; which it does is seen from its result.
 */
function walked(texts: readonly Text[], value: string): readonly (Mark | null)[] | null {
  const last = texts.findLastIndex((text) => text.value.startsWith('/'));
  const parts = texts.slice(Math.max(0, last)).filter((text) => text.value !== '');
  const joined = concat(
    parts.flatMap((part, index) =>
      index === 0 || parts[index - 1]?.value.endsWith('/') ? [part] : [plain('/'), part],
    ),
  );
  if (joined.value === value) return joined.marks;
  for (const pops of [false, true]) {
    const kept = segments(joined, pops);
    if (kept.value === value) return kept.marks;
    if (kept.value === '' && value === '.') return [null];
  }
  return null;
}

function segments(text: Text, pops: boolean): Text {
  const kept: { readonly text: Text; readonly slash: Mark | null }[] = [];
  const root = text.value.startsWith('/');
  for (let at = 0; at <= text.value.length; ) {
    const cut = text.value.indexOf('/', at);
    const end = cut < 0 ? text.value.length : cut;
    const segment = slice(text, at, end);
    if (segment.value === '..' && pops && (root || (kept.length > 0 && kept.at(-1)?.text.value !== '..'))) kept.pop();
    else if (segment.value !== '' && segment.value !== '.')
      kept.push({ text: segment, slash: at === 0 ? null : (text.marks[at - 1] ?? null) });
    at = end + 1;
  }
  const parts: Text[] = root ? [slice(text, 0, 1)] : [];
  kept.forEach(({ text: segment, slash }, index) => {
    if (index > 0) parts.push({ value: '/', marks: [slash] });
    parts.push(segment);
  });
  return concat(parts);
}
