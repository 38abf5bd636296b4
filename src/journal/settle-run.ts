/**
 * What an ended process wrote of a run is seen, and need not be on the disk: it may have been killed before its fsync returned. Whoever
 * goes on from it, or takes it back, stands on it and fsyncs it first. Otherwise a power cut could take the run away and leave its steps.
 */
import type { Disk } from '../disk/disk.ts';
import { folderOf, joinPath } from '../disk/paths.ts';
import type { Run } from './run-folder.ts';

export function settleRun(disk: Disk, { folder }: Pick<Run, 'folder'>): void {
  for (const name of disk.readdir(folder)) {
    // Opened to be written: some systems fsync nothing else.
    const file = disk.open(joinPath(folder, name), 'write');
    try {
      file.sync();
    } finally {
      file.close();
    }
  }
  disk.syncFolder(folder);
  disk.syncFolder(folderOf(folder));
}
