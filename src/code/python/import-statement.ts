/** `import a.b as x, c` and `from ..a import (b as c, d)`, from tokens alone: outline and structure read them the same way. */
import type { ImportFact } from '../facts.ts';
import { type Cursor, fail } from './cursor.ts';
import * as t from './tokens.ts';

export interface Imported {
  readonly module: string;
  readonly level: number;
  readonly names: ImportFact['names'];
  readonly as?: string;
  readonly start: number;
  readonly end: number;
}

/** Gives each import of the statement at `at` to `found`; the index of the token behind it, or -1 where it cannot be read. */
export function readImport({ data, text }: t.Tokens, at: number, found: (imported: Imported) => void): number {
  return data[at] === t.IMPORT
    ? readPlain(data, text, at + t.STRIDE, found)
    : readFrom(data, text, at + t.STRIDE, found);
}

function word(data: Int32Array, text: string, at: number): string {
  return text.slice(data[at + 1], data[at + 2]);
}

/** Behind a dotted name that starts at `at`; `at` itself where there is none. */
function dottedEnd(data: Int32Array, at: number): number {
  if (data[at] !== t.NAME) return at;
  let end = at + t.STRIDE;
  while (data[end] === t.DOT && data[end + t.STRIDE] === t.NAME) end += 2 * t.STRIDE;
  return end;
}

function dotted(data: Int32Array, text: string, from: number, to: number): string {
  const written = text.slice(data[from + 1], data[to - t.STRIDE + 2]);
  return /^[\w.]*$/.test(written) ? written : written.replace(/#.*|[\s\\]+/g, '');
}

function readPlain(data: Int32Array, text: string, from: number, found: (imported: Imported) => void): number {
  let at = from;
  for (;;) {
    const end = dottedEnd(data, at);
    if (end === at) return -1;
    const module = dotted(data, text, at, end);
    const start = data[at + 1] as number;
    const stop = data[end - t.STRIDE + 2] as number;
    at = end;
    let as = module.includes('.') ? module.slice(0, module.indexOf('.')) : module;
    if (data[at] === t.AS) {
      if (data[at + t.STRIDE] !== t.NAME) return -1;
      as = word(data, text, at + t.STRIDE);
      at += 2 * t.STRIDE;
    }
    found({ module, level: 0, names: [], as, start, end: stop });
    if (data[at] !== t.COMMA) return at;
    at += t.STRIDE;
  }
}

function readFrom(data: Int32Array, text: string, from: number, found: (imported: Imported) => void): number {
  let at = from;
  let level = 0;
  for (; data[at] === t.DOT || data[at] === t.ELLIPSIS; at += t.STRIDE) level += data[at] === t.DOT ? 1 : 3;
  const moduleAt = at;
  at = dottedEnd(data, at);
  if (at === from || data[at] !== t.IMPORT) return -1;
  const module = at === moduleAt ? '' : dotted(data, text, moduleAt, at);
  const start = data[from + 1] as number;
  const end = data[at - t.STRIDE + 2] as number;
  at += t.STRIDE;
  const names: { name: string; as: string }[] = [];
  if (data[at] === t.STAR) {
    found({ module, level, names: [{ name: '*', as: '*' }], start, end });
    return at + t.STRIDE;
  }
  const grouped = data[at] === t.OPEN_ROUND;
  if (grouped) at += t.STRIDE;
  while (data[at] === t.NAME) {
    const name = word(data, text, at);
    let as = name;
    at += t.STRIDE;
    if (data[at] === t.AS) {
      if (data[at + t.STRIDE] !== t.NAME) return -1;
      as = word(data, text, at + t.STRIDE);
      at += 2 * t.STRIDE;
    }
    names.push({ name, as });
    if (data[at] !== t.COMMA) break;
    at += t.STRIDE;
    // `from a import b,` is an error without brackets.
    if (data[at] !== t.NAME && !grouped) return -1;
  }
  if (names.length === 0) return -1;
  // What is missing behind it (a bracket) does not unsay what was read.
  found({ module, level, names, start, end });
  if (!grouped) return at;
  return data[at] === t.CLOSE_ROUND ? at + t.STRIDE : -1;
}

export function skipImport(c: Cursor): void {
  const end = readImport(c.tokens, c.at, () => {});
  if (end < 0) fail(c);
  c.at = end;
}
