/** Folders whose entries changed, each once: what a batch fsyncs when all its steps are done. */
import type { Disk, Path } from './disk.ts';
import { keyOf } from './paths.ts';

export interface FolderSet {
  add(folder: Path): void;
  /** Fsyncs each. One that is gone by now is an entry of another that is here too. */
  sync(disk: Disk): void;
}

export function folderSet(): FolderSet {
  const folders = new Map<string, Path>();
  return {
    add: (folder) => folders.set(keyOf(folder), folder),
    sync: (disk) => {
      for (const folder of folders.values()) {
        try {
          disk.syncFolder(folder);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
        }
      }
    },
  };
}
