/** Makes the file of a declared export anew from its table, as the merges of the phase leave it. */
import { compileExport } from '../compile/export.ts';
import type { ExportAction } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const exported: ActionType = actionType<ExportAction>({
  kind: 'export',
  keys: [],
  mark: '~',
  pattern: false,
  describe: ({ subject }) => subject,
  compile: compileExport,
});
