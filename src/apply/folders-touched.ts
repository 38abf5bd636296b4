/** The folders whose entries a run will change, as they are: a rollback that takes everything back gives them their times again. */
import type { Disk } from '../disk/disk.ts';
import { bytesOf, folderOf, joinPath, keyOf, type RecordedPath, recordedPath } from '../disk/paths.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';
import type { RunHeader } from './model.ts';

/** The project's own folder is `.`. Sorted by path. `more`: folders that get another time without a step. */
export function foldersTouched(
  disk: Disk,
  root: string,
  steps: Iterable<PlannedStep>,
  more: Iterable<RecordedPath> = [],
): RunHeader['folders'] {
  const folders = new Map<string, RecordedPath>();
  const add = (path: RecordedPath): void => {
    folders.set(keyOf(path), path);
  };
  for (const step of steps) {
    for (const { path, before } of transitionsOf(step)) {
      add(above(path));
      if (before.kind === 'folder') add(path);
    }
  }
  for (const path of more) add(path);
  return [...folders]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .flatMap(([, path]) => {
      const stat = disk.lstat(path === '.' ? root : joinPath(root, path));
      return stat?.kind === 'folder' ? [{ path, mode: stat.mode, mtime: String(stat.mtimeNs) }] : [];
    });
}

function above(path: RecordedPath): RecordedPath {
  const bytes = bytesOf(path);
  return bytes.includes('/') ? recordedPath(folderOf(bytes) as Buffer) : '.';
}
