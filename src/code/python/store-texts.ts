/** Texts that may name stores: whole literals, and words of prose (comments, docstrings, prompts). */
import type { TextFact } from '../facts.ts';
import { mayNameStore } from '../names-store.ts';
import type { Lines } from '../text-lines.ts';
import { decode, literalShape } from './literal.ts';
import { holeEnd, indexWithin } from './string-end.ts';

const LONGEST = 400;

/** A word of prose with the ending of a store, or a database URL. Starts are bounded, so that nothing is tried twice. */
const WORD =
  /(?<![\w./\\~{}:+-])[\w./\\~{}:+-]{1,300}\.(?:db3?|sqlite3?|s3db|sl3|database|csv|tsv|jsonl|ndjson|json)(?![\w/\\-])|\b[a-z][\w+]{2,20}:\/\/[^\s'"`<>|;=(),]+/gi;

/** Cheap: has it the letters of an ending or of a URL? Decides only whether more is looked at. */
function promises(text: string, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 58) {
      if (text.charCodeAt(index + 1) === 47 && text.charCodeAt(index + 2) === 47) return true;
    } else if (unit === 46) {
      // The letters that .database, .csv, .json, .ndjson, .sqlite and .tsv start with.
      const letter = text.charCodeAt(index + 1) | 32;
      if (letter === 100 || letter === 115 || letter === 99 || letter === 116 || letter === 106 || letter === 110)
        return true;
    }
  }
  return false;
}

/** `sqlite:`, `file:`: the longest name of an engine stands before the colon. */
function startsWithScheme(text: string, from: number, to: number): boolean {
  const limit = Math.min(to, from + 30);
  for (let index = from; index < limit; index++) if (text.charCodeAt(index) === 58) return true;
  return false;
}

/** Prose about code names attributes (trap C23). */
const ATTRIBUTE = /^(?:self|cls|this|ctx|context|request)\.(?:db|database)$/;

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
  if (!startsWithScheme(text, start, end) && !promises(text, start, end)) return;
  const { from, to, raw, bytes, triple, quote } = literalShape(text, start, end);
  const long = to - from > LONGEST;
  const source = long ? '' : template ? withoutHoles(text, from, to, triple, quote) : text.slice(from, to);
  const written = decode(source, raw, bytes);
  if (long || /\s/.test(written)) {
    wordsIn(text, from, to, lines, found);
    return;
  }
  // `%s` and `{name}` are holes as well, filled in later.
  const filled = written.replace(/%(?:\(\w+\))?[sdi]|\{\w*\}/g, '{}');
  if (!SCHEME.test(filled) && !promises(filled, 0, filled.length)) return;
  if (!mayNameStore(filled)) return;
  const at = [start, end, lines.lineAt(start)] as const;
  found({ v: filled, at, scope: 0, ...(filled.includes('{}') ? { holes: true } : {}) });
}

function withoutHoles(text: string, from: number, to: number, triple: boolean, quote: number): string {
  let out = '';
  let start = from;
  for (let open = indexWithin(text, 123, from, to); open !== undefined; open = indexWithin(text, 123, start, to)) {
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
  if (!promises(text, from, to)) return;
  for (const match of text.slice(from, to).matchAll(WORD)) {
    const [v] = match;
    if (ATTRIBUTE.test(v) || !mayNameStore(v)) continue;
    const start = from + match.index;
    found({ v, at: [start, start + v.length, lines.lineAt(start)], scope: 0, prose: true });
  }
}
