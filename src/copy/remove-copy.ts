/** Removes a copy with everything in it. For folders that desprawl made for itself: nothing of it is in the vault. */
import type { Disk, Path } from '../disk/disk.ts';
import { joinPath } from '../disk/paths.ts';

/** Follows no link. What is not there any more is fine. */
export function removeCopy(disk: Disk, path: Path): void {
  const stat = disk.lstat(path);
  if (stat === null) return;
  if (stat.kind !== 'folder') {
    disk.unlink(path);
    return;
  }
  // A folder of the project may be closed to its own owner, and so is its copy.
  if ((stat.mode & 0o700) !== 0o700) disk.setAttributes(path, { mode: 0o700 });
  for (const name of disk.readdir(path)) removeCopy(disk, joinPath(path, name));
  disk.rmdir(path);
}
