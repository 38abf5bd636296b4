/** Every kind of action, in the order in which reports list them. */
import type { Action, ActionKind } from '../model.ts';
import type { ActionType } from './action-type.ts';
import { archive } from './archive.ts';
import { block } from './block.ts';
import { exported } from './export.ts';
import { follow } from './follow.ts';
import { ignore } from './ignore.ts';
import { merge } from './merge.ts';
import { move } from './move.ts';
import { remove } from './remove.ts';
import { repoint } from './repoint.ts';
import { settle } from './settle.ts';
import { untrack } from './untrack.ts';
import { writeFile } from './write-file.ts';

export const actionTypes: readonly ActionType[] = [
  merge,
  archive,
  move,
  remove,
  repoint,
  untrack,
  ignore,
  block,
  writeFile,
  exported,
  settle,
  follow,
];

const byKind: ReadonlyMap<string, ActionType> = new Map(actionTypes.map((type) => [type.kind, type]));

export const ACTION_KINDS: readonly ActionKind[] = actionTypes.map(({ kind }) => kind);

export function typeOf(action: Pick<Action, 'kind'>): ActionType {
  const type = byKind.get(action.kind);
  if (type === undefined) throw new Error(`no kind of action ${action.kind}`);
  return type;
}
