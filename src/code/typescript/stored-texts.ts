/** Texts that may name a store, from what the scan found: strings, templates, and words of comments as prose. */
import type { TextFact } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import type { Lines } from '../text-lines.ts';
import { unescaped } from './cursor.ts';
import type { Scan } from './scan.ts';

const MOST_TEXTS = 2_000;

/** Strings and templates in code. `skip`: where imports stand, whose modules are no texts. */
export function codeTexts(text: string, scan: Scan, lines: Lines, skip: ReadonlySet<number>): TextFact[] {
  const texts: TextFact[] = [];
  for (const { start, end, parts } of scan.quoted) {
    if (skip.has(start + 1) || end - start > 500 || texts.length >= MOST_TEXTS) continue;
    const at = [start, end, lines.lineAt(start)] as const;
    if (parts === undefined || parts.length === 2) {
      const v = unescaped(text.slice(start + 1, end - 1));
      if (mayNameStore(v)) texts.push({ v, at, scope: 0 });
      continue;
    }
    const said: string[] = [];
    for (let part = 0; part < parts.length; part += 2) said.push(unescaped(text.slice(parts[part], parts[part + 1])));
    const v = said.join('{}');
    if (mayNameStore(v)) texts.push({ v, at, scope: 0, holes: true });
  }
  return texts;
}

const WORD = /[^\s'"`<>|*?;=(),[\]{}]+/g;

/** Words of comments. */
export function commentTexts(text: string, scan: Scan, lines: Lines): TextFact[] {
  const texts: TextFact[] = [];
  for (const comment of scan.telling) {
    const start = scan.comments[comment * 2] as number;
    const written = text.slice(start, Math.min(scan.comments[comment * 2 + 1] as number, start + 20_000));
    for (const found of written.matchAll(WORD)) {
      const v = found[0].replace(/[.:!]+$/, '');
      if (v.length < 4 || !mayNameStore(v) || texts.length >= MOST_TEXTS) continue;
      const from = start + found.index;
      texts.push({ v, at: [from, from + v.length, lines.lineAt(from)], scope: 0, prose: true });
    }
  }
  return texts;
}
