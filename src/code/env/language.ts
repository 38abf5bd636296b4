/** `.env` files, as dotenv reads them: `export`, quotes, values over several lines, `#`. Expansions stay as written. */
import { addText } from '../config-tree.ts';
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { linesOf } from '../text-lines.ts';

const HEAD = /[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*(?:=|:(?=[ \t]))[ \t]*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** What is larger was written by a program. */
const MAX_UNITS = 1_000_000;

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('env', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a settings file: ${text.length} characters` };
  }
  let index = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  // A quote that is never closed is found out once: no later one of its kind is closed either.
  const open = new Set<string>();
  while (index < text.length) {
    const eol = lineEnd(text, index);
    HEAD.lastIndex = index;
    const head = HEAD.exec(text);
    if (head === null || HEAD.lastIndex > eol) {
      index = next(text, eol);
      continue;
    }
    const start = index + (head[0].length - head[0].trimStart().length);
    const from = HEAD.lastIndex;
    const quote = text[from] ?? '';
    let close = -1;
    if ((quote === '"' || quote === "'" || quote === '`') && !open.has(quote)) {
      close = closing(text, from, quote);
      if (close === -1) open.add(quote);
    }
    const value = close === -1 ? plain(text.slice(from, eol)) : quoted(text.slice(from + 1, close), quote);
    const end = close === -1 ? from + value.length : close + 1;
    facts.variables.push({ name: head[1] as string, value, at: [start, end, lines.lineAt(start)], by: '' });
    addText(facts, value, [from, end, lines.lineAt(from)]);
    index = next(text, lineEnd(text, end));
  }
  return facts;
}

function lineEnd(text: string, from: number): number {
  let index = from;
  while (index < text.length && text[index] !== '\n' && text[index] !== '\r') index++;
  return index;
}

const next = (text: string, eol: number): number => eol + (text[eol] === '\r' && text[eol + 1] === '\n' ? 2 : 1);

function closing(text: string, from: number, quote: string): number {
  for (let index = from + 1; index < text.length; index++) {
    if (text[index] === '\\' && quote === '"') index++;
    else if (text[index] === quote) return index;
  }
  return -1;
}

/** Up to ` #`. */
function plain(line: string): string {
  const comment = line.search(/(?:^|\s)#/);
  return (comment === -1 ? line : line.slice(0, comment)).trimEnd();
}

const quoted = (inside: string, quote: string): string =>
  quote === '"'
    ? inside.replace(
        /\\([\s\S])/g,
        (_, unit: string) => ESCAPES[unit] ?? (unit === '"' || unit === '\\' ? unit : `\\${unit}`),
      )
    : inside;

export const env: Language = { id: 'env', outline: read, structure: read };
