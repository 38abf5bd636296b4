/** Words that stand in files of code and configuration, found by reading their lines; each file is read once. */
import type { Code } from './code-model.ts';

export function linesOf(code: Code, path: string): readonly string[] {
  const { lines = 0 } = code.files.get(path) ?? {};
  return Array.from({ length: Math.min(lines, 50_000) }, (_, index) => code.lineOf(path, index + 1));
}

const WORD = /[A-Za-z_$][\w$]*/g;

export const wordsIn = (line: string): readonly string[] => line.match(WORD) ?? [];
