/**
 * Puts a file or link where a file, a link or nothing is. The new one is made complete beside it and takes its name in one call, so
 * that nobody ever sees a half. What appeared at an empty place meanwhile is never replaced.
 */
import type { Attributes, Disk, File, Path, Stat } from '../disk/disk.ts';
import { type FileState, type LinkState, type Marks, same } from '../disk/path-state.ts';
import { bytesOf, folderOf, shownPath } from '../disk/paths.ts';
import { copyContent } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import {
  assertStill,
  codeOf,
  foreign,
  foreignError,
  isOneInode,
  lookAt,
  NO_SECOND_NAME,
  placeOf,
  temporaryOf,
} from './place.ts';
import type { Ground, Inspection, Primitive } from './primitive.ts';
import type { Put } from './step.ts';

export const putReplacing: Primitive<Put> = {
  inspect,
  stage: (step, seen, on) => {
    const temporary = temporaryOf(on, step.path, step.n);
    const { after } = step;
    const owner = ownerOf(step);
    if (after.kind === 'file') return { stamp: seen.stamp, file: makeFile(on, temporary, after, owner) };
    makeLink(on.disk, temporary, after, owner);
    return { stamp: seen.stamp, file: null };
  },
  commit: (step, staged, on, dirty) => {
    const temporary = temporaryOf(on, step.path, step.n);
    const place = placeOf(on, step.path);
    assertStill(on, step.path, staged, () => inspect(step, on));
    if (step.before.kind === 'absent') takeName(step, on, temporary, place);
    else on.disk.rename(temporary, place);
    dirty.add(folderOf(place));
  },
  clean: (step, on) => {
    const temporary = temporaryOf(on, step.path, step.n);
    const ours = on.disk.lstat(temporary);
    if (ours === null) return;
    const place = placeOf(on, step.path);
    // Only with the content that it got from here: what was written into it since is somebody's.
    const { is, found } = inspect(step, on);
    if (is === 'partial' && same(found, step.after)) on.disk.unlink(place);
    on.disk.unlink(temporary);
    on.disk.syncFolder(folderOf(place));
  },
};

function inspect(step: Put, on: Ground): Inspection {
  const look = lookAt(on, step.path);
  const temporary = look.stray === undefined ? on.disk.lstat(temporaryOf(on, step.path, step.n)) : null;
  const { state, stamp } = look;
  if (same(state, step.after)) {
    const second = temporary !== null && isSecondName(step, temporary, on.disk.lstat(placeOf(on, step.path)));
    return { is: second ? 'partial' : 'after', found: state, stamp };
  }
  if (same(state, step.before)) return { is: temporary === null ? 'before' : 'partial', found: state, stamp };
  return foreign(look, 'it is neither what it was nor what it is to be');
}

/** Between getting its name and losing the temporary one. */
function isSecondName(step: Put, temporary: Stat, place: Stat | null): boolean {
  return step.before.kind === 'absent' && isOneInode(temporary, place);
}

/** link(2), unlike rename(2), fails where somebody was faster. */
function takeName(step: Put, on: Ground, temporary: Path, place: Path): void {
  try {
    // On some systems link(2) follows what it is to give a second name.
    if (step.after.kind === 'link') throw Object.assign(new Error('a link'), { code: 'EPERM' });
    on.disk.link(temporary, place);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw foreignError(step.path, lookAt(on, step.path).state, undefined, error);
    if (!NO_SECOND_NAME.has(codeOf(error))) throw error;
    on.disk.rename(temporary, place);
    return;
  }
  on.disk.unlink(temporary);
}

/** The file stays with whom it was, unless the state to be says otherwise. */
function ownerOf({ before, after }: Put): Pick<Marks, 'uid' | 'gid'> {
  const from: Marks = before.kind === 'absent' ? {} : before;
  const uid = after.uid ?? from.uid;
  const gid = after.gid ?? from.gid;
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

function makeFile(on: Ground, temporary: Path, state: FileState, owner: Attributes): File {
  const content = on.objects.open(state.sha256);
  try {
    const file = on.disk.open(temporary, 'create', 0o600);
    try {
      const { sha256 } = copyContent(content, file);
      if (sha256 !== state.sha256) {
        throw new DesprawlError(
          'DSP-VAULT-DAMAGED',
          `The content ${state.sha256.slice(0, 12)}… has other bytes than its name says.`,
        );
      }
      whereAllowed((to) => file.setAttributes(to), owner, file.stat());
      file.setAttributes({ mode: state.mode, ...timeOf(state) });
      return file;
    } catch (error) {
      file.close();
      on.disk.unlink(temporary);
      throw error;
    }
  } finally {
    content.close();
  }
}

function makeLink(disk: Disk, temporary: Path, state: LinkState, owner: Attributes): void {
  disk.symlink(bytesOf(state.target), temporary);
  const made = disk.lstat(temporary);
  if (made === null) throw new Error(`${shownPath(temporary)} is gone`);
  whereAllowed((to) => disk.setAttributes(temporary, to), owner, made);
  disk.setAttributes(temporary, timeOf(state));
}

/** Only root gives files away; others may still choose among their groups. */
export function whereAllowed(set: (to: Attributes) => void, { uid, gid }: Attributes, is: Stat): void {
  const differs = (uid !== undefined && uid !== is.uid) || (gid !== undefined && gid !== is.gid);
  if (!differs) return;
  const tries: readonly Attributes[] = [
    { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) },
    ...(gid === undefined ? [] : [{ gid }]),
  ];
  for (const to of tries) {
    try {
      set(to);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EPERM') throw error;
    }
  }
}

export function timeOf({ mtime }: Marks): Attributes {
  return mtime === undefined ? {} : { mtimeNs: BigInt(mtime) };
}
