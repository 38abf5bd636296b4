/** The work on parts that refer to each other, and on those that stand alone: docs/merging.md, steps 3 to 6. */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { raw } from './cells.ts';
import { retainDeleted } from './deleted.ts';
import { insert } from './insert.ts';
import { match } from './match.ts';
import type { Engine, Part } from './model.ts';
import { number } from './number.ts';
import { retainChildren, retainTwoMatches, retainUnfit } from './retain.ts';
import { settle } from './settle.ts';
import { withdraw } from './withdraw.ts';
import { written } from './written.ts';

export function workOn(engine: Engine, parts: readonly Part[]): void {
  retainChildren(engine, parts);
  match(engine, parts);
  for (const part of parts) retainDeleted(engine, part);
  for (const part of parts) retainUnfit(engine, part);
  retainChildren(engine, parts);
  // A key that is a reference follows numbers that must be known.
  const byNumber = (part: Part): number => (part.target.spec.surrogate === null ? 1 : 0);
  for (const part of [...parts].sort((a, b) => byNumber(a) - byNumber(b))) number(engine, part);
  for (const part of parts) retainTwoMatches(engine, part, (columns) => sameAs(part, columns));
  retainChildren(engine, parts);
  for (const part of parts) insert(engine, part);
  withdraw(engine, parts);
  for (const part of parts) settle(engine, part);
}

function sameAs(part: Part, columns: readonly string[]): string | null {
  if (columns.some((column) => raw(part, column, 'x') === null)) return null;
  return columns.map((column) => `z.${quoteName(column)} = (${written(part, column, 'x')})`).join(' AND ');
}
