/** Words, operators, redirections and here-documents of a script. Comments and line continuations are gone. */
import { matching, type Nesting, readWord, type Word } from './words.ts';

export type Token =
  | { readonly k: 'word'; readonly word: Word }
  | { readonly k: 'op'; readonly op: string; readonly start: number; readonly end: number }
  | { readonly k: 'redirect'; readonly op: string; readonly target: Word; readonly start: number; readonly end: number }
  /** `from` to `to`: its body. */
  | { readonly k: 'heredoc'; readonly start: number; readonly end: number; from: number; to: number };

const BLANK = /(?:[ \t]|\\\r?\n|\r(?!\n))+/y;
const REDIRECT = /(?:\d*|\{\w+\})(?:<<<|<<-|<<|<>|<&|>>|>\||>&|<|>)|&>>?/y;
const OPERATOR = /;;&|;;|;&|&&|\|\||\|&|\r?\n|[;&|()]/y;

interface Pending {
  readonly token: Extract<Token, { k: 'heredoc' }>;
  readonly delimiter: string;
  readonly dash: boolean;
}

export function tokensOf(text: string, start: number, end: number, nesting: Nesting): Token[] {
  const tokens: Token[] = [];
  let pending: Pending[] = [];
  let index = start;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index;
    return pattern.exec(text)?.[0];
  };
  while (index < end) {
    const blank = match(BLANK);
    if (blank !== undefined) {
      index += blank.length;
      continue;
    }
    if (text[index] === '#') {
      const eol = text.indexOf('\n', index);
      index = eol === -1 ? end : eol;
      continue;
    }
    const redirect = text[index + 1] === '(' ? undefined : match(REDIRECT);
    if (redirect !== undefined) {
      const at = index;
      index += redirect.length;
      const gap = match(BLANK);
      if (gap !== undefined) index += gap.length;
      const target = readWord(text, index, end, nesting);
      if (target === undefined) continue;
      index = target.end;
      if (redirect.endsWith('<<') || redirect.endsWith('<<-')) {
        const token = { k: 'heredoc' as const, start: at, end: index, from: index, to: index };
        tokens.push(token);
        pending.push({ token, delimiter: target.value, dash: redirect.endsWith('-') });
      } else {
        tokens.push({ k: 'redirect', op: redirect.replace(/^(?:\d+|\{\w+\})/, ''), target, start: at, end: index });
      }
      continue;
    }
    if (text.startsWith('((', index) && startsCommand(tokens.at(-1))) {
      // Arithmetic, unless it is a subshell in a subshell.
      const close = matching(text, index, end, nesting);
      if (close !== -1 && text.startsWith('))', close - 2)) {
        index = close;
        continue;
      }
    }
    const op = match(OPERATOR);
    if (op !== undefined) {
      tokens.push({ k: 'op', op: op === '\r\n' ? '\n' : op, start: index, end: index + op.length });
      index += op.length;
      if (op.endsWith('\n') && pending.length > 0) {
        index = readBodies(text, index, end, pending);
        pending = [];
      }
      continue;
    }
    const word = readWord(text, index, end, nesting);
    if (word === undefined) {
      index++;
      continue;
    }
    tokens.push({ k: 'word', word });
    index = word.end;
  }
  return tokens;
}

function startsCommand(before: Token | undefined): boolean {
  if (before === undefined || before.k === 'op') return true;
  return before.k === 'word' && /^(?:if|while|until|for|then|do|else|!)$/.test(before.word.value);
}

/** Bodies of the here-documents of the line before; offset behind the last of them. */
function readBodies(text: string, start: number, end: number, pending: readonly Pending[]): number {
  let index = start;
  for (const { token, delimiter, dash } of pending) {
    token.from = index;
    token.to = end;
    let found = false;
    while (index < end) {
      const eol = text.indexOf('\n', index);
      const stop = eol === -1 || eol >= end ? end : eol;
      let line = text.slice(index, stop).replace(/\r$/, '');
      if (dash) line = line.replace(/^\t+/, '');
      const here = index;
      index = Math.min(stop + 1, end);
      if (line === delimiter) {
        token.to = here;
        found = true;
        break;
      }
    }
    if (!found) break;
  }
  return index;
}
