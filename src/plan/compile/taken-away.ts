/** What archiving and removing have in common: the files of a subject, none of which anything needs, and what they rely on. */
import type { FileState, LinkState } from '../../disk/path-state.ts';
import { digest } from '../digest.ts';
import type { Reliance } from '../lock-model.ts';
import type { Action } from '../model.ts';
import { isBlock } from './block.ts';
import type { Compiling, Drafted } from './draft.ts';
import { membersOf, withSidecars } from './members.ts';
import { readersInWords, readersOf } from './readers.ts';

export interface TakenAway {
  readonly files: readonly { readonly path: string; readonly state: FileState | LinkState; readonly store?: string }[];
  /** Of a folder that goes as a whole. */
  readonly folders: readonly string[];
  readonly relies: readonly Reliance[];
}

export function takenAway(action: Action, on: Compiling): TakenAway | Exclude<Drafted, { draft: unknown }> {
  const subject = action.subject.replace(/\/$/, '');
  if (isBlock(subject, on)) return { done: 'a folder stands in its place' };
  const members = membersOf(action, on);
  if (members.blocked !== null) return { blocked: members.blocked };
  if (members.files.length === 0) return { done: 'nothing is there' };
  const going = new Set(members.files);
  for (const path of members.files) {
    const readers = readersOf(path, going, on);
    if (readers.length > 0) return { blocked: `${path} is needed: ${readersInWords(readers)}` };
  }
  const files = members.files
    .flatMap((path) => withSidecars(path, on))
    .filter((one, i, all) => all.findIndex(({ path }) => path === one.path) === i)
    .map((one) => ({ ...one, state: on.stateOf(one.path) }));
  const odd = files.find(({ state }) => state.kind !== 'file' && state.kind !== 'link');
  if (odd !== undefined) return { blocked: `${odd.path} is neither a file nor a link` };
  const known = files as TakenAway['files'];
  return {
    files: known,
    folders: members.folders,
    relies: [
      ...known.map(({ path, state }) => relyOn(path, state)),
      ...(members.isPattern ? [{ on: 'only', path: action.subject, digest: filesDigest(members.files) } as const] : []),
    ],
  };
}

export function relyOn(path: string, state: FileState | LinkState): Reliance {
  if (state.kind === 'file') return { on: 'bytes', path, sha256: state.sha256 };
  return { on: 'bytes', path, sha256: digest('link\n', state.target) };
}

export function filesDigest(files: readonly string[]): string {
  return digest('files\n', [...files].sort());
}
