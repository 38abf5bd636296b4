/** What a file says of itself: that a program wrote it, that it is started by name, that it is no source to read. */
import type { Scan } from './scan.ts';

/** Larger is no source that a person wrote; its imports would cost more than they tell. */
export const MOST_UNITS: number = 4 * 1024 * 1024;
const LONG_LINE = 10_000;

const GENERATED =
  /@generated\b|\b(?:auto-?|automatically )generated\b|\bgenerated (?:by|from|with|using)\b|\bthis (?:file|code) (?:is|was|has been) generated\b|\bdo not (?:edit|modify)\b[^\n]*\b(?:generated|by hand|directly|manually)\b/i;

/** A header comment says so, before any code. */
export function saysGenerated(text: string, scan: Scan): boolean {
  let at = 0;
  for (let index = 0; index < scan.comments.length && index < 40; index += 2) {
    const start = scan.comments[index] as number;
    const between = text.slice(at, start);
    if (
      start > 4_000 ||
      ((at > 0 || start > 0) &&
        /[^\s\uFEFF]/.test(between.replace(/^#![^\n]*/, '').replace(/^\s*(['"])use \w+\1;?/, '')))
    )
      return false;
    at = scan.comments[index + 1] as number;
    if (GENERATED.test(text.slice(start, Math.min(at, start + 2_000)))) return true;
  }
  return false;
}

/** Lines over 10,000 characters that make up half of the file: written by a program, for a program. */
export function longLine(text: string): { readonly line: number; readonly length: number } | undefined {
  if (text.length <= LONG_LINE) return undefined;
  let long = 0;
  let longest = { line: 0, length: 0 };
  let line = 1;
  for (let start = 0; start < text.length; line++) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (end - start > LONG_LINE) long += end - start;
    if (end - start > longest.length) longest = { line, length: end - start };
    start = end + 1;
  }
  return long * 2 >= text.length ? longest : undefined;
}

const STARTED =
  /\brequire\.main\s*={2,3}\s*module\b|\bmodule\s*={2,3}\s*require\.main\b|!\s*module\.parent\b|\bimport\.meta\.main\b|\bimport\.meta\.(?:url|filename)\b[^\n]{0,80}\bprocess\.argv\[1\]|\bprocess\.argv\[1\][^\n]{0,80}\bimport\.meta\.(?:url|filename)\b/;

/** Starts something when it is run, by what it says. */
export function isRunnable(text: string): boolean {
  if (/^\uFEFF?#!/.test(text)) return true;
  return (text.includes('.main') || text.includes('[1]') || text.includes('.parent')) && STARTED.test(text);
}

/** JSX is read everywhere but in files that are TypeScript by name: there `<T>x` is a type. */
export function mayHaveJsx(name: string): boolean {
  return !/\.[cm]?ts$/.test(name);
}
