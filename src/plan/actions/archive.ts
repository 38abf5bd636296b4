/** Puts files that nobody needs any more into the vault, or into a folder with a manifest; nothing is lost. */
import { compileArchive } from '../compile/archive.ts';
import type { Archive } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const archive: ActionType = actionType<Archive>({
  kind: 'archive',
  keys: [{ name: 'to', type: 'path', as: 'effect' }],
  mark: '-',
  pattern: true,
  describe: ({ subject, to }) => (to === null ? subject : `${subject} → ${to}`),
  compile: compileArchive,
});
