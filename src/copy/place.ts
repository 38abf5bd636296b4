/** Where the copy of a project lies in its folder, and what of the repository around it comes along. */
import { basename, dirname, join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { writeAll } from '../disk/write-file.ts';
import { copyBytes } from './copy-file.ts';
import { copyGit } from './copy-git.ts';

export interface Place {
  readonly root: string;
  /** Top of the repository that the project is a folder of. */
  readonly repository: string | null;
}

/** The copy of a folder of a repository lies as deep in the copy's repository: rules of folders above it hold for it as well. */
export function placeOf(disk: Disk, root: string, to: string): Place {
  if (disk.lstat(join(root, '.git')) !== null) return { root: join(to, basename(root)), repository: null };
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    if (disk.lstat(join(folder, '.git')) !== null) {
      return { root: join(to, basename(folder) || 'root', root.slice(folder.length)), repository: folder };
    }
    if (folder === dirname(folder)) return { root: join(to, basename(root) || 'root'), repository: null };
  }
}

/** The copy of what is in no repository is in none, also where its folder lies in one: git looks no further than a `.git`. */
export function endSearch(disk: Disk, to: string): void {
  const file = disk.open(join(to, '.git'), 'create', 0o600);
  try {
    writeAll(file, Buffer.from('gitdir: nowhere\n'), 0);
  } finally {
    file.close();
  }
}

export function makeFolders(disk: Disk, from: string, to: string): void {
  if (to === from) return;
  makeFolders(disk, from, dirname(to));
  disk.mkdir(to, 0o700);
}

/** Returns why there is no repository, where there is none. */
export function copyOuterRepository(disk: Disk, repository: string, root: string, to: string): string | null {
  const top = join(to, basename(repository) || 'root');
  const why = copyGit(disk, join(repository, '.git'), join(top, '.git'));
  for (let folder = dirname(root); ; folder = dirname(folder)) {
    const target = join(top, folder.slice(repository.length));
    for (const name of ['.gitignore', '.gitattributes']) {
      const stat = disk.lstat(join(folder, name));
      if (stat?.kind !== 'file') continue;
      // Git follows no link here.
      copyBytes(disk, join(folder, name), join(target, name));
    }
    if (folder === repository) return why;
  }
}
