/** Ignore: a line at the end of a file of ignore rules. Nothing else in that file is touched. */
import type { Ignore } from '../model.ts';
import { type Compiling, type Drafted, NOTHING } from './draft.ts';

export function compileIgnore({ subject, file }: Ignore, on: Compiling): Drafted {
  if (/[\r\n]/.test(subject)) return { blocked: 'a rule is one line' };
  const state = on.stateOf(file);
  if (state.kind !== 'file' && state.kind !== 'absent') return { blocked: `${file} is no file` };
  const lines = state.kind === 'absent' ? [] : on.read(file).toString('utf8').split(/\r?\n/);
  if (lines.some((line) => line.trimEnd() === subject)) return { done: `${file} has this line` };
  return {
    draft: {
      ...NOTHING,
      appends: [{ path: file, line: subject, why: 'ignore rule' }],
      relies: [state.kind === 'file' ? { on: 'text', path: file, sha256: state.sha256 } : { on: 'absent', path: file }],
    },
  };
}
