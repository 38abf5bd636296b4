/**
 * Moves a file or link within a file system, inode and all. A second name first and then not the first any more: rename(2) would
 * replace what appeared at the new place, and a disk may keep one side of it only.
 */

import type { Path } from '../disk/disk.ts';
import { same } from '../disk/path-state.ts';
import { folderOf } from '../disk/paths.ts';
import { assertStill, codeOf, foreign, foreignError, isOneInode, lookAt, NO_SECOND_NAME, placeOf } from './place.ts';
import type { Ground, Inspection, Primitive } from './primitive.ts';
import type { Rename } from './step.ts';

export const rename: Primitive<Rename> = {
  inspect,
  stage: (_step, seen) => ({ stamp: seen.stamp, file: null }),
  commit: (step, staged, on, dirty) => {
    const [from, to] = [placeOf(on, step.path), placeOf(on, step.to)];
    assertStill(on, step.path, staged, () => inspect(step, on));
    try {
      giveSecondName(step, on, from, to);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw inTheWay(step, on, error);
      if (!NO_SECOND_NAME.has(codeOf(error))) throw error;
      if (on.disk.lstat(to) !== null) throw inTheWay(step, on, error);
      on.disk.rename(from, to);
      dirty.add(folderOf(from));
    }
    dirty.add(folderOf(to));
  },
  finish: (step, on, dirty) => {
    const from = placeOf(on, step.path);
    const left = on.disk.lstat(from);
    if (left === null) return;
    // Saved anew under its old name since it got the other: that is somebody's work.
    if (!isOneInode(left, on.disk.lstat(placeOf(on, step.to)))) {
      throw foreignError(step.path, lookAt(on, step.path).state);
    }
    on.disk.unlink(from);
    dirty.add(folderOf(from));
  },
  clean: (step, on) => {
    const [from, to] = [placeOf(on, step.path), placeOf(on, step.to)];
    if (!isOneInode(on.disk.lstat(from), on.disk.lstat(to))) return;
    on.disk.unlink(to);
    on.disk.syncFolder(folderOf(to));
  },
};

function inspect(step: Rename, on: Ground): Inspection {
  const from = lookAt(on, step.path);
  const to = lookAt(on, step.to);
  const { state, stamp } = from;
  if (from.stray !== undefined) return foreign(from, '');
  if (to.stray !== undefined) return foreign(to, '');
  if (state.kind === 'absent') {
    if (same(to.state, step.before)) return { is: 'after', found: to.state, stamp };
    return foreign(to, 'it is gone, and what is at its new place is something else');
  }
  if (to.state.kind === 'absent') {
    if (same(state, step.before)) return { is: 'before', found: state, stamp };
    return foreign(from, 'it is not what was to be moved');
  }
  const ours = isOneInode(on.disk.lstat(placeOf(on, step.path)), on.disk.lstat(placeOf(on, step.to)));
  if (ours && same(state, step.before)) return { is: 'partial', found: state, stamp };
  return foreign(from, 'something is at its new place already');
}

/** On some systems link(2) follows what it is to give a second name: to a file that is no part of this, or to nothing. */
function giveSecondName(step: Rename, on: Ground, from: Path, to: Path): void {
  const isLink = step.before.kind === 'link';
  const noSecondName = (cause?: unknown): Error => Object.assign(new Error('a link', { cause }), { code: 'EPERM' });
  try {
    on.disk.link(from, to);
  } catch (error) {
    throw isLink && codeOf(error) === 'ENOENT' ? noSecondName(error) : error;
  }
  if (!isLink || isOneInode(on.disk.lstat(from), on.disk.lstat(to))) return;
  on.disk.unlink(to);
  throw noSecondName();
}

function inTheWay(step: Rename, on: Ground, cause: unknown): Error {
  return foreignError(step.to, lookAt(on, step.to).state, undefined, cause);
}
