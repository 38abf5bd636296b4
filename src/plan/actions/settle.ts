/** Lets values win that lost in an earlier merge; what won until then is in the ledger of the run, so that it can be settled again. */
import { count } from '../../audit/wording.ts';
import { compileSettle } from '../compile/settle.ts';
import type { Settle } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const settle: ActionType = actionType<Settle>({
  kind: 'settle',
  keys: [
    { name: 'run', type: 'text', as: 'effect', required: true },
    { name: 'of', type: 'text', as: 'effect', required: true },
    { name: 'values', type: 'texts', as: 'effect', required: true },
    { name: 'rows', type: 'texts', as: 'generated' },
  ],
  mark: '~',
  pattern: false,
  describe: ({ subject, values }) => `${subject} (${count(values.length, 'column')})`,
  compile: compileSettle,
});
