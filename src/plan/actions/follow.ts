/** Lets ids in a store that stays apart follow the rows that a merge moves (trap R19). */
import { count } from '../../audit/wording.ts';
import { compileFollow } from '../compile/follow.ts';
import type { Follow } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const follow: ActionType = actionType<Follow>({
  kind: 'follow',
  keys: [
    { name: 'of', type: 'text', as: 'effect', required: true },
    { name: 'ids', type: 'texts', as: 'effect', required: true },
    { name: 'rows', type: 'texts', as: 'generated' },
  ],
  mark: '~',
  pattern: false,
  describe: ({ subject, of, ids }) => `${subject} (${count(ids.length, 'column')} behind ${of})`,
  compile: compileFollow,
});
