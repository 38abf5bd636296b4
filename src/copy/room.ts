/** Whether a copy fits: blocks are shared where the file system can, else what is too large is left where it is. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { count, size } from '../audit/wording.ts';
import type { Disk } from '../disk/disk.ts';
import { joinPath, keyOf, type RecordedPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type Entry, reasonOf } from './everything.ts';

/** Vendored folders beyond this are linked where blocks cannot be shared. */
const LINKED_FROM_BYTES = 1024 ** 3;
/** Left free for what happens in the copy. */
const HEADROOM_BYTES = 64 * 1024 * 1024;
/** Larger files are asked how much of them is stored: they may have holes. */
const SPARSE_FROM_BYTES = 16 * 1024 * 1024;

/** Tried with the first file that has something in it: one file system, one answer. */
export function canClone(disk: Disk, root: string, to: string, entries: readonly Entry[]): boolean {
  const tried = entries.find(({ stat }) => stat.kind === 'file' && stat.size > 0);
  if (tried === undefined) return true;
  const trial = join(to, '.clone');
  try {
    if (!disk.clone(joinPath(root, tried.path), trial)) return false;
    disk.unlink(trial);
    return true;
  } catch (error) {
    reasonOf(error);
    return false;
  }
}

/** The topmost of the folders that are not copied. */
export function tooLarge(entries: readonly Entry[], from: number = LINKED_FROM_BYTES): readonly string[] {
  const others = entries.filter(({ vendored }) => vendored !== undefined);
  const bytes = others.reduce((sum, { stat }) => sum + (stat.kind === 'file' ? stat.size : 0), 0);
  if (bytes <= from) return [];
  const folders = others.flatMap(({ path, stat }) =>
    stat.kind === 'folder' && typeof path === 'string' ? [path] : [],
  );
  const all = new Set(folders);
  return folders.filter((path) => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (all.has(path.slice(0, at))) return false;
    }
    return true;
  });
}

export function isBelow(path: RecordedPath, folders: readonly string[]): boolean {
  const key = keyOf(path);
  return folders.some((folder) => key.startsWith(`${keyOf(folder)}/`));
}

/** Throws `DSP-NO-SPACE`. */
export function assertRoom(disk: Disk, root: string, to: string, entries: readonly Entry[]): void {
  const needed =
    entries.reduce((sum, { path, stat }) => sum + (stat.kind === 'file' ? storedBytes(root, path, stat.size) : 0), 0) +
    HEADROOM_BYTES;
  const free = Number(disk.free(to));
  if (free >= needed) return;
  throw new DesprawlError(
    'DSP-NO-SPACE',
    `A copy of ${root} (${count(entries.length, 'entry', 'entries')}) needs ${size(needed)} in ${to}, where ${size(free)} are free.`,
    { hint: 'Free space there, or move the state with `state:` in `desprawl.yaml`. Nothing was begun.' },
  );
}

function storedBytes(root: string, path: RecordedPath, length: number): number {
  if (length < SPARSE_FROM_BYTES) return length;
  const stat = statSync(joinPath(root, path), { throwIfNoEntry: false });
  return stat === undefined ? length : Math.min(length, stat.blocks * 512);
}
