/**
 * Where the value of a variable of the environment is written: in a file of variables, compose, an image, a unit, a script, CI. Found in the text by
 * the variable's name on the line that sets it; what was expanded is known piece by piece.
 */
import type { Variable } from '../../bindings/settle.ts';
import type { Literal } from '../../bindings/symbol.ts';
import type { Mark } from '../origins.ts';

export type MarksOf = readonly (Mark | null)[];

/** `text`: of the file that `variable.source` names. `undefined`: nobody can tell where it stands. */
export function variableMarks(name: string, variable: Variable, text: string): MarksOf | undefined {
  const { value, source } = variable;
  const starts = lineStarts(text);
  const line = starts[source.line - 1];
  const onLine = line === undefined ? [] : settings(text, name, line, starts[source.line] ?? text.length);
  // A command's own variables may have been set by lines above it.
  const found = onLine.length > 0 ? onLine : settings(text, name, 0, text.length);
  const fitting = found.flatMap((raw) => {
    const marks = aligned(text, raw, source.path, value);
    return marks === undefined ? [] : [marks];
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

interface Raw {
  readonly start: number;
  readonly end: number;
}

/** `NAME=value`, `NAME: value`, `NAME value` (an image's), quoted or not. */
function settings(text: string, name: string, from: number, to: number): readonly Raw[] {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(?<![\\w.$-])["']?${escaped}["']?(?:[ \\t]*[=:][ \\t]*|[ \\t]+)(?=\\S)`, 'g');
  const found: Raw[] = [];
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null && match.index < to; match = pattern.exec(text)) {
    const start = match.index + match[0].length;
    const quote = text.charAt(start);
    // `"NAME=value"`: the quote stands before the name.
    const outer =
      /["']/.test(text.charAt(match.index)) && !/["'][ \t]*[=:]/.test(match[0]) ? text.charAt(match.index) : '';
    if (quote === '"' || quote === "'") {
      const end = text.indexOf(quote, start + 1);
      if (end > 0) found.push({ start: start + 1, end });
      continue;
    }
    const rest = outer === '' ? /[^\r\n]*/y : outer === '"' ? /[^"\r\n]*/y : /[^'\r\n]*/y;
    rest.lastIndex = start;
    found.push({ start, end: start + (rest.exec(text)?.[0].length ?? 0) });
  }
  return found;
}

function aligned(text: string, { start, end }: Raw, file: string, value: string): MarksOf | undefined {
  const raw = text.slice(start, end);
  if (value === '') return undefined;
  const piece = (from: number, to: number): readonly Mark[] => {
    const literal: Literal = { file, start: start + from, end: start + to, value: raw.slice(from, to) };
    return Array.from({ length: to - from }, (_, index) => ({ literal, index }));
  };
  if (raw.startsWith(value) && /^(?:$|[\s#;,\]})])/.test(raw.slice(value.length))) return piece(0, value.length);
  // `${A:-data/app.db}`, `${ROOT}/app.db`: what stands between expansions is its own.
  const chunks: { from: number; to: number; expansion: boolean }[] = [];
  let at = 0;
  for (const match of raw.matchAll(/\$\{\w+(?::?-([^}]*)|[^}]*)\}|\$\w+/g)) {
    if (match.index > at) chunks.push({ from: at, to: match.index, expansion: false });
    const fallback = match[1];
    if (fallback !== undefined && value.includes(fallback) && fallback !== '') {
      const from = match.index + match[0].length - 1 - fallback.length;
      chunks.push({ from, to: from + fallback.length, expansion: false });
    } else chunks.push({ from: match.index, to: match.index, expansion: true });
    at = match.index + match[0].length;
  }
  if (chunks.length === 0) return undefined;
  const tail = /^[^\s#;,"']*/.exec(raw.slice(at))?.[0].length ?? 0;
  if (tail > 0) chunks.push({ from: at, to: at + tail, expansion: false });
  const marks: (Mark | null)[] = [];
  let rest = value;
  for (const [index, { from, to, expansion }] of chunks.entries()) {
    if (expansion) {
      const next = chunks[index + 1];
      // Two side by side: where one ends and the other begins is not known.
      if (next?.expansion === true) return undefined;
      const end = next === undefined ? rest.length : rest.indexOf(raw.slice(next.from, next.to));
      if (end < 0) return undefined;
      marks.push(...new Array<null>(end).fill(null));
      rest = rest.slice(end);
      continue;
    }
    if (!rest.startsWith(raw.slice(from, to))) return undefined;
    marks.push(...piece(from, to));
    rest = rest.slice(to - from);
  }
  return rest === '' ? marks : undefined;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index } of text.matchAll(/\n/g)) starts.push(index + 1);
  return starts;
}
