/** Puts files that nobody needs any more into the vault, or into a folder with a manifest; nothing is lost. */
import { compileArchive } from '../compile/archive.ts';
import type { Archive } from '../model.ts';
import { type ActionType, actionType, subjectOf } from './action-type.ts';

export const archive: ActionType = actionType<Archive>({
  kind: 'archive',
  keys: [{ name: 'to', type: 'path', as: 'effect' }],
  mark: '-',
  pattern: true,
  describe: (action) => (action.to === null ? subjectOf(action) : `${subjectOf(action)} → ${action.to}`),
  compile: compileArchive,
});
