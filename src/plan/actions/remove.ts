/** Removes what is held elsewhere row by row or byte by byte, what is empty, and modules that nothing needs. */
import { compileRemove } from '../compile/remove.ts';
import type { RemoveAction } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const remove: ActionType = actionType<RemoveAction>({
  kind: 'remove',
  keys: [{ name: 'because', type: 'path', as: 'effect' }],
  mark: '-',
  pattern: true,
  describe: ({ subject, because }) => (because === null ? subject : `${subject} (all of it is in ${because})`),
  compile: compileRemove,
});
