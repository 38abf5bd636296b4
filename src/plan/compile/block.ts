/**
 * Block: a folder at the path of a store that went, with a README that says why, so that a line which was missed fails instead of
 * making an empty store (trap C27).
 */
import type { Block } from '../model.ts';
import { type Compiling, type Drafted, NOTHING } from './draft.ts';
import { fileOf } from './new-file.ts';

const FOLDER_MODE = 0o755;

export function compileBlock({ subject, reason }: Block, on: Compiling): Drafted {
  const path = subject.replace(/\/$/, '');
  const { kind } = on.stateOf(path);
  if (kind === 'folder') return { done: 'a folder is there' };
  const goes = [...on.earlier.values()].some(({ changes }) =>
    changes.some((change) => change.path === path && change.want.kind === 'absent'),
  );
  if (kind !== 'absent' && !goes) return { blocked: `${path} is still there: something must move or remove it before` };
  return {
    draft: {
      ...NOTHING,
      changes: [
        { path, want: { kind: 'folder', mode: FOLDER_MODE } },
        { path: `${path}/README`, ...fileOf(text(path, reason)) },
      ],
      relies: goes ? [] : [{ on: 'absent', path }],
    },
  };
}

/** A folder that an applied plan put there: nothing of it is to be taken away. */
export function isBlock(path: string, on: Pick<Compiling, 'stateOf' | 'namesIn' | 'read'>): boolean {
  if (on.stateOf(path).kind !== 'folder') return false;
  const names = on.namesIn(path);
  if (names.length !== 1 || names[0] !== 'README' || on.stateOf(`${path}/README`).kind !== 'file') return false;
  const readme = on.read(`${path}/README`).toString('utf8');
  return readme.startsWith(`There was a store at ${path}.`) && readme.endsWith('(Made by desprawl.)\n');
}

function text(path: string, reason: string): string {
  const why = reason === '' ? '' : `\n${reason}\n`;
  return `There was a store at ${path}. It is not used any more.\n${why}
This folder is here so that a program which still opens that path fails instead of making an empty store.
Remove the folder when nothing names the path any more. (Made by desprawl.)\n`;
}
