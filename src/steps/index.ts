/** The primitives, one line each. */
import { makeFolder, removeFolder } from './folder.ts';
import { gitIndexPrimitive } from './git-index.ts';
import type { Primitive } from './primitive.ts';
import { putReplacing } from './put.ts';
import { putInPlace } from './put-in-place.ts';
import { remove } from './remove.ts';
import { rename } from './rename.ts';
import type { GitIndexStep, Put, Step } from './step.ts';

/** Steps on paths of the project. */
export type FileStep = Exclude<Step, GitIndexStep>;

const PRIMITIVES: { readonly [op in Exclude<Step['op'], 'put'>]: Primitive<Extract<Step, { op: op }>> } = {
  remove,
  rename,
  'make-folder': makeFolder,
  'remove-folder': removeFolder,
  'git-index': gitIndexPrimitive,
};

const PUTS: Readonly<Record<Put['how'], Primitive<Put>>> = { replace: putReplacing, 'in-place': putInPlace };

export function primitiveOf<S extends Step>(step: S): Primitive<S> {
  const found = step.op === 'put' ? PUTS[step.how] : PRIMITIVES[step.op];
  // Each op leads to the primitive of its own steps, which the compiler cannot see through a table.
  return found as unknown as Primitive<S>;
}
