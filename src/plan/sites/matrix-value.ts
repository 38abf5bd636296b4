/**
 * A name that CI puts together of its matrix (trap C19): `scripts/${{ matrix.script }}.py` with `script: [check_db, …]` says in one word of the
 * matrix which file is meant, so that this word follows. Only where nothing else reads that variable and the word stands there once.
 */
import { posix } from 'node:path';
import type { SiteEdit } from './model.ts';
import { lineAt } from './placed-literal.ts';

const VARIABLE = /\$\{\{\s*matrix\.([\w-]+)\s*\}\}/g;

/** `at`: the reference as it is written; `from` → `to`: the file. `null`: not to be told which word it is. */
export function matrixValue(
  path: string,
  text: string,
  at: readonly [start: number, end: number, ...rest: unknown[]],
  from: string,
  to: string,
): SiteEdit | null {
  const written = wordAround(text, at);
  const found = [...written.text.matchAll(VARIABLE)];
  const [variable] = found;
  if (variable === undefined || found.length !== 1) return null;
  const name = variable[1] ?? '';
  const uses = [...text.matchAll(VARIABLE)].filter((one) => one[1] === name);
  if (uses.length !== 1) return null;
  const head = written.text.slice(0, variable.index);
  const tail = written.text.slice(variable.index + variable[0].length);
  const old = between(from, head, tail);
  if (old === null) return null;
  const now = between(to, head, tail) ?? upward(to, head, tail);
  if (now === null || !/^[\w./-]+$/.test(now)) return null;
  const places = valuesOf(text, name).filter(({ value }) => value === old);
  const [place] = places;
  if (place === undefined || places.length !== 1) return null;
  return {
    path,
    start: place.start,
    end: place.start + old.length,
    line: lineAt(text, place.start),
    from: old,
    with: now,
    why: 'reference',
    proof: `${written.text} leads to what moves`,
  };
}

/** What is read may begin inside a word with expansions. */
function wordAround(text: string, [start, end]: readonly [number, number, ...unknown[]]): { readonly text: string } {
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, (text.indexOf('\n', end) + 1 || text.length + 1) - 1);
  const words = line.match(/(?:\$\{\{[^}]*\}\}|[^\s"'])+/g) ?? [];
  const own = words.filter((word) => word.includes('matrix.'));
  return { text: own.length === 1 ? (own[0] ?? '') : '' };
}

function between(file: string, head: string, tail: string): string | null {
  const full = head.replace(/^\.\//, '');
  if (!file.startsWith(full) || !file.endsWith(tail) || file.length <= full.length + tail.length) return null;
  return file.slice(full.length, file.length - tail.length);
}

/** `../ops/check_db`: from the folder that stands before the variable. */
function upward(file: string, head: string, tail: string): string | null {
  if (!head.endsWith('/') || head.startsWith('/') || !file.endsWith(tail)) return null;
  const relative = posix.relative(posix.join('/', head), `/${file}`);
  return relative.slice(0, relative.length - tail.length);
}

/** `name: [a, b]` and lists below `name:`. */
function valuesOf(text: string, name: string): readonly { readonly value: string; readonly start: number }[] {
  const found: { value: string; start: number }[] = [];
  const key = new RegExp(`^([ \\t]*)${name.replace(/[-]/g, '\\-')}:[ \\t]*(\\[[^\\]\\n]*\\])?[ \\t]*(?:#.*)?$`, 'gm');
  for (const one of text.matchAll(key)) {
    if (one[2] !== undefined) {
      const start = one.index + one[0].indexOf('[');
      for (const word of one[2].matchAll(/[\w./-]+/g)) found.push({ value: word[0], start: start + word.index });
      continue;
    }
    const item = /^[ \t]*-[ \t]+(['"]?)([\w./-]+)\1[ \t]*(?:#.*)?\r?\n?/;
    let at = one.index + one[0].length + 1;
    for (let line = item.exec(text.slice(at)); line !== null; line = item.exec(text.slice(at))) {
      found.push({ value: line[2] ?? '', start: at + line[0].indexOf(line[2] ?? '') });
      at += line[0].length;
    }
  }
  return found;
}
