/**
 * INI and properties files as a tree of sections. Values go on over indented lines (Python) or behind a backslash
 * (properties). Lines that are neither are given back, since many a `.conf` has a language of its own.
 */
import type { ConfigEntry, ConfigMap, ConfigNode } from '../config-tree.ts';
import type { Lines } from '../text-lines.ts';
import { type Piece, writtenText } from '../written-text.ts';

export interface IniRead {
  readonly root: ConfigMap;
  readonly other: readonly { readonly text: string; readonly from: number }[];
  /** Sections or assignments: it is such a file. */
  readonly known: number;
}

const SECTION = /^[ \t]*\[([^\]\r\n]+)\][ \t]*(?:[#;].*)?$/;
const ENTRY = /^([ \t]*)([\w.$%@:/\\ [\]"'*-]*?[\w\])"'*])[ \t]*(\+?=|:(?=[ \t]|$))[ \t]*(.*)$/;

export function readIni(text: string, lines: Lines, properties: boolean): IniRead {
  const sections: { name: string; at: number; entries: ConfigEntry[] }[] = [{ name: '', at: 0, entries: [] }];
  const other: { text: string; from: number }[] = [];
  let known = 0;
  let open: { key: string; keyFrom: number; keyTo: number; pieces: Piece[]; joins: boolean } | undefined;
  const finish = (): void => {
    if (open === undefined) return;
    const { key, keyFrom, keyTo, pieces } = open;
    open = undefined;
    while (pieces.length > 1 && (pieces.at(-1) as Piece).text.trim() === '') pieces.pop();
    const value = leaf(pieces, lines);
    sections.at(-1)?.entries.push({ key, keyAt: [keyFrom, keyTo, lines.lineAt(keyFrom)], value });
  };
  for (const match of text.matchAll(/^[^\r\n]+/gm)) {
    const line = match[0].trimEnd();
    const from = match.index;
    if (line === '' || /^[ \t]*[#;!]/.test(line)) continue;
    if (open?.joins || (open !== undefined && !properties && /^[ \t]/.test(line) && open.keyFrom < from)) {
      const part = line.trimStart();
      const at = from + line.length - part.length;
      const before = open.pieces.at(-1) as Piece;
      if (open.joins) {
        open.pieces[open.pieces.length - 1] = { ...before, text: before.text.slice(0, -1), to: before.to - 1 };
        open.joins = part.endsWith('\\');
      } else open.pieces.push({ text: '\n', from: before.to, to: at });
      open.pieces.push({ text: part, from: at, to: at + part.length });
      continue;
    }
    finish();
    const section = SECTION.exec(line);
    if (section !== null) {
      known++;
      sections.push({ name: section[1] as string, at: from, entries: [] });
      continue;
    }
    const entry = line.length < 20_000 ? ENTRY.exec(line) : null;
    if (entry === null) {
      other.push({ text: line, from });
      continue;
    }
    known++;
    const key = entry[2] as string;
    const value = entry[4] as string;
    const keyFrom = from + (entry[1] as string).length;
    const at = from + line.length - value.length;
    const joins = properties && value.endsWith('\\');
    open = {
      key,
      keyFrom,
      keyTo: keyFrom + key.length,
      pieces: [{ text: value, from: at, to: at + value.length }],
      joins,
    };
  }
  finish();
  const entries: ConfigEntry[] = [];
  for (const { name, at, entries: own } of sections) {
    if (name === '') entries.push(...own);
    else {
      const span = [at, at, lines.lineAt(at)] as const;
      entries.push({ key: name, keyAt: span, value: { k: 'map', entries: own, at: span } });
    }
  }
  return { root: { k: 'map', entries, at: [0, text.length, 1] }, other, known };
}

/** Quotes around a value, and a comment behind it, are no part of it. */
function leaf(pieces: readonly Piece[], lines: Lines): ConfigNode {
  const [first] = pieces as [Piece];
  let own: readonly Piece[] = pieces;
  let at = [first.from, (pieces.at(-1) as Piece).to, lines.lineAt(first.from)] as const;
  if (pieces.length === 1) {
    const quoted = /^(["'])(.*)\1\s*(?:[#;].*)?$/.exec(first.text);
    const comment = first.text.search(/[ \t][#;]/);
    if (quoted !== null) {
      const inside = quoted[2] as string;
      own = [{ text: inside, from: first.from + 1, to: first.from + 1 + inside.length }];
      at = [first.from, first.from + inside.length + 2, at[2]];
    } else if (comment !== -1) {
      const kept = first.text.slice(0, comment).trimEnd();
      own = [{ text: kept, from: first.from, to: first.from + kept.length }];
      at = [first.from, first.from + kept.length, at[2]];
    }
  }
  const written = writtenText(own, lines);
  return { k: 'text', v: written.text, at, written: () => written };
}
