/**
 * Puts files of a backup into a new folder, as they were: bytes, modes, times, links, owners where this user may. Beside the place
 * first, and moved there when all of it is on the disk: a folder that is there is whole. Into the project itself a backup goes by a
 * run, which can be rolled back.
 */
import { randomBytes } from 'node:crypto';
import type { Attributes, Disk, Path, Stat } from '../disk/disk.ts';
import { folderSet } from '../disk/folder-set.ts';
import type { Marks } from '../disk/path-state.ts';
import { bytesOf, folderOf, joinPath, keyOf, type RecordedPath, recordedPath, shownPath } from '../disk/paths.ts';
import { copyContent } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import type { Manifest, ManifestFile } from './model.ts';
import type { StoredObjects } from './objects.ts';
import { makeWritable, removeBelow } from './vault-folder.ts';

export interface RestoreGround {
  readonly disk: Disk;
  readonly objects: StoredObjects;
  readonly signal?: AbortSignal | undefined;
}

export interface Restored {
  readonly files: number;
  readonly bytes: number;
  /** Files whose owner is another than before: this user may not give files away. */
  readonly otherOwner: readonly RecordedPath[];
}

const SLASH = 0x2f;

/**
 * The files below `paths` (none: all). A store comes with its sidecars, whichever of them is named. Throws `DSP-BACKUP-UNKNOWN` where
 * the backup does not hold one.
 */
export function filesToRestore(manifest: Manifest, paths: readonly RecordedPath[]): readonly ManifestFile[] {
  if (paths.length === 0) return manifest.files;
  const chosen = new Map<string, ManifestFile>();
  for (const path of paths) {
    const key = keyOf(path).replace(/\/+$/, '');
    const found = manifest.files.filter((file) => keyOf(file.path) === key || keyOf(file.path).startsWith(`${key}/`));
    if (found.length === 0) {
      throw new DesprawlError('DSP-BACKUP-UNKNOWN', `Backup ${manifest.id} does not hold ${shownPath(path)}.`);
    }
    const stores = new Set(found.flatMap(({ store }) => (store === undefined ? [] : [keyOf(store)])));
    for (const file of manifest.files) {
      if (found.includes(file) || (file.store !== undefined && stores.has(keyOf(file.store)))) {
        chosen.set(keyOf(file.path), file);
      }
    }
  }
  return [...chosen.values()];
}

/** `to`: not there, or an empty folder; its parent is there. Throws `DSP-FILE-EXISTS`, `DSP-VAULT-DAMAGED`; then nothing is there. */
export function restoreTo(
  ground: RestoreGround,
  manifest: Manifest,
  files: readonly ManifestFile[],
  to: Path,
): Restored {
  const { disk } = ground;
  const stat = disk.lstat(to);
  if (stat !== null && (stat.kind !== 'folder' || disk.readdir(to).length > 0)) {
    throw new DesprawlError('DSP-FILE-EXISTS', `${shownPath(to)} is there already and is no empty folder.`, {
      hint: 'Name a folder that is not there: a backup is put beside what you have, never over it.',
    });
  }
  const parent = folderOf(to);
  const part = joinPath(parent, `.desprawl-restore-${randomBytes(6).toString('hex')}`);
  disk.mkdir(part, 0o700);
  try {
    const restored = fill(ground, manifest, files, part);
    if (stat !== null) disk.setAttributes(part, { mode: stat.mode });
    disk.syncFolder(part);
    // Replaces an empty folder, and fails where something came into it.
    disk.rename(part, to);
    disk.syncFolder(parent);
    return restored;
  } catch (error) {
    makeWritable(disk, part);
    removeBelow(disk, part);
    disk.rmdir(part);
    throw error;
  }
}

function fill(ground: RestoreGround, manifest: Manifest, files: readonly ManifestFile[], root: Path): Restored {
  const { disk } = ground;
  const dirty = folderSet();
  const made = new Set<string>();
  const otherOwner: RecordedPath[] = [];
  let bytes = 0;
  for (const file of files) {
    ground.signal?.throwIfAborted();
    const path = restoredPath(root, file.path);
    makeFolders(disk, root, path, made);
    dirty.add(folderOf(path));
    if (!putOne(ground, file, path)) otherOwner.push(file.path);
    if (file.kind === 'file') bytes += file.bytes;
  }
  dirty.sync(disk);
  // Deepest first: what is made in a folder moves its time.
  const deepestFirst = [...manifest.folders].sort((a, b) => keyOf(b.path).length - keyOf(a.path).length);
  for (const folder of deepestFirst) {
    const path = restoredPath(root, folder.path);
    if (!made.has(keyOf(Buffer.from(path)))) continue;
    const isOwned = setMarks((to) => disk.setAttributes(path, to), disk.lstat(path), folder, folder.mode);
    if (!isOwned) otherOwner.push(folder.path);
    disk.syncFolder(path);
  }
  return { files: files.length, bytes, otherOwner };
}

/** `false`: with another owner. */
function putOne({ disk, objects }: RestoreGround, file: ManifestFile, path: Path): boolean {
  if (file.kind === 'link') {
    disk.symlink(bytesOf(file.target), path);
    return setMarks((to) => disk.setAttributes(path, to), disk.lstat(path), file);
  }
  const from = objects.open(file.sha256);
  try {
    const to = disk.open(path, 'create');
    try {
      if (copyContent(from, to).sha256 !== file.sha256) {
        throw new DesprawlError(
          'DSP-VAULT-DAMAGED',
          `The content of ${shownPath(file.path)} in the vault has other bytes than its name says. Nothing was restored.`,
          { hint: '`desprawl backup verify` lists what is good; name only such paths, or another backup.' },
        );
      }
      const isOwned = setMarks((marks) => to.setAttributes(marks), to.stat(), file, file.mode);
      to.sync();
      return isOwned;
    } finally {
      to.close();
    }
  } finally {
    from.close();
  }
}

/** Owner where this user may, mode, time. */
function setMarks(set: (to: Attributes) => void, stat: Stat | null, marks: Marks, mode?: number): boolean {
  const { uid, gid, mtime } = marks;
  let isOwned = true;
  if (uid !== undefined && gid !== undefined && (stat?.uid !== uid || stat.gid !== gid)) {
    try {
      set({ uid, gid });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
      isOwned = false;
    }
  }
  set({ ...(mode === undefined ? {} : { mode }), ...(mtime === undefined ? {} : { mtimeNs: BigInt(mtime) }) });
  return isOwned;
}

function makeFolders(disk: Disk, root: Path, path: Path, made: Set<string>): void {
  const folder = folderOf(path);
  const key = keyOf(Buffer.from(folder));
  if (made.has(key) || key === keyOf(Buffer.from(root))) return;
  makeFolders(disk, root, folder, made);
  disk.mkdir(folder, 0o700);
  made.add(key);
}

/** What lay outside the project lies below the folder by its whole path. A path that leads out of the folder was never written by us. */
export function restoredPath(root: Path, path: RecordedPath): Path {
  const bytes = bytesOf(path);
  const inside = bytes[0] === SLASH ? bytes.subarray(1) : bytes;
  if (
    inside
      .toString('latin1')
      .split('/')
      .some((name) => name === '' || name === '.' || name === '..')
  ) {
    throw new DesprawlError('DSP-VAULT-DAMAGED', `A backup holds the path ${JSON.stringify(shownPath(path))}.`);
  }
  return joinPath(root, recordedPath(inside));
}
