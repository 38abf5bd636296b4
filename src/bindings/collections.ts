/**
 * What loops and lookups take from lists and maps that stand in the code: each item, with the round in which it is that one.
 * The loop is not run; what changes the list in between is not seen.
 */
import type { Expr } from '../code/facts.ts';
import { type Symbolic, text } from './symbol.ts';
import { either, symbolOf, unknown, type Value } from './value.ts';

/** The loop, or the line that takes one of several. */
export interface Step {
  readonly file: string;
  readonly line: number;
}

export const isEach = (key: Expr): key is Expr & { k: 'unknown' } =>
  key.k === 'unknown' && (key.why === 'each' || key.why === 'each key');

/** What a loop gets: of Python `members`, which are the items of a list and the keys of a map. */
export type Take = 'keys' | 'values' | 'members';

/** `of`: what is looped over. */
export function each(of: Value, step: Step, take: Take): Value {
  switch (of.v) {
    case 'list':
      return take === 'keys' ? unknown('a position') : oneOf(of.items, step);
    case 'map':
      return oneOf(
        take === 'values' ? [...of.entries.values()] : [...of.entries.keys()].map((key) => keyValue(of, key)),
        step,
      );
    case 'either':
      return either(of.of.map(({ value, when }) => ({ value: each(value, step, take), when })));
    default:
      return unknown('an element');
  }
}

function oneOf(items: readonly Value[], { file, line }: Step): Value {
  const all = items.map((value, index) => ({ value, when: `${file}:${line} is at item ${index + 1}` }));
  const known = all.filter(({ value }) => value.v !== 'unknown');
  // Of several items one is known: it is that one in one round only.
  if (known.length === 1 && all.length > 1) return { v: 'either', of: known };
  return all.length === 0 ? unknown('an item of an empty list') : either(all);
}

/** `config[env]`: one of the entries; which one is not known. */
export function anyEntry(of: Value, { file, line }: Step): Value {
  switch (of.v) {
    case 'map': {
      const all = [...of.entries].map(([name, value]) => ({ value, when: `${file}:${line} takes ${shown(name)}` }));
      const known = all.filter(({ value }) => value.v !== 'unknown');
      if (known.length === 1) return { v: 'either', of: known };
      return known.length === 0 ? unknown('an element') : either(known);
    }
    case 'list':
      return of.items.length === 0 ? unknown('an element') : oneOf(of.items, { file, line });
    case 'either':
      return either(of.of.map(({ value, when }) => ({ value: anyEntry(value, { file, line }), when })));
    default:
      return unknown('an element');
  }
}

type MapValue = Value & { v: 'map' };

const shown = (name: string): string => (name.startsWith(UNKNOWN_KEY) ? `entry ${name.slice(1)}` : name);

/** Items in another order, or some of them: none is known to be the first. */
export function unordered(of: Value | undefined, step: Step): Value | undefined {
  if (of?.v !== 'list' && of?.v !== 'map') return undefined;
  const item = each(of, step, 'members');
  return item.v === 'unknown' ? undefined : { v: 'list', items: [item] };
}

export const keysOf = (of: MapValue): Value => ({
  v: 'list',
  items: [...of.entries.keys()].map((key) => keyValue(of, key)),
});
export const valuesOf = (of: MapValue): Value => ({ v: 'list', items: [...of.entries.values()] });
export const entriesOf = (of: MapValue): Value => ({
  v: 'list',
  items: [...of.entries].map(([key, value]): Value => ({ v: 'list', items: [keyValue(of, key), value] })),
});

const UNKNOWN_KEY = '\0';

/** The name under which an entry stands whose key is computed; what the key is goes into `keys` where it is no plain text. */
export function computedKey(key: Value, place: number, keys: Map<string, Value>): string {
  const name = plainText(key);
  if (name !== undefined) return name;
  const own = `${UNKNOWN_KEY}${place + 1}`;
  keys.set(own, key);
  return own;
}

const keyValue = (of: MapValue, key: string): Value => of.keys?.get(key) ?? symbolOf(text(key));

/** A text that is known without its surroundings. */
export function plainText(value: Value | undefined): string | undefined {
  if (value?.v !== 'symbol') return undefined;
  let at: Symbolic = value.symbol;
  while (at.s === 'from') at = at.value;
  return at.s === 'text' ? at.v : undefined;
}
