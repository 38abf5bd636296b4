/** Takes files out of the index of git that an ignore rule names; the files stay. */
import { compileUntrack } from '../compile/untrack.ts';
import type { Untrack } from '../model.ts';
import { type ActionType, actionType, subjectOf } from './action-type.ts';

export const untrack: ActionType = actionType<Untrack>({
  kind: 'untrack',
  keys: [],
  mark: '-',
  pattern: true,
  describe: (action) => `${subjectOf(action)} (stays on disk)`,
  compile: compileUntrack,
});
