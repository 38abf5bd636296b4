/** systemd units: what they start, in which folder, with which variables. */
import { addText } from '../config-tree.ts';
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language, PlaceFact, Span } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { offsetIn, readWord } from '../shell/words.ts';
import { linesOf } from '../text-lines.ts';
import { type Piece, type WrittenText, writtenText } from '../written-text.ts';

interface Directive {
  readonly key: string;
  readonly value: WrittenText;
}

/** What is larger was written by a program. */
const MAX_UNITS = 1_000_000;

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('systemd', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a unit: ${text.length} characters` };
  }
  const found = directives(text, (pieces) => writtenText(pieces, lines));
  const env: Record<string, string> = {};
  const envFiles: { path: string; at: Span }[] = [];
  let workdir: string | undefined;
  for (const { key, value } of found) {
    const whole = value.span(0, value.text.length);
    if (key === 'WorkingDirectory') workdir = value.text.replace(/^-/, '') || undefined;
    else if (key === 'EnvironmentFile') {
      const skip = value.text.startsWith('-') ? 1 : 0;
      if (value.text.length > skip)
        envFiles.push({ path: value.text.slice(skip), at: value.span(skip, value.text.length) });
    } else if (key === 'Environment') {
      // An empty assignment takes back all before it.
      if (value.text === '') for (const name of Object.keys(env)) delete env[name];
      for (const { name, value: given, at, valueAt } of assignments(value)) {
        env[name] = given;
        facts.variables.push({ name, value: given, at, by: 'unit' });
        addText(facts, given, valueAt);
      }
    } else if (key === 'PassEnvironment') {
      for (const name of value.text.split(/\s+/)) {
        if (name !== '') facts.variables.push({ name, value: null, at: whole, by: 'unit' });
      }
    } else if (key === 'Unit') facts.references.push({ target: value.text, kind: 'config', at: whole });
  }
  for (const { key, value } of found) {
    if (!/^Exec(?:Start|StartPre|StartPost|Stop|StopPost|Reload|Condition)$/.test(key)) continue;
    const skip = /^[@\-:+!|]*/.exec(value.text)?.[0].length ?? 0;
    const script: WrittenText = {
      text: value.text.slice(skip),
      span: (start, end) => value.span(start + skip, end + skip),
    };
    addScript(facts, script, { by: 'unit', env: { ...env }, ...(workdir === undefined ? {} : { cwd: workdir }) });
  }
  const unit: PlaceFact = {
    label: 'unit',
    at: [0, text.length, 1],
    ...(workdir === undefined ? {} : { workdir }),
    ...(envFiles.length === 0 ? {} : { envFiles }),
  };
  if (found.some(({ key }) => key.startsWith('Exec'))) facts.places.push(unit);
  return facts;
}

/** `Key=value`, continued by a backslash; comments between continued lines are left out. */
function directives(text: string, written: (pieces: readonly Piece[]) => WrittenText): Directive[] {
  const found: Directive[] = [];
  let key: string | undefined;
  let pieces: Piece[] = [];
  const finish = (): void => {
    if (key !== undefined) found.push({ key, value: written(pieces) });
    key = undefined;
    pieces = [];
  };
  for (const match of text.matchAll(/^[^\r\n]*/gm)) {
    const line = match[0];
    if (/^\s*[#;]/.test(line)) continue;
    let from = match.index;
    let part = line;
    if (key === undefined) {
      const head = /^\s*([A-Za-z]\w*)\s*=\s*/.exec(line);
      if (head === null) continue;
      key = head[1] as string;
      from += head[0].length;
      part = line.slice(head[0].length);
    }
    part = part.trimEnd();
    const continued = part.endsWith('\\');
    if (continued) part = `${part.slice(0, -1)} `;
    pieces.push({ text: part, from, to: from + part.length });
    if (!continued) finish();
  }
  finish();
  return found;
}

interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly at: Span;
  readonly valueAt: Span;
}

/** `"A=1 2" B=3`, and supervisor's `A="1",B="2"`. */
export function assignments(written: WrittenText): Assignment[] {
  const found: Assignment[] = [];
  const { text } = written;
  let index = 0;
  while (index < text.length) {
    const word = readWord(text, index, text.length, { failures: 0 });
    if (word === undefined) {
      index++;
      continue;
    }
    index = Math.max(word.end, index + 1);
    const match = /^([A-Za-z_]\w*)=/.exec(word.value);
    if (match === null) continue;
    const value = word.value.slice(match[0].length);
    const from = offsetIn(word, match[0].length);
    const to = value === '' ? from : offsetIn(word, word.value.length - 1) + 1;
    found.push({
      name: match[1] as string,
      value,
      at: written.span(word.start, word.end),
      valueAt: written.span(Math.min(from, to), to),
    });
  }
  return found;
}

export const systemd: Language = { id: 'systemd', outline: read, structure: read };
