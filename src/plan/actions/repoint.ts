/** Lets every site of a store or a module say another one; nothing moves. */
import { compileRepoint } from '../compile/repoint.ts';
import type { Repoint } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const repoint: ActionType = actionType<Repoint>({
  kind: 'repoint',
  keys: [
    { name: 'to', type: 'path', as: 'effect' },
    { name: 'in', type: 'paths', as: 'effect' },
  ],
  mark: '~',
  pattern: false,
  describe: ({ subject, to }) => `${subject} → ${to}`,
  compile: compileRepoint,
});
