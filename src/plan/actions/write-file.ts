/** Writes a file that says of itself that it was generated. */
import { compileWriteFile } from '../compile/write-file.ts';
import type { WriteFile } from '../model.ts';
import { type ActionType, actionType } from './action-type.ts';

export const writeFile: ActionType = actionType<WriteFile>({
  kind: 'write-file',
  keys: [
    { name: 'content', type: 'content', as: 'effect' },
    { name: 'template', type: 'text', as: 'effect' },
  ],
  mark: '+',
  pattern: false,
  describe: ({ subject }) => subject,
  compile: compileWriteFile,
});
