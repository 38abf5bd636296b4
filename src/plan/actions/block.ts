/** Puts a folder where a store was, so that opening the old path fails loudly instead of making an empty store (trap C27). */
import { compileBlock } from '../compile/block.ts';
import type { Block } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const block: ActionType = actionType<Block>({
  kind: 'block',
  keys: [],
  mark: '+',
  pattern: false,
  describe: ({ subject }) => `${subject}/ (a folder in the place of the store)`,
  compile: compileBlock,
});
