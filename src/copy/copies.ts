/**
 * The folder in which one process keeps its copies of a project: in the state, 0700, removed when it is closed. What a killed process
 * left behind is removed by the next one that opens the folder.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { removeCopy } from './remove-copy.ts';

export interface Copies {
  /** A path that is not there, in a folder that is. */
  fresh(name: string): string;
  close(): void;
}

/** `folder` is made if it is not there; its parent is there. */
export function openCopies(disk: Disk, folder: string, pid: number = process.pid): Copies {
  if (disk.lstat(folder) === null) disk.mkdir(folder, 0o700);
  else sweepCopies(disk, folder, pid);
  const own = join(folder, `${pid}-${randomBytes(4).toString('hex')}`);
  disk.mkdir(own, 0o700);
  let given = 0;
  return {
    fresh: (name) => join(own, `${++given}-${name}`),
    close: () => removeCopy(disk, own),
  };
}

/** Removes what killed processes left. */
export function sweepCopies(disk: Disk, folder: string, pid: number): void {
  if (disk.lstat(folder) === null) return;
  for (const name of disk.readdir(folder).map(String)) {
    const owner = Number(/^(\d+)-/.exec(name)?.[1] ?? 0);
    // Another container's process of that number keeps a folder a little longer, no more.
    if (owner > 0 && owner !== pid && !isAlive(owner)) removeCopy(disk, join(folder, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
