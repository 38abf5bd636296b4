/** Texts that may name stores: whole literals, and words of prose (comments, docstrings, prompts). */
import type { TextFact } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import type { Lines } from '../text-lines.ts';
import { decode, literalShape } from './literal.ts';
import { holeEnd } from './string-end.ts';

const LONGEST = 400;

/** A word of prose with the ending of a store, or a database URL. Starts are bounded, so that nothing is tried twice. */
const WORD =
  /(?<![\w./\\~{}:+-])[\w./\\~{}:+-]{1,300}\.(?:db3?|sqlite3?|s3db|sl3|database|csv|tsv|jsonl|ndjson|json)(?![\w/\\-])|\b[a-z][\w+]{2,20}:\/\/[^\s'"`<>|;=(),]+/gi;

/** Cheap: has it the letters of an ending or of a URL? Decides only whether more is looked at. */
function promises(text: string, from: number, to: number): boolean {
  for (let index = text.indexOf('.', from); index >= 0 && index < to; index = text.indexOf('.', index + 1)) {
    const letter = text.charCodeAt(index + 1) | 32;
    // b, c, d, j, n, s, t start .database, .db, .csv, .json, .ndjson, .s…, .tsv
    if (letter === 100 || letter === 115 || letter === 99 || letter === 116 || letter === 106 || letter === 110)
      return true;
  }
  return false;
}

const SCHEME = /^[a-z][\w+]{2,30}:/i;

/** A literal of the file: itself, or what prose in it names. */
export function textOfLiteral(
  text: string,
  start: number,
  end: number,
  template: boolean,
  lines: Lines,
  found: (fact: TextFact) => void,
): void {
  if (end - start < 6) return;
  const colon = text.indexOf(':', start);
  const url = colon > 0 && colon < end && colon - start < 40;
  if (!url && !promises(text, start, end)) return;
  const { from, to, raw, bytes, triple, quote } = literalShape(text, start, end);
  const long = to - from > LONGEST;
  const written = long ? '' : decode(text.slice(from, to), raw, bytes);
  if (long || /\s/.test(written)) {
    wordsIn(text, from, to, lines, found);
    return;
  }
  const v = template ? withoutHoles(text, from, to, triple, quote) : written;
  // `%s` and `{name}` are holes as well, filled in later.
  const filled = template ? v : v.replace(/%(?:\(\w+\))?[sdi]|\{\w*\}/g, '{}');
  if (!SCHEME.test(filled) && !promises(filled, 0, filled.length)) return;
  if (!mayNameStore(filled)) return;
  const at = [start, end, lines.lineAt(start)] as const;
  found({ v: filled, at, scope: 0, ...(filled.includes('{}') ? { holes: true } : {}) });
}

function withoutHoles(text: string, from: number, to: number, triple: boolean, quote: number): string {
  let out = '';
  let start = from;
  for (let open = text.indexOf('{', from); open >= 0 && open < to; open = text.indexOf('{', start)) {
    if (text.charCodeAt(open + 1) === 123) {
      out += text.slice(start, open + 1);
      start = open + 2;
      continue;
    }
    const end = holeEnd(text, open + 1, quote, triple, to, 0);
    if (end < 0) break;
    out += `${text.slice(start, open)}{}`;
    start = end;
  }
  return (out + text.slice(start, to)).replaceAll('}}', '}');
}

/** Words of a comment or of a text with blanks in it. */
export function wordsIn(text: string, from: number, to: number, lines: Lines, found: (fact: TextFact) => void): void {
  if (!promises(text, from, to) && !text.slice(from, Math.min(to, from + 100_000)).includes('://')) return;
  for (const match of text.slice(from, to).matchAll(WORD)) {
    const [v] = match;
    if (!mayNameStore(v)) continue;
    const start = from + match.index;
    found({ v, at: [start, start + v.length, lines.lineAt(start)], scope: 0, prose: true });
  }
}
