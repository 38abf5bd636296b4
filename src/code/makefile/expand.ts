/** `$(VAR)` of a Makefile, where the file itself defines it; everything else stays as the shell would say it. */
import { matching } from '../shell/words.ts';
import type { Piece } from '../written-text.ts';

const MAX_DEPTH = 12;
const MAX_UNITS = 20_000;

/** Pieces of a recipe line: `$$` is the shell's `$`, known variables their values. `own`: `$@`, `$<`. */
export function expandMake(
  text: string,
  from: number,
  variables: ReadonlyMap<string, string>,
  own: Readonly<Record<string, string>>,
): Piece[] {
  const pieces: Piece[] = [];
  const budget = { left: MAX_UNITS };
  const nesting = { failures: 0 };
  let run = 0;
  const put = (said: string, start: number, end: number): void => {
    if (start > run) pieces.push({ text: text.slice(run, start), from: from + run, to: from + start });
    if (said !== '') pieces.push({ text: said, from: from + start, to: from + end });
    run = end;
  };
  const pattern = /\$(?:\$|([@<])|\(([\w.-]+)\)|\{([\w.-]+)\}|\((?=[\w-]+[\s:]))/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const name = match[1] ?? match[2] ?? match[3];
    const end = match.index + match[0].length;
    if (match[0] === '$$') put('$', match.index, end);
    else if (name !== undefined) {
      // An unknown `$(VAR)` is a variable of the environment, which the shell would write with braces.
      put(
        inShell(
          (name.length === 1 ? own[name] : undefined) ?? expanded(name, variables, new Set(), budget) ?? `\${${name}}`,
        ),
        match.index,
        end,
      );
    } else {
      const close = matching(text, end - 1, text.length, nesting);
      if (close === -1) continue;
      put(inShell(text.slice(match.index, close)), match.index, close);
      pattern.lastIndex = close;
    }
  }
  if (run < text.length) pieces.push({ text: text.slice(run), from: from + run, to: from + text.length });
  return pieces;
}

/** `$(shell x)` is the shell's `$(x)`; what make computes by itself is no command and becomes `${wildcard}`. */
function inShell(text: string): string {
  if (!text.includes('$(')) return text;
  const nesting = { failures: 0 };
  let out = '';
  let index = 0;
  for (let at = text.indexOf('$('); at !== -1; at = text.indexOf('$(', index)) {
    const close = matching(text, at + 1, text.length, nesting);
    if (close === -1) break;
    const inside = text.slice(at + 2, close - 1);
    const called = /^([\w-]+)[\s:]/.exec(inside)?.[1] ?? '';
    out += text.slice(index, at);
    out += called === 'shell' ? `$(${inside.slice(6).replace(/\$\(/g, '${').trim()})` : `\${${called || inside}}`;
    index = close;
  }
  return out + text.slice(index);
}

/** A value with the variables in it; one that names itself, and what grows beyond bounds, is left as written. */
function expanded(
  name: string,
  variables: ReadonlyMap<string, string>,
  outer: ReadonlySet<string>,
  budget: { left: number },
): string | undefined {
  const value = variables.get(name);
  if (value === undefined || outer.has(name) || outer.size > MAX_DEPTH) return undefined;
  budget.left -= value.length;
  if (budget.left < 0) return undefined;
  const within = new Set(outer).add(name);
  return value.replace(
    /\$(?:\(([\w.-]+)\)|\{([\w.-]+)\})/g,
    (whole, round?: string, curly?: string) => expanded((round ?? curly) as string, variables, within, budget) ?? whole,
  );
}
