/** Makes one folder, and removes one that is empty. What somebody put there meanwhile then stands in the way, and is seen. */
import type { Attributes } from '../disk/disk.ts';
import type { FolderState } from '../disk/path-state.ts';
import { folderOf } from '../disk/paths.ts';
import { codeOf, foreign, foreignError, lookAt, placeOf } from './place.ts';
import type { Ground, Inspection, Primitive } from './primitive.ts';
import { whereAllowed } from './put.ts';
import type { MakeFolder, RemoveFolder } from './step.ts';

export const makeFolder: Primitive<MakeFolder> = {
  inspect: (step, on) => {
    const look = lookAt(on, step.path);
    const { state, stamp } = look;
    if (state.kind === 'absent') return { is: 'before', found: state, stamp };
    if (state.kind !== 'folder') return foreign(look, 'something that is no folder has its name');
    // Between getting its name and its mode; with anything in it, it is somebody's by now.
    const half = state.mode !== step.after.mode && isEmpty(step, on);
    return { is: half ? 'partial' : 'after', found: state, stamp };
  },
  stage: (_step, seen) => ({ stamp: seen.stamp, file: null }),
  commit: (step, _staged, on, dirty) => {
    const place = placeOf(on, step.path);
    try {
      on.disk.mkdir(place, step.after.mode & 0o777);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      throw foreignError(step.path, lookAt(on, step.path).state, undefined, error);
    }
    const made = on.disk.lstat(place);
    if (made !== null) whereAllowed((to) => on.disk.setAttributes(place, to), ownerOf(step.after), made);
    on.disk.setAttributes(place, { mode: step.after.mode });
    dirty.add(place);
    dirty.add(folderOf(place));
  },
  clean: (step, on) => {
    const place = placeOf(on, step.path);
    if (makeFolder.inspect(step, on).is !== 'partial') return;
    on.disk.rmdir(place);
    on.disk.syncFolder(folderOf(place));
  },
};

export const removeFolder: Primitive<RemoveFolder> = {
  inspect: (step, on): Inspection => {
    const look = lookAt(on, step.path);
    const { state, stamp } = look;
    if (state.kind === 'absent') return { is: 'after', found: state, stamp };
    if (state.kind !== 'folder') return foreign(look, 'it is no folder any more');
    if (isEmpty(step, on)) return { is: 'before', found: state, stamp };
    return foreign(look, 'the folder is not empty');
  },
  stage: (_step, seen) => ({ stamp: seen.stamp, file: null }),
  commit: (step, _staged, on, dirty) => {
    const place = placeOf(on, step.path);
    try {
      on.disk.rmdir(place);
    } catch (error) {
      if (!NOT_EMPTY.has(codeOf(error))) throw error;
      throw foreignError(step.path, lookAt(on, step.path).state, 'the folder is not empty', error);
    }
    dirty.add(folderOf(place));
  },
  clean: () => {},
};

/** One that comes back is whose it was. */
function ownerOf({ uid, gid }: FolderState): Attributes {
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

const NOT_EMPTY = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR']);

function isEmpty(step: MakeFolder | RemoveFolder, on: Ground): boolean {
  return on.disk.readdir(placeOf(on, step.path)).length === 0;
}
