/**
 * One spelling that means another store in each folder it is started from (trap S5), where all of them become one: the path counts from the
 * file that says it from then on. Only where a module of paths is at hand already; whether each line then opens the right store is proven like
 * every other edit.
 */
import { posix } from 'node:path';
import type { Literal } from '../../bindings/symbol.ts';
import type { SiteEdit } from './model.ts';
import { neverEdited } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { lineAt } from './placed-literal.ts';

/** `value`: the whole path that the line opens. `null`: it cannot be written so. */
export function anchored(
  open: OpenCode,
  literal: Literal,
  value: string,
  to: string,
): Pick<SiteEdit, 'path' | 'start' | 'end' | 'line' | 'from' | 'with'> | null {
  const { file: path, start, end } = literal;
  const facts = open.facts.code.files.get(path);
  const source = open.source(path);
  if (source === null || facts?.language !== 'python' || neverEdited(path, facts) !== undefined) return null;
  const from = source.text.slice(start, end);
  const quote = from[0] ?? '';
  const isPlain = /^(?:'[^'\\\n]*'|"[^"\\\n]*")$/.test(from) && from.slice(1, -1) === value && literal.value === value;
  if (!isPlain || !/^import os\s*(?:#.*)?$/m.test(source.text)) return null;
  const relative = posix.relative(posix.dirname(path), to);
  if (/["'\\]/.test(relative) || !source.takes(relative)) return null;
  const by = `os.path.join(os.path.dirname(os.path.abspath(__file__)), ${quote}${relative}${quote})`;
  return { path, start, end, line: lineAt(source.text, start), from, with: by };
}
