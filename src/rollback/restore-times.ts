/**
 * What a rollback does last, when all its steps are on the disk: files and links that are as before get the time that they had before,
 * then the folders, deepest first, since whatever is made in one moves its time. Done anew by every continuation.
 */
import type { Disk, Path } from '../disk/disk.ts';
import { same, stateOf } from '../disk/path-state.ts';
import { bytesOf, joinPath } from '../disk/paths.ts';
import { toMicroseconds } from '../disk/times.ts';
import type { RunsRead } from './read-runs.ts';

export function restoreTimes(
  disk: Disk,
  root: string,
  { chains, folders }: Pick<RunsRead, 'chains' | 'folders'>,
): void {
  for (const { path, states } of chains.values()) {
    const [first] = states;
    if ((first.kind !== 'file' && first.kind !== 'link') || first.mtime === undefined) continue;
    const place = joinPath(root, path);
    const stat = disk.lstat(place);
    if (stat?.kind !== first.kind || isSame(stat.mtimeNs, first.mtime)) continue;
    // Whoever put something else there has its own time.
    if (same(stateOf(disk, place), first)) setTime(disk, place, first.mtime);
  }
  const deepestFirst = [...folders.values()].sort((a, b) => depthOf(b.path) - depthOf(a.path));
  for (const { path, mtime } of deepestFirst) {
    const place = path === '.' ? root : joinPath(root, path);
    const stat = disk.lstat(place);
    if (stat?.kind !== 'folder') continue;
    if (!isSame(stat.mtimeNs, mtime)) disk.setAttributes(place, { mtimeNs: BigInt(mtime) });
    disk.syncFolder(place);
  }
}

function setTime(disk: Disk, place: Path, mtime: string): void {
  disk.setAttributes(place, { mtimeNs: BigInt(mtime) });
  // A link has no content to wait for; its folder is fsynced with its time.
  if (disk.lstat(place)?.kind !== 'file') return;
  const file = disk.open(place, 'read');
  try {
    file.sync();
  } finally {
    file.close();
  }
}

function isSame(is: bigint, want: string): boolean {
  return toMicroseconds(is) === toMicroseconds(BigInt(want));
}

function depthOf(path: Parameters<typeof bytesOf>[0]): number {
  return path === '.' ? -1 : bytesOf(path).filter((byte) => byte === 0x2f).length;
}
