/** Which names the code around a `require()` or `import()` takes of the module. */
import type { ImportFact } from '../facts.ts';
import { skipBlank, tokenAt } from './cursor.ts';

export interface Taken {
  readonly names: ImportFact['names'];
  readonly as?: string;
}

function wordBefore(text: string, end: number): { readonly word: string; readonly start: number } {
  let start = end;
  while (start > 0 && /[\w$]/.test(text.charAt(start - 1))) start--;
  return { word: text.slice(start, end), start };
}

function blankBefore(text: string, at: number): number {
  let end = at;
  while (end > 0 && /\s/.test(text.charAt(end - 1))) end--;
  return end;
}

/** `{ a, b: c, d = 1 }` as it stands before `=`. Nothing nested is followed. */
function destructured(pattern: string): ImportFact['names'] {
  const names: { name: string; as: string }[] = [];
  for (const part of pattern.split(',')) {
    const found = /^\s*(?:['"]([^'"]+)['"]|([\w$]+))\s*(?::\s*([\w$]+))?\s*(?:=[^=]|$)/.exec(part);
    const name = found?.[1] ?? found?.[2];
    if (name !== undefined) names.push({ name, as: found?.[3] ?? name });
  }
  return names;
}

/**
 * Looks back from the call at `start` (`const { a } = await import(…)`, `const x = require(…)`) and on from its end
 * (`require(…).a`). Walks by hand: a pattern that is anchored at its end would be tried from each place before.
 */
export function takenNames(text: string, start: number, end: number): Taken {
  let at = blankBefore(text, start);
  let inParentheses = false;
  const awaited = wordBefore(text, at);
  if (awaited.word === 'await') at = blankBefore(text, awaited.start);
  if (text[at - 1] === '(' && awaited.word === 'await') {
    inParentheses = true;
    at = blankBefore(text, at - 1);
  }
  let member: string | undefined;
  if (end > 0) {
    let next = skipBlank(text, end);
    if (inParentheses && text[next] === ')') next = skipBlank(text, next + 1);
    const dot = tokenAt(text, next);
    if (dot.v === '.' || dot.v === '?.') {
      const name = tokenAt(text, dot.end);
      const call = name.v === 'then' || name.v === 'catch' || name.v === 'finally';
      if (name.kind === 'word' && !call) member = name.v;
    }
  }
  const equals = text[at - 1] === '=' && !/[=!<>+\-*/%&|^?]/.test(text.charAt(at - 2));
  if (!equals) return { names: member === undefined ? [] : [{ name: member, as: member }] };
  const target = blankBefore(text, at - 1);
  if (text[target - 1] === '}') {
    const open = text.lastIndexOf('{', target - 1);
    if (open >= 0 && target - open < 2_000 && member === undefined)
      return { names: destructured(text.slice(open + 1, target - 1)) };
    return { names: member === undefined ? [] : [{ name: member, as: member }] };
  }
  const { word } = wordBefore(text, target);
  if (word === '') return { names: member === undefined ? [] : [{ name: member, as: member }] };
  return member === undefined ? { names: [], as: word } : { names: [{ name: member, as: word }] };
}
