/** Gives files, modules and stores another path, and lets everything that names them follow. */
import { compileMove } from '../compile/move.ts';
import type { Move } from '../model.ts';
import { type ActionType, actionType, subjectOf } from './action-type.ts';

export const move: ActionType = actionType<Move>({
  kind: 'move',
  keys: [{ name: 'to', type: 'path', as: 'effect' }],
  mark: '>',
  pattern: true,
  describe: (action) => `${subjectOf(action)} → ${action.to}`,
  compile: compileMove,
});
