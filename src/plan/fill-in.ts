/** What is generated of an action: counts, time, bytes, what undoes it. Taken from what it compiles to, never from what was hoped. */
import { count } from '../audit/wording.ts';
import type { CompiledAction } from './compile/model.ts';
import { secondsOf, takes } from './estimate.ts';
import type { LockedAction, Rates } from './lock-model.ts';
import type { Measured } from './measured.ts';
import type { Action } from './model.ts';
import { riskOf } from './risk.ts';

/** `was`: how it was written before; its reasons are a person's by now. */
export function fillIn(action: Action, compiled: CompiledAction | undefined, rates: Rates, on: Measured): Action {
  const blank = { done: null, blocked: null };
  if (compiled?.locked == null) {
    return {
      ...action,
      ...blank,
      ...(compiled?.is === 'already so' ? { done: compiled.why } : {}),
      ...(compiled?.is === 'blocked' ? { blocked: compiled.why } : {}),
    };
  }
  const { locked } = compiled;
  const filled = {
    ...blank,
    files: filesOf(action, locked),
    references: referencesOf(locked),
    left: locked.left,
    undo: undoOf(action, locked),
    takes: takes({ bytes: locked.bytes, seconds: secondsOf(locked, rates) }),
    ...riskOf(action, locked, on),
  };
  return { ...action, ...filled };
}

/** A list is a choice of somebody; a count is what was found now. One file needs none. */
function filesOf(action: Action, { steps }: LockedAction | Omit<LockedAction, 'seconds'>): Action['files'] {
  if (Array.isArray(action.files)) return action.files;
  if (action.kind !== 'archive' && action.kind !== 'remove' && action.kind !== 'move' && action.kind !== 'untrack')
    return null;
  const files = steps.reduce((sum, step) => {
    if (step.op === 'remove' || step.op === 'rename') return sum + 1;
    return step.op === 'git-index' && action.kind === 'untrack' ? sum + step.entries.length : sum;
  }, 0);
  return files > 1 ? files : null;
}

function referencesOf({ hunks }: Pick<LockedAction, 'hunks'>): string | null {
  const edits = hunks.filter(({ from }) => from !== '');
  if (edits.length === 0) return null;
  const lines = new Set(edits.map(({ path, at }) => `${path}:${at[2]}`)).size;
  return `${count(lines, 'line')} in ${count(new Set(edits.map(({ path }) => path)).size, 'file')}`;
}

function undoOf(action: Action, { hunks }: Pick<LockedAction, 'hunks'>): string {
  const lines = new Set(hunks.map(({ path, at }) => `${path}:${at[2]}`)).size;
  const back = lines === 0 ? '' : `${count(lines, 'line')} put back`;
  switch (action.kind) {
    case 'archive':
      return action.to === null ? 'put back from the vault' : 'renamed back';
    case 'remove':
      return 'put back from the vault';
    case 'merge':
    case 'settle':
    case 'follow':
      return 'the store as it was; rows written since as decided then';
    case 'export':
      return 'the file as it was, byte for byte';
    case 'move':
      return back === '' ? 'renamed back' : `renamed back, ${back}`;
    case 'repoint':
      return back;
    case 'untrack':
      return 'the entries of the index come back';
    case 'ignore':
      return 'the line goes';
    case 'block':
      return 'the folder goes';
    case 'write-file':
      return 'the file goes';
  }
}
