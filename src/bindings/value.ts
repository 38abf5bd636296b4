/** What an expression stands for while a program is read: a string to be, a module, a function, an object, a connection. */
import { createHash } from 'node:crypto';
import type { Expr, SqlUse } from '../code/facts.ts';
import type { TableUse } from './model.ts';
import { keyOf, type Source, type Symbolic } from './symbol.ts';

/** A function that is being read with known arguments. */
export interface Frame {
  readonly file: string;
  readonly scope: number;
  readonly args: ReadonlyMap<string, Value>;
  /** What `self`/`this` is. */
  readonly self?: Value;
  readonly depth: number;
}

/** A call that opens a store, and where it says which. */
export interface Opening {
  readonly file: string;
  /** Offset of the call: with `file`, what names the site. A second store that it opens is one further. */
  readonly start: number;
  readonly line: number;
  readonly rule: string;
  readonly engine: string;
  readonly form: 'path' | 'url' | 'sqlite-uri';
  /** Path or URL; `undefined` where the rule found nothing that it could read. */
  readonly target: Symbolic | undefined;
  readonly access?: 'read' | 'write' | 'read-write';
  /** The program makes the file where it is absent. */
  readonly creates: boolean;
  /** Folder that relative paths count from, where that is not the working directory. */
  readonly base?: Symbolic;
  /** In which case it is this target: who calls with it. */
  readonly when?: string;
  /** Paths of which the same function asked before whether they are there. */
  readonly askedFor?: readonly Symbolic[];
  /** Names the table that the file as a whole is (CSV). */
  readonly whole?: true;
}

export type Value =
  | { readonly v: 'symbol'; readonly symbol: Symbolic; readonly path?: 'pathlib' }
  /**
   * Something of a library: `sqlite3.connect`, `os.path.join`, `better-sqlite3`; `self` is what it was taken from
   * (`text.replace` of a text, `?.to_csv` of something unknown).
   */
  | { readonly v: 'external'; readonly name: string; readonly self?: Value }
  | { readonly v: 'module'; readonly file: string }
  | { readonly v: 'function'; readonly file: string; readonly scope: number; readonly self?: Value }
  | { readonly v: 'class'; readonly file: string; readonly scope: number }
  | { readonly v: 'object'; readonly file: string; readonly scope: number; readonly args?: ReadonlyMap<string, Value> }
  /** A call of a library's function: an object nobody models further. `of` with its arguments, unread. */
  | { readonly v: 'made'; readonly name: string; readonly call: Expr & { k: 'call' }; readonly frame: Frame }
  | { readonly v: 'connection'; readonly openings: readonly Opening[] }
  | { readonly v: 'list'; readonly items: readonly Value[] }
  /** `keys`: what the keys are whose text is not known; they stand under a name that no text has. */
  | { readonly v: 'map'; readonly entries: ReadonlyMap<string, Value>; readonly keys?: ReadonlyMap<string, Value> }
  | { readonly v: 'number'; readonly n: number }
  | { readonly v: 'bool'; readonly b: boolean }
  | { readonly v: 'nothing' }
  | { readonly v: 'sql'; readonly uses: readonly SqlUse[] }
  /** One of them; `when` says in which case. */
  | { readonly v: 'either'; readonly of: readonly { readonly value: Value; readonly when: string }[] }
  | { readonly v: 'unknown'; readonly why: string };

export const unknown = (why: string): Value => ({ v: 'unknown', why });
export const symbolOf = (symbol: Symbolic, path?: 'pathlib'): Value =>
  path === undefined ? { v: 'symbol', symbol } : { v: 'symbol', symbol, path };

/** The string that a value is, as far as it can be told. */
export function asSymbol(value: Value): Symbolic {
  switch (value.v) {
    case 'symbol':
      return value.symbol;
    case 'number':
      return { s: 'text', v: String(value.n) };
    case 'bool':
      return { s: 'text', v: String(value.b) };
    case 'nothing':
      return { s: 'nothing' };
    case 'either':
      return { s: 'either', of: value.of.map((one) => ({ value: asSymbol(one.value), when: one.when })) };
    case 'unknown':
      return { s: 'hole', why: value.why };
    case 'external':
    case 'made':
      return { s: 'hole', why: `what ${value.name} gives` };
    default:
      return { s: 'hole', why: `a ${value.v}` };
  }
}

