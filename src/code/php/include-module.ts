/** What an include names, as imports spell it: relative to its file with `./`, else as written; nothing where it is computed. */
import type { Expr } from '../facts.ts';

export function includeModule(target: Expr): string | undefined {
  if (target.k === 'text') return target.v;
  const folder = folderOf(target);
  if (folder !== undefined) return folder;
  if (target.k !== 'concat') return undefined;
  const [first, ...rest] = target.parts;
  if (first === undefined) return undefined;
  let path = '';
  for (const part of rest) {
    if (part.k === 'text') path += part.v;
    else if (part.k === 'name' && part.v === 'DIRECTORY_SEPARATOR') path += '/';
    else return undefined;
  }
  if (first.k === 'text') return first.v + path;
  const start = folderOf(first);
  return start === undefined ? undefined : start + path;
}

/** `__DIR__` is `.`; `dirname(__FILE__)` the same; `dirname(__DIR__, 2)` two folders up. */
function folderOf(expr: Expr): string | undefined {
  let ups = 0;
  let at = expr;
  while (at.k === 'call' && at.fn.k === 'name' && (at.fn.v === 'dirname' || at.fn.v === 'realpath') && ups < 50) {
    const [inner, levels] = at.args;
    if (inner === undefined) return undefined;
    if (at.fn.v === 'dirname') ups += levels?.k === 'number' ? levels.v : 1;
    at = inner;
  }
  if (at.k !== 'name') return undefined;
  if (at.v === '__FILE__') ups -= 1;
  else if (at.v !== '__DIR__') return undefined;
  return ups < 0 || ups > 50 ? undefined : `.${'/..'.repeat(ups)}`;
}
