/** Brings the rows of other stores into one, every row accounted for; what opens the others and the others themselves are later actions. */
import { list } from '../../audit/wording.ts';
import { compileMerge } from '../compile/merge-stores.ts';
import type { Merge } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const merge: ActionType = actionType<Merge>({
  kind: 'merge',
  keys: [
    { name: 'from', type: 'paths', as: 'effect', required: true },
    { name: 'tables', type: 'merge-tables', as: 'effect' },
    { name: 'id-map', type: 'text', as: 'effect' },
  ],
  mark: '+',
  pattern: false,
  describe: ({ subject, from }) => `${list([...from], 6)} → ${subject}`,
  compile: compileMerge,
});
