/** Adds a line to a file of ignore rules. */
import { compileIgnore } from '../compile/ignore.ts';
import type { Ignore } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const ignore: ActionType = actionType<Ignore>({
  kind: 'ignore',
  keys: [{ name: 'file', type: 'path', as: 'effect' }],
  mark: '+',
  pattern: false,
  describe: ({ subject, file }) => `${subject} in ${file}`,
  compile: compileIgnore,
});
