/**
 * TOML with places. The parser that judges whether a file is valid has none; this reader is tolerant, keeps its own
 * stack for nested arrays and tables, and skips a line that it cannot read.
 */
import type { ConfigEntry, ConfigMap, ConfigNode } from '../config-tree.ts';
import type { Span } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { type Piece, writtenText } from '../written-text.ts';

type OpenMap = ConfigMap & { readonly entries: ConfigEntry[] };
type OpenList = Extract<ConfigNode, { k: 'list' }> & { readonly items: ConfigNode[] };

const BLANK = /[ \t]+/y;
const SPACE = /(?:[ \t\r\n\uFEFF]+|#[^\n]*)+/y;
const KEY = /[A-Za-z0-9_-]+/y;
const PLAIN = /[^\s,[\]{}#=]+(?: \d\d:[\d:.+Z-]+)?/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', e: '\x1b' };

export function readToml(text: string, lines: Lines): ConfigMap {
  let index = 0;
  const indexes = new Map<ConfigNode, Map<string, ConfigEntry>>();
  const span = (start: number, end: number): Span => [start, end, lines.lineAt(start)];
  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = index;
    index += pattern.exec(text)?.[0].length ?? 0;
  };
  const newMap = (start: number): OpenMap => ({ k: 'map', entries: [], at: span(start, start) });
  const root = newMap(0);
  const put = (map: OpenMap, key: string, keyAt: Span, value: ConfigNode): void => {
    const entry: ConfigEntry = { key, keyAt, value };
    map.entries.push(entry);
    const known = indexes.get(map) ?? new Map<string, ConfigEntry>();
    if (known.size === 0) indexes.set(map, known);
    known.set(key, entry);
  };
  /** The table at that key, made where there is none; the last one of an array of tables. */
  const child = (map: OpenMap, key: string, keyAt: Span): OpenMap => {
    const value = indexes.get(map)?.get(key)?.value;
    if (value?.k === 'map') return value as OpenMap;
    if (value?.k === 'list') {
      const last = value.items.at(-1);
      if (last?.k === 'map') return last as OpenMap;
    }
    const made = newMap(keyAt[0]);
    put(map, key, keyAt, made);
    return made;
  };
  const keys = (): { v: string; at: Span }[] => {
    const found: { v: string; at: Span }[] = [];
    while (index < text.length && found.length < 100) {
      skip(BLANK);
      const unit = text[index];
      if (unit === '"' || unit === "'") {
        const key = string();
        found.push({ v: key.v, at: key.at });
      } else {
        KEY.lastIndex = index;
        const word = KEY.exec(text)?.[0];
        if (word === undefined) break;
        found.push({ v: word, at: span(index, index + word.length) });
        index += word.length;
      }
      skip(BLANK);
      if (text[index] !== '.') break;
      index++;
    }
    return found;
  };
  const string = (): Extract<ConfigNode, { k: 'text' }> => {
    const start = index;
    const quote = text[index] as string;
    const long = text.startsWith(quote.repeat(3), index);
    const close = long ? quote.repeat(3) : quote;
    index += close.length;
    if (long) index += /^\r?\n/.exec(text.slice(index, index + 2))?.[0].length ?? 0;
    const pieces: Piece[] = [];
    let run = index;
    const flush = (): void => {
      if (index > run) pieces.push({ text: text.slice(run, index), from: run, to: index });
    };
    while (index < text.length && !text.startsWith(close, index)) {
      if (!long && text[index] === '\n') break;
      if (quote === '"' && text[index] === '\\') {
        flush();
        const from = index;
        const hex = /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))/.exec(text.slice(index, index + 10));
        const folded = long ? /^\\[ \t]*\r?\n\s*/.exec(text.slice(index, index + 400)) : null;
        const own = text[index + 1] ?? '';
        index += hex?.[0].length ?? folded?.[0].length ?? 2;
        const code = hex === null ? Number.NaN : Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
        const point = code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(Number.isNaN(code) ? 0 : code);
        const decoded = hex !== null ? point : folded !== null ? '' : (ESCAPES[own] ?? own);
        if (decoded !== '') pieces.push({ text: decoded, from, to: Math.min(index, text.length) });
        run = index;
      } else index++;
    }
    // `""""` ends a long text with one quote of its own.
    if (long) while (text[index + 3] === quote) index++;
    flush();
    index = Math.min(index + (text.startsWith(close, index) ? close.length : 0), text.length);
    const inside = Math.min(start + close.length, text.length);
    const filled = pieces.length === 0 ? [{ text: '', from: inside, to: inside }] : pieces;
    const written = writtenText(filled, lines);
    return { k: 'text', v: written.text, at: span(start, index), written: () => written };
  };
  /** A value, whatever is nested in it; `undefined` where none stands. */
  const value = (): ConfigNode | undefined => {
    const frames: (OpenMap | OpenList)[] = [];
    let key: { map: OpenMap; v: string; at: Span } | undefined;
    for (;;) {
      const frame = frames.at(-1);
      if (frame !== undefined) skip(SPACE);
      if (index >= text.length && frame === undefined) return undefined;
      const unit = text[index];
      let done: ConfigNode | undefined;
      if (index >= text.length || (frame !== undefined && (unit === ']' || unit === '}'))) {
        index = Math.min(index + 1, text.length);
        const closed = frames.pop() as OpenMap | OpenList;
        // Its end is known only now.
        (closed as { at: Span }).at = span(closed.at[0], index);
        done = closed;
        key = undefined;
        const outer = frames.at(-1);
        if (outer === undefined) return done;
        if (outer.k === 'list') outer.items.push(done);
        continue;
      }
      if (unit === ',') {
        index++;
        continue;
      }
      if (frame?.k === 'map' && key === undefined) {
        const path = keys();
        if (path.length === 0 || text[index] !== '=') {
          index++;
          continue;
        }
        index++;
        skip(BLANK);
        let map: OpenMap = frame;
        for (const each of path.slice(0, -1)) map = child(map, each.v, each.at);
        const last = path.at(-1) as { v: string; at: Span };
        key = { map, ...last };
        continue;
      }
      if (unit === '[') {
        const list: OpenList = { k: 'list', items: [], at: span(index, ++index) };
        if (key !== undefined) put(key.map, key.v, key.at, list);
        frames.push(list);
        key = undefined;
        continue;
      }
      if (unit === '{') {
        const map = newMap(index++);
        if (key !== undefined) put(key.map, key.v, key.at, map);
        frames.push(map);
        key = undefined;
        continue;
      }
      if (unit === '"' || unit === "'") done = string();
      else {
        PLAIN.lastIndex = index;
        const word = PLAIN.exec(text)?.[0];
        if (word === undefined) {
          if (frame === undefined) return undefined;
          index++;
          continue;
        }
        done = { k: 'plain', v: word, at: span(index, index + word.length) };
        index += word.length;
      }
      if (frame === undefined) return done;
      if (frame.k === 'list') frame.items.push(done);
      else if (key !== undefined) {
        put(key.map, key.v, key.at, done);
        key = undefined;
      }
    }
  };
  let table = root;
  while (index < text.length) {
    skip(SPACE);
    if (index >= text.length) break;
    const before = index;
    if (text[index] === '[') {
      const many = text[index + 1] === '[';
      index += many ? 2 : 1;
      const path = keys();
      const last = path.at(-1);
      if (last !== undefined) {
        let map = root;
        for (const each of path.slice(0, -1)) map = child(map, each.v, each.at);
        if (many) {
          const known = indexes.get(map)?.get(last.v)?.value;
          table = newMap(before);
          if (known?.k === 'list') (known.items as ConfigNode[]).push(table);
          else put(map, last.v, last.at, { k: 'list', items: [table], at: last.at });
        } else table = child(map, last.v, last.at);
      }
    } else {
      const path = keys();
      const last = path.at(-1);
      if (last !== undefined && text[index] === '=') {
        index++;
        skip(BLANK);
        let map = table;
        for (const each of path.slice(0, -1)) map = child(map, each.v, each.at);
        const found = value();
        if (found !== undefined) put(map, last.v, last.at, found);
      }
    }
    // What is left of the line is a comment or cannot be read.
    const eol = text.indexOf('\n', index);
    index = Math.max(eol === -1 ? text.length : eol, before + 1);
  }
  return root;
}