export function withSource(value: Value, source: Source): Value {
  if (value.v === 'symbol') return { ...value, symbol: { s: 'from', value: value.symbol, source } };
  if (value.v === 'either')
    return { ...value, of: value.of.map((one) => ({ ...one, value: withSource(one.value, source) })) };
  return value;
}

/** A text put together of more parts than this is `unknown`: nobody could read what it depends on. */
const MOST_PARTS = 150;
const sizes = new WeakMap<object, number>();

function sizeOf(symbol: Symbolic): number {
  const known = sizes.get(symbol);
  if (known !== undefined) return known;
  let size = 1;
  if (symbol.s === 'from') size += sizeOf(symbol.value);
  else if (symbol.s === 'or') size += sizeOf(symbol.a) + sizeOf(symbol.b);
  else if (symbol.s === 'either') for (const { value } of symbol.of) size += sizeOf(value);
  else if (symbol.s === 'apply') for (const part of symbol.of) size += sizeOf(part);
  sizes.set(symbol, size);
  return size;
}

export function bounded(value: Value): Value {
  return value.v === 'symbol' && sizeOf(value.symbol) > MOST_PARTS ? unknown('it has too many possible values') : value;
}

/** Alternatives inside alternatives become one list; equal ones one. */
export function either(of: readonly { readonly value: Value; readonly when: string }[]): Value {
  const flat: { value: Value; when: string }[] = [];
  for (const one of of) {
    if (one.value.v === 'either') flat.push(...one.value.of);
    else flat.push(one);
  }
  const known = flat.filter(({ value }) => value.v !== 'unknown');
  const kept = known.length > 0 ? known : flat.slice(0, 1);
  if (kept.length === 1) return (kept[0] as { value: Value }).value;
  const seen = new Map(kept.slice(0, MOST_ALTERNATIVES).map((one) => [identityOf(one.value), one]));
  const list = [...seen.values()];
  return list.length === 1 ? (list[0] as { value: Value }).value : { v: 'either', of: list };
}

const MOST_ALTERNATIVES = 8;

let counter = 0;
const numbers = new WeakMap<object, number>();

/** What makes two values one, without looking into what is large. */
function identityOf(value: Value): string {
  switch (value.v) {
    case 'symbol':
      return `symbol ${value.path ?? ''} ${keyOf(value.symbol)}`;
    case 'external':
      return `external ${value.name}`;
    case 'module':
      return `module ${value.file}`;
    case 'function':
    case 'class':
      return `${value.v} ${value.file} ${value.scope}`;
    case 'connection':
      return `connection ${value.openings.map(openingKey).join()}`;
    case 'number':
      return `number ${value.n}`;
    case 'bool':
      return `bool ${value.b}`;
    case 'nothing':
      return 'nothing';
    case 'unknown':
      return 'unknown';
    default: {
      const number = numbers.get(value) ?? ++counter;
      numbers.set(value, number);
      return `${value.v} ${number}`;
    }
  }
}

/** The openings that a value may be a connection of. */
export function connectionsIn(value: Value): readonly Opening[] {
  if (value.v === 'connection') return value.openings;
  if (value.v === 'either') return value.of.flatMap((one) => connectionsIn(one.value));
  return [];
}

/** Uses of tables through a connection. */
export interface ConnectionUse {
  /** Keys of the openings that it may be of (`openingKey`); none: nobody could follow which. */
  readonly openings: readonly string[];
  readonly uses: readonly TableUse[];
  /** Which connection it is was followed through the code; else it is the only one around. */
  readonly followed: boolean;
}

/** Names an opening and what it opens; up to the second `:` from the end it names the call. */
export function openingKey({ file, start, target }: Opening): string {
  const what = target === undefined ? '' : createHash('sha1').update(keyOf(target)).digest('base64url').slice(0, 16);
  return `${file}:${start}:${what}`;
}

/** The call, whatever it opens. */
export const siteKey = (key: string): string => key.slice(0, key.lastIndexOf(':'));
