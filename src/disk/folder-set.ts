/** Folders whose entries changed, each once: what a batch fsyncs when all its steps are done. */
import type { Disk, Path } from './disk.ts';
import { keyOf } from './paths.ts';

export interface FolderSet {
  add(folder: Path): void;
  /** Fsyncs each. One that is gone by now is an entry of another that is here too. */
  sync(disk: Disk): void;
  /** The same side by side. */
  syncAll(disk: Disk): Promise<void>;
}

const GONE = new Set(['ENOENT', 'ENOTDIR']);

export function folderSet(): FolderSet {
  const folders = new Map<string, Path>();
  const set: FolderSet = {
    add: (folder) => folders.set(keyOf(folder), folder),
    sync: (disk) => {
      for (const folder of folders.values()) {
        try {
          disk.syncFolder(folder);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (!GONE.has(code ?? '')) throw error;
        }
      }
    },
    syncAll: async (disk) => {
      try {
        await disk.syncFolders([...folders.values()]);
      } catch (error) {
        // Said when a folder is opened, so nothing that failed to be fsynced is tried again here.
        if (!GONE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
        set.sync(disk);
      }
    },
  };
  return set;
}
