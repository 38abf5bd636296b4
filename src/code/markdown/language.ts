/**
 * Prose: commands that it tells a person to run (weak evidence), links, and names of stores and source files in it.
 * Nothing here is a fact about the program.
 */
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { namesStore } from '../store-text.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { type Piece, writtenText } from '../written-text.ts';

const MAX_UNITS = 4_000_000;
const SHELLS = /^(?:sh|bash|shell|zsh|console|terminal|shell-session|shellsession|sh-session|ksh|bash-session)$/i;
const SESSIONS = /^(?:|text|txt|plaintext|none)$/i;
const FENCE = /^[ \t>]*(?:[-*+][ \t]+)?(`{3,}|~{3,})[ \t]*\{?\.?([\w+-]*)/;
const PROMPT = /^\s*\$[ \t]+(?=\S)/;
const SOURCE = /^[\w./@\\-]*[\w\])-]\.(?:pyw?|[cm]?[jt]sx?|bash|sh|php|sql|prisma)$/;
const WORD = /[^\s"'`<>()[\]|,;=*]{4,300}/g;
const LINK = /\]\(\s*<?([^\s()<>]+)>?(?:\s+["'][^)]*)?\)|^\s*\[[^\]]+\]:\s*(\S+)/g;

interface Line {
  readonly text: string;
  readonly from: number;
}

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('markdown', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large to be written by hand: ${text.length} characters` };
  }
  let fence: { readonly mark: string; readonly language: string; readonly body: Line[] } | undefined;
  let session: Line[] = [];
  const endSession = (): void => {
    if (session.length > 0) commands(facts, session, lines, true);
    session = [];
  };
  for (const line of linesIn(text)) {
    const mark = /^[ \t>]*(?:[-*+][ \t]+)?[`~]{3}/.test(line.text) ? FENCE.exec(line.text) : null;
    if (fence !== undefined) {
      const closes = mark !== null && mark[2] === '' && (mark[1] as string).startsWith(fence.mark);
      if (!closes) fence.body.push(line);
      else {
        block(facts, fence.language, fence.body, lines);
        fence = undefined;
      }
    } else if (mark !== null) {
      endSession();
      fence = { mark: mark[1] as string, language: mark[2] as string, body: [] };
    } else {
      if (/^(?: {4}|\t)/.test(line.text) && (PROMPT.test(line.text) || continues(session))) session.push(line);
      else endSession();
      prose(facts, line, lines);
    }
  }
  endSession();
  if (fence !== undefined) block(facts, fence.language, fence.body, lines);
  return facts;
}

function* linesIn(text: string): Generator<Line> {
  let from = 0;
  while (from <= text.length) {
    const eol = text.indexOf('\n', from);
    const end = eol === -1 ? text.length : eol;
    yield { text: text.slice(from, end > from && text[end - 1] === '\r' ? end - 1 : end), from };
    if (eol === -1) return;
    from = end + 1;
  }
}

const continues = (session: readonly Line[]): boolean => session.at(-1)?.text.endsWith('\\') === true;

function block(facts: Draft, language: string, body: readonly Line[], lines: Lines): void {
  if (SHELLS.test(language))
    commands(
      facts,
      body,
      lines,
      body.some(({ text }) => PROMPT.test(text)),
    );
  else if (SESSIONS.test(language) && body.some(({ text }) => PROMPT.test(text))) commands(facts, body, lines, true);
  else for (const line of body) prose(facts, line, lines);
}

/** A block is one script: its `cd` holds up to its end. In a session only what follows a prompt was typed. */
function commands(facts: Draft, body: readonly Line[], lines: Lines, session: boolean): void {
  const pieces: Piece[] = [];
  let typing = false;
  for (const { text, from } of body) {
    const prompt = PROMPT.exec(text)?.[0].length ?? 0;
    if (session && prompt === 0 && !typing) continue;
    typing = session && text.endsWith('\\');
    const skip = prompt + (/^[ \t]*>[ \t]?/.exec(text.slice(prompt))?.[0].length ?? 0);
    if (text.length > skip) pieces.push({ text: text.slice(skip), from: from + skip, to: from + text.length });
    pieces.push({ text: '\n', from: from + text.length, to: from + text.length + 1 });
  }
  if (pieces.length === 0) return;
  const before = facts.texts.length;
  const variables = facts.variables.length;
  addScript(facts, writtenText(pieces, lines), { by: 'docs', weak: true });
  // What a person is told to type sets nothing, and names stores as prose does.
  facts.variables.length = variables;
  for (let index = before; index < facts.texts.length; index++) {
    const found = facts.texts[index];
    if (found !== undefined) facts.texts[index] = { ...found, prose: true };
  }
}

function prose(facts: Draft, { text, from }: Line, lines: Lines): void {
  if (text.length > 20_000 || !(text.includes('.') || text.includes('://'))) return;
  if (text.includes(']')) {
    for (const match of text.matchAll(LINK)) {
      const target = match[1] ?? match[2] ?? '';
      const path = target.replace(/[?#].*$/, '');
      if (path === '' || /^(?:[a-z][\w+.-]*:|\/\/|#)/i.test(path)) continue;
      const start = from + match.index + match[0].indexOf(target);
      facts.references.push({ target: path, kind: 'link', at: [start, start + path.length, lines.lineAt(start)] });
    }
  }
  for (const match of text.matchAll(WORD)) {
    const word = match[0].replace(/[.:!?]+$/, '');
    if (!namesStore(word) && !SOURCE.test(word)) continue;
    // A web page's address is no file, whatever it ends in.
    if (/^https?:/i.test(word)) continue;
    const start = from + match.index;
    const holes = /[{$]/.test(word) ? { holes: true as const } : {};
    const at = [start, start + word.length, lines.lineAt(start)] as const;
    facts.texts.push({ v: word, at, scope: 0, prose: true, ...holes });
  }
}

export const markdown: Language = { id: 'markdown', outline: read, structure: read };
