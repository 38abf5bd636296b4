/** The place in the file of part of a literal, if a new text can stand there as it is; else why not. */
import type { Literal } from '../../bindings/symbol.ts';
import { inLiteral } from '../../edit/literal.ts';
import type { SiteEdit } from './model.ts';
import { neverEdited } from './never.ts';
import type { OpenCode } from './open-code.ts';

export type Placed = Pick<SiteEdit, 'path' | 'start' | 'end' | 'line' | 'from'> | { readonly why: string };

export function placedLiteral(open: OpenCode, literal: Literal, from: number, to: number, added: string): Placed {
  const { file: path, start, end, value } = literal;
  const facts = open.facts.code.files.get(path);
  const source = open.source(path);
  if (source === null) return { why: 'its file would not be written as it was' };
  const never = neverEdited(path, facts);
  if (never !== undefined) return { why: `it stands in ${path}: ${never}` };
  if (!source.takes(added)) return { why: `its file (${source.encoding}) cannot hold the new name` };
  const place = inLiteral(source.text, [start, end], value, facts?.language ?? 'env')?.place(from, to, added);
  if (place == null)
    return { why: 'it is written with escapes, in parts, or in quotes that the new name does not fit' };
  return {
    path,
    ...place,
    line: lineAt(source.text, place.start),
    from: source.text.slice(place.start, place.end),
  };
}

export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
