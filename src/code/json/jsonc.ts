/**
 * JSON with comments and trailing commas, read with places. Depth is on a stack of our own, so nothing nests too deep; what
 * does not parse is skipped to the next thing that does, and said.
 */
import type { ConfigEntry, ConfigNode } from '../config-tree.ts';
import type { Span } from '../facts.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { type Piece, writtenText } from '../written-text.ts';

export interface JsonRead {
  readonly root: ConfigNode | undefined;
  /** `line 3: …` */
  readonly problem?: string;
}

const SPACE = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\uFEFF)+/y;
const PLAIN = /[^\s,:[\]{}"'/]+/y;
const RUN = /[^"\\\n]+/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

type Frame =
  | { readonly k: 'list'; readonly start: number; readonly items: ConfigNode[] }
  | { readonly k: 'map'; readonly start: number; readonly entries: ConfigEntry[]; key?: { v: string; at: Span } };

export function readJsonc(text: string, lines: Lines = linesOf(text)): JsonRead {
  const frames: Frame[] = [];
  let root: ConfigNode | undefined;
  let problem: string | undefined;
  let index = 0;
  const span = (start: number, end: number): Span => [start, end, lines.lineAt(start)];
  const complain = (what: string): void => {
    problem ??= `line ${lines.lineAt(index)}: ${what}`;
  };
  const put = (node: ConfigNode): void => {
    const frame = frames.at(-1);
    if (frame === undefined) {
      if (root === undefined) root = node;
      else complain('a second value');
    } else if (frame.k === 'list') frame.items.push(node);
    else if (frame.key === undefined) complain('a value without a key');
    else {
      frame.entries.push({ key: frame.key.v, keyAt: frame.key.at, value: node });
      delete frame.key;
    }
  };
  const close = (): void => {
    const frame = frames.pop() as Frame;
    const at = span(frame.start, index);
    put(frame.k === 'list' ? { k: 'list', items: frame.items, at } : { k: 'map', entries: frame.entries, at });
  };
  while (index < text.length) {
    SPACE.lastIndex = index;
    const blank = SPACE.exec(text)?.[0];
    if (blank !== undefined) {
      index += blank.length;
      continue;
    }
    const unit = text[index] as string;
    const frame = frames.at(-1);
    if (unit === '{' || unit === '[') {
      frames.push(unit === '{' ? { k: 'map', start: index, entries: [] } : { k: 'list', start: index, items: [] });
      index++;
    } else if (unit === '}' || unit === ']') {
      index++;
      if (frame === undefined || (unit === '}') !== (frame.k === 'map')) complain(`${unit} closes nothing`);
      else close();
    } else if (unit === ',') {
      // A key whose value could not be read has none.
      if (frame?.k === 'map') delete frame.key;
      index++;
    } else if (unit === ':') {
      index++;
    } else if (unit === '"') {
      const node = readString(text, index, lines);
      if (node.problem) complain('a string that is not closed');
      index = node.at[1];
      SPACE.lastIndex = index;
      const after = index + (SPACE.exec(text)?.[0].length ?? 0);
      if (frame?.k === 'map' && frame.key === undefined && text[after] === ':') {
        frame.key = { v: node.v, at: node.at };
        index = after + 1;
      } else put(node);
    } else {
      PLAIN.lastIndex = index;
      const word = PLAIN.exec(text)?.[0] ?? unit;
      const at = span(index, index + word.length);
      if (word === 'null') put({ k: 'null', at });
      else if (/^(?:true|false|-?\d[\d.eE+-]*)$/.test(word)) put({ k: 'plain', v: word, at });
      else complain(`${word.slice(0, 20)} is no JSON`);
      index += word.length;
    }
  }
  if (frames.length > 0) complain('the text ends inside of it');
  while (frames.length > 0) close();
  if (root === undefined) complain('no value');
  return { root, ...(problem === undefined ? {} : { problem }) };
}

type Text = Extract<ConfigNode, { k: 'text' }> & { readonly problem: boolean };

function readString(text: string, start: number, lines: Lines): Text {
  const pieces: Piece[] = [];
  let v = '';
  let index = start + 1;
  let closed = false;
  while (index < text.length) {
    RUN.lastIndex = index;
    const run = RUN.exec(text)?.[0];
    if (run !== undefined) {
      pieces.push({ text: run, from: index, to: index + run.length });
      v += run;
      index += run.length;
      continue;
    }
    const unit = text[index];
    if (unit === '"') {
      closed = true;
      index++;
      break;
    }
    if (unit === '\n') break;
    const hex = /^u([0-9a-fA-F]{4})/.exec(text.slice(index + 1, index + 6));
    const own = text[index + 1] ?? '';
    const decoded = hex === null ? (ESCAPES[own] ?? own) : String.fromCharCode(Number.parseInt(hex[1] as string, 16));
    const to = Math.min(index + (hex === null ? 2 : 6), text.length);
    pieces.push({ text: decoded, from: index, to });
    v += decoded;
    index = to;
  }
  const at: Span = [start, index, lines.lineAt(start)];
  const filled = pieces.length === 0 ? [{ text: '', from: start + 1, to: start + 1 }] : pieces;
  return { k: 'text', v, at, written: () => writtenText(filled, lines), problem: !closed };
}

/** The plain value, for those who do not ask where it stands. What is nested deeper than any settings file is left out. */
export function parseJsonc(text: string): { readonly value: unknown; readonly problem?: string } {
  const { root, problem } = readJsonc(text);
  return { value: root === undefined ? undefined : plainValue(root, 0), ...(problem === undefined ? {} : { problem }) };
}

function plainValue(node: ConfigNode, depth: number): unknown {
  if (depth > 200) return undefined;
  switch (node.k) {
    case 'text':
      return node.v;
    case 'plain':
      return node.v === 'true' ? true : node.v === 'false' ? false : Number(node.v);
    case 'null':
      return null;
    case 'list':
      return node.items.map((item) => plainValue(item, depth + 1));
    case 'map': {
      const value: Record<string, unknown> = {};
      for (const { key, value: child } of node.entries) {
        // A plain assignment to this key would change the object's prototype.
        Object.defineProperty(value, key, {
          value: plainValue(child, depth + 1),
          enumerable: true,
          writable: true,
          configurable: true,
        });
      }
      return value;
    }
  }
}
