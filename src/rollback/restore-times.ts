/**
 * What a rollback does last, when all its steps are on the disk: files and links that are as before get the time that they had before,
 * then the folders, deepest first, since whatever is made in one moves its time. Done anew by every continuation.
 */
import type { Disk, File, Path } from '../disk/disk.ts';
import { folderSet } from '../disk/folder-set.ts';
import { type Marks, type PathState, same, stateOf } from '../disk/path-state.ts';
import { bytesOf, joinPath } from '../disk/paths.ts';
import { toMicroseconds } from '../disk/times.ts';
import type { RunsRead } from './read-runs.ts';

const OPEN_AT_ONCE = 256;

export async function restoreTimes(
  disk: Disk,
  root: string,
  { chains, times, folders }: Pick<RunsRead, 'chains' | 'times' | 'folders'>,
  /** Whoever goes on from a killed process: what that one set is seen, and need not be on the disk. */
  again = false,
): Promise<void> {
  const set: Path[] = [];
  const firsts = [...chains.values()].map(({ path, states }) => ({ path, state: states[0] }));
  for (const { path, state } of [...times.values(), ...firsts]) {
    if ((state.kind !== 'file' && state.kind !== 'link') || state.mtime === undefined) continue;
    const place = joinPath(root, path);
    const stat = disk.lstat(place);
    if (stat?.kind !== state.kind) continue;
    if (isOneTime({ mtime: String(stat.mtimeNs) }, state)) {
      // A link has no content to wait for; its folder is fsynced with its time.
      if (again && state.kind === 'file') set.push(place);
      continue;
    }
    // Whoever put something else there has its own time.
    if (!same(stateOf(disk, place), state)) continue;
    disk.setAttributes(place, { mtimeNs: BigInt(state.mtime) });
    if (state.kind === 'file') set.push(place);
  }
  await syncFiles(disk, set);
  const dirty = folderSet();
  const deepestFirst = [...folders.values()].sort((a, b) => depthOf(b.path) - depthOf(a.path));
  for (const { path, mtime } of deepestFirst) {
    const place = path === '.' ? root : joinPath(root, path);
    const stat = disk.lstat(place);
    if (stat?.kind !== 'folder') continue;
    if (!isOneTime({ mtime: String(stat.mtimeNs) }, { mtime })) disk.setAttributes(place, { mtimeNs: BigInt(mtime) });
    dirty.add(place);
  }
  await dirty.syncAll(disk);
}

/** Side by side, not more than a process may have open. */
async function syncFiles(disk: Disk, places: readonly Path[]): Promise<void> {
  for (let at = 0; at < places.length; at += OPEN_AT_ONCE) {
    const files: File[] = [];
    try {
      for (const place of places.slice(at, at + OPEN_AT_ONCE)) files.push(disk.open(place, 'read'));
      await disk.syncAll(files);
    } finally {
      for (const file of files) file.close();
    }
  }
}

/** To the microsecond; a state that does not tell its time has any. */
export function isOneTime(a: PathState | Marks, b: PathState | Marks): boolean {
  const [x, y] = [timeOf(a), timeOf(b)];
  return x === null || y === null || toMicroseconds(x) === toMicroseconds(y);
}

function timeOf(state: PathState | Marks): bigint | null {
  return 'mtime' in state && state.mtime !== undefined ? BigInt(state.mtime) : null;
}

function depthOf(path: Parameters<typeof bytesOf>[0]): number {
  return path === '.' ? -1 : bytesOf(path).filter((byte) => byte === 0x2f).length;
}
