/** The earlier state that a source and the target have in common, while it is attached as `c`: which rows it has. */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { raw } from './cells.ts';
import { keyCell } from './equal.ts';
import type { Engine, Part } from './model.ts';
import { readShape, type Shape } from './shape.ts';

/** Column of the merged table, its cell in the source (`x`) and in the ancestor (`a`), both as they are compared. */
export interface Cells {
  readonly ours: readonly string[];
  readonly theirs: readonly string[];
}

export function ancestorOf({ db }: Engine, part: Part): Shape | null {
  return part.spec.ancestor === null ? null : readShape(db, 'c', part.spec.ancestor.table);
}

/** The ancestor of a file has its ids: cells are compared as they stand in both. */
export function cellsOf(part: Part, columns: readonly string[]): Cells | null {
  const ours: string[] = [];
  const theirs: string[] = [];
  for (const column of columns) {
    const [here, there] = [raw(part, column, 'x'), part.spec.ancestor?.columns[column]];
    if (here === null || there === undefined) return null;
    ours.push(keyCell(part.target, column, here));
    theirs.push(keyCell(part.target, column, `a.${quoteName(there)}`));
  }
  return columns.length === 0 ? null : { ours, theirs };
}

/** Condition: the ancestor has a row with the identity of `x`. `null`: there is no ancestor that could tell. */
export function inAncestor(engine: Engine, part: Part): string | null {
  const { identity } = part.target.spec;
  const ancestor = ancestorOf(engine, part);
  const cells = ancestor === null || identity.kind !== 'key' ? null : cellsOf(part, identity.columns);
  if (ancestor === null || cells === null) return null;
  const had = `SELECT ${cells.theirs.map((cell) => `+${cell} COLLATE BINARY`).join(', ')} FROM ${ancestor.sql} a`;
  return `(${cells.ours.map((cell) => `+${cell} COLLATE BINARY`).join(', ')}) IN (${had})`;
}
