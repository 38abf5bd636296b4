/** Makefiles and justfiles: each line of a recipe is a script of its own, started in the file's folder. */
import { addText } from '../config-tree.ts';
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { writtenText } from '../written-text.ts';
import { expandMake } from './expand.ts';

const ASSIGN = /^[ ]*((?:export|override|private|unexport)[ \t]+)*([\w.-]+)[ \t]*(\?=|:{1,3}=|\+=|!=|=)[ \t]*(.*)$/;
const TARGET = /^([^\s:=#][^:=#]*?)[ \t]*::?(?!=)[ \t]*([^=#;]*)(?:;(.*)|#.*)?$/;
const JUST_ASSIGN = /^(export[ \t]+)?([\w-]+)[ \t]*:=[ \t]*(.*)$/;
const JUST_TARGET = /^@?([\w-]+)((?:[ \t]+[+*$]?[\w-]+(?:=(?:'[^']*'|"[^"]*"|\S+))?)*)[ \t]*:(?!=)/;

interface Line {
  readonly text: string;
  readonly from: number;
}

/** Lines, continued ones as one (with their backslashes, which the shell understands). */
function logicalLines(text: string): Line[] {
  const found: Line[] = [];
  let from = -1;
  let index = 0;
  while (index <= text.length) {
    const eol = text.indexOf('\n', index);
    const stop = eol === -1 ? text.length : eol;
    if (from === -1) from = index;
    let end = stop;
    if (text[end - 1] === '\r' && end > index) end--;
    if (text[end - 1] !== '\\' || eol === -1) {
      found.push({ text: text.slice(from, end), from });
      from = -1;
    }
    if (eol === -1) break;
    index = stop + 1;
  }
  return found;
}

/** What is larger was written by a program. */
const MAX_UNITS = 2_000_000;

function read(text: string, name: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('makefile', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a Makefile: ${text.length} characters` };
  }
  if (/[Jj]ustfile$/.test(name)) readJust(facts, text, lines);
  else readMake(facts, text, lines);
  return facts;
}

function readMake(facts: Draft, text: string, lines: Lines): void {
  const variables = new Map<string, string>();
  const env: Record<string, string> = {};
  let target: string | undefined;
  let prerequisite = '';
  let all = false;
  const recipe = (line: string, from: number): void => {
    const skip = /^[\s@+-]*/.exec(line)?.[0].length ?? 0;
    const own = { '@': target ?? '', '<': prerequisite };
    const pieces = expandMake(line.slice(skip), from + skip, variables, own);
    addScript(facts, writtenText(pieces, lines), { by: `target ${target}`, env: { ...env } });
  };
  const assign = (line: Line, exported: boolean): void => {
    const match = ASSIGN.exec(line.text);
    if (match === null) return;
    const key = match[2] as string;
    const operator = match[3] as string;
    const value = (match[4] as string).replace(/[ \t]+#.*$/, '').trimEnd();
    const before = variables.get(key);
    const whole = operator === '+=' && before !== undefined ? `${before} ${value}` : value;
    if (operator !== '?=' || before === undefined) variables.set(key, whole);
    if (exported || all) env[key] = variables.get(key) ?? value;
    const valueAt = line.from + line.text.length - (match[4] as string).length;
    const start = line.from + (line.text.length - line.text.trimStart().length);
    const end = valueAt + value.length;
    facts.variables.push({
      name: key,
      value,
      at: [start, end, lines.lineAt(start)],
      by: exported || all ? '' : 'make',
    });
    addText(facts, value, [valueAt, end, lines.lineAt(valueAt)]);
  };
  for (const line of logicalLines(text)) {
    if (line.text.startsWith('\t')) {
      if (target !== undefined) recipe(line.text, line.from);
      continue;
    }
    if (/^\s*(?:#|$)/.test(line.text)) continue;
    if (/^\s*export\s*$/.test(line.text)) all = true;
    const exports = /^\s*export\s+([\w\s]+)$/.exec(line.text);
    if (exports !== null) {
      for (const key of (exports[1] as string).trim().split(/\s+/)) env[key] = variables.get(key) ?? `\${${key}}`;
      continue;
    }
    if (/^\s*-?include\b/.test(line.text)) {
      include(facts, line, lines);
      continue;
    }
    if (ASSIGN.test(line.text)) {
      assign(line, /^\s*(?:\w+\s+)*?export\b/.test(line.text));
      continue;
    }
    const head = line.text.length < 5000 ? TARGET.exec(line.text) : null;
    if (head !== null) {
      // `target: VAR = value` sets a variable for that target.
      const own = /^([^\s:=#][^:=#]*?)[ \t]*:[ \t]*(export[ \t]+)?([\w.-]+[ \t]*(?::|\?|\+)?=.*)$/.exec(line.text);
      target = (head[1] as string).trim().split(/\s+/)[0] as string;
      prerequisite = (head[2] as string).trim().split(/\s+/)[0] as string;
      if (own !== null) continue;
      if (head[3] !== undefined) recipe(head[3], line.from + line.text.length - head[3].length);
      continue;
    }
    const own = /^([^\s:=#][^:=#]*?)[ \t]*:[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*(?::|\?|\+)?=[ \t]*(.*)$/.exec(
      line.text,
    );
    if (own === null) continue;
    const value = own[3] as string;
    const from = line.from + line.text.length - value.length;
    const at = [line.from, line.from + line.text.length, lines.lineAt(line.from)] as const;
    facts.variables.push({ name: own[2] as string, value, at, by: `target ${(own[1] as string).trim()}` });
    addText(facts, value, [from, from + value.length, at[2]]);
  }
}

function include(facts: Draft, line: Line, lines: Lines): void {
  const names = /^\s*-?include\s+(.*)$/.exec(line.text)?.[1] ?? '';
  const base = line.from + line.text.length - names.length;
  for (const match of names.matchAll(/[^\s#]+/g)) {
    const start = base + match.index;
    const at = [start, start + match[0].length, lines.lineAt(start)] as const;
    facts.references.push({ target: match[0], kind: 'include', at });
  }
}

function readJust(facts: Draft, text: string, lines: Lines): void {
  const variables = new Map<string, string>();
  const env: Record<string, string> = {};
  let target: string | undefined;
  for (const line of logicalLines(text)) {
    if (/^\s*(?:#|$)/.test(line.text)) continue;
    if (/^[ \t]/.test(line.text)) {
      if (target === undefined) continue;
      const skip = /^[\s@-]*/.exec(line.text)?.[0].length ?? 0;
      const body = line.text.slice(skip);
      const pieces = [];
      let run = 0;
      for (const match of body.matchAll(/\{\{\s*([\w-]+)\s*\}\}/g)) {
        const value = variables.get(match[1] as string);
        if (value === undefined) continue;
        const from = line.from + skip;
        if (match.index > run)
          pieces.push({ text: body.slice(run, match.index), from: from + run, to: from + match.index });
        run = match.index + match[0].length;
        if (value !== '') pieces.push({ text: value, from: from + match.index, to: from + run });
      }
      if (run < body.length)
        pieces.push({ text: body.slice(run), from: line.from + skip + run, to: line.from + line.text.length });
      addScript(facts, writtenText(pieces, lines), { by: `target ${target}`, env: { ...env } });
      continue;
    }
    const assign = JUST_ASSIGN.exec(line.text);
    if (assign !== null) {
      const key = assign[2] as string;
      if (key === 'set') continue;
      const raw = assign[3] as string;
      const value = raw.replace(/^(["'])(.*)\1$/, '$2');
      variables.set(key, value);
      if (assign[1] !== undefined) env[key] = value;
      const from = line.from + line.text.length - raw.length;
      const at = [line.from, line.from + line.text.length, lines.lineAt(line.from)] as const;
      facts.variables.push({ name: key, value, at, by: assign[1] === undefined ? 'make' : '' });
      addText(facts, value, [from, from + raw.length, at[2]]);
      continue;
    }
    const head = line.text.length < 2000 ? JUST_TARGET.exec(line.text) : null;
    if (head === null) continue;
    target = head[1] as string;
    for (const param of (head[2] as string).matchAll(/([\w-]+)=(?:'([^']*)'|"([^"]*)"|(\S+))/g)) {
      variables.set(param[1] as string, param[2] ?? param[3] ?? param[4] ?? '');
    }
  }
}

export const makefile: Language = { id: 'makefile', outline: read, structure: read };
