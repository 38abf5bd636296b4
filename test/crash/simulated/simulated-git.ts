/**
 * Stands in for git on a disk that git cannot see: an index is a JSON file of its entries, a new one is made beside it, neither fsynced
 * nor named. What a step does with it is the step's own code.
 */
import type { Disk } from '../../../src/disk/disk.ts';
import { keyOf } from '../../../src/disk/paths.ts';
import { readWhole } from '../../../src/disk/read-file.ts';
import { writeAll } from '../../../src/disk/write-file.ts';
import { dropIndex, indexPath } from '../../../src/steps/git-index-file.ts';
import type { GitIndex } from '../../../src/steps/primitive.ts';
import type { IndexEntry } from '../../../src/steps/step.ts';

type Entries = Readonly<Record<string, IndexEntry>>;

export function indexBytes(entries: Entries): Buffer {
  return Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))));
}

export function simulatedGit(disk: Disk): GitIndex {
  const read = (path: Parameters<typeof readWhole>[1]): Entries => JSON.parse(String(readWhole(disk, path))) as Entries;
  return {
    entriesOf: (index, paths) => {
      const entries = read(indexPath(index));
      return paths.map((path) => entries[keyOf(path)] ?? null);
    },
    write: (index, copy, changes) => {
      dropIndex(disk, copy);
      const entries: Record<string, IndexEntry> = { ...read(indexPath(index)) };
      for (const { path, after } of changes) {
        if (after === null) delete entries[keyOf(path)];
        else entries[keyOf(path)] = after;
      }
      const file = disk.open(copy, 'create');
      writeAll(file, indexBytes(entries), 0);
      file.close();
      const now = disk.lstat(indexPath(index));
      if (now !== null) disk.setAttributes(copy, { mode: now.mode, mtimeNs: now.mtimeNs });
    },
  };
}
