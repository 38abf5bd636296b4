/** Where the paths of steps lie on the disk, what lies beside them, and what is in the way to them. */
import type { Path, Stat } from '../disk/disk.ts';
import { type PathState, type StampedState, stampedStateOf, stampOf } from '../disk/path-state.ts';
import { bytesOf, folderOf, joinPath, type RecordedPath, recordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { Ground, Inspection, Staged } from './primitive.ts';

export function placeOf(on: Ground, path: RecordedPath): Path {
  return joinPath(on.root, path);
}

/** In the folder of the path, so that a rename never crosses a file system; without its name, which may be of the greatest length. */
export function temporaryOf(on: Ground, path: RecordedPath, n: number): Path {
  return joinPath(folderOf(placeOf(on, path)), `.desprawl-${on.run}-${n}`);
}

export interface Look extends StampedState {
  /** A folder above the path that is none: what lies behind it is not of the project. */
  readonly stray?: string;
}

/** The state of a path of the project. Symbolic links are followed nowhere on the way to it. */
export function lookAt(on: Ground, path: RecordedPath): Look {
  const stray = strayAbove(on, path);
  if (stray !== null) return { state: { kind: 'special' }, stamp: 'stray', stray };
  return stampedStateOf(on.disk, placeOf(on, path));
}

/**
 * For a look at many paths at once: what is above them is looked at once for each folder, and not for each path. What takes effect looks
 * at its own path once more, whose stamp is another one where a folder was exchanged.
 */
export function lookTogether(on: Ground): Ground {
  return { ...on, folders: new Set() };
}

function strayAbove(on: Ground, path: RecordedPath): string | null {
  // A path that is no UTF-8 is rare, and gets no shorter way.
  const folder = typeof path === 'string' ? path.slice(0, Math.max(0, path.lastIndexOf('/'))) : null;
  if (folder === '' || (folder !== null && on.folders?.has(folder) === true)) return null;
  const bytes = bytesOf(path);
  for (let at = bytes.indexOf(0x2f); at >= 0; at = bytes.indexOf(0x2f, at + 1)) {
    const above = recordedPath(bytes.subarray(0, at));
    const stat = on.disk.lstat(placeOf(on, above));
    if (stat === null) return null;
    if (stat.kind === 'folder') continue;
    return `${shownPath(above)} is ${stat.kind === 'link' ? 'a symbolic link' : 'no folder'}`;
  }
  if (folder !== null) on.folders?.add(folder);
  return null;
}

/** An inspection that says what a path is, and why nothing of the step fits. */
export function foreign(look: Look, why: string): Inspection {
  return { is: 'foreign', found: look.state, stamp: look.stamp, why: look.stray ?? why };
}

export function isOneInode(a: Stat | null, b: Stat | null): boolean {
  return a !== null && b !== null && a.dev === b.dev && a.ino === b.ino;
}

/**
 * The last look before a step takes effect: the path has the stamp it was inspected with, or was measured again and still fits.
 * Throws `DSP-RUN-FOREIGN`.
 */
export function assertStill(on: Ground, path: RecordedPath, staged: Staged, inspect: () => Inspection): void {
  if (stampOf(on.disk.lstat(placeOf(on, path))) === staged.stamp) return;
  const now = inspect();
  if (now.is === 'before' || now.is === 'partial') return;
  throw foreignError(path, now.found, now.why);
}

export function foreignError(path: RecordedPath, found: PathState, why?: string, cause?: unknown): DesprawlError {
  const message = `${shownPath(path)} is not as it was: ${why ?? `there is ${shownState(found)} now`}.`;
  return new DesprawlError('DSP-RUN-FOREIGN', message, cause === undefined ? {} : { cause });
}

/** A state as messages name it. */
export function shownState(state: PathState): string {
  if (state.kind === 'absent') return 'nothing';
  if (state.kind === 'file') {
    return `a file of ${state.bytes} bytes (mode ${octal(state.mode)}, SHA-256 ${state.sha256.slice(0, 12)}…)`;
  }
  if (state.kind === 'link') return `a symbolic link to ${shownPath(state.target)}`;
  return state.kind === 'folder' ? `a folder (mode ${octal(state.mode)})` : 'a pipe, socket or device';
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** Between a failed call and what it means for a step. */
export function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** File systems that have no second names, a user who may not give one, a file that has too many. */
export const NO_SECOND_NAME: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
