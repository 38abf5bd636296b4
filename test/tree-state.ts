/**
 * What a project is to whoever works in it: one line per path with kind, mode, owner, time to the microsecond and content, and what
 * git says. Two equal lists mean that a change was taken back. Inodes and change times are left out, which nobody can put back;
 * who looks whether nothing was touched at all uses `tree-hash.ts`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Disk, Path } from '../src/disk/disk.ts';
import { hashFile } from '../src/disk/hash-file.ts';
import { joinPath } from '../src/disk/paths.ts';
import { realDisk } from '../src/disk/real-disk.ts';
import { toMicroseconds } from '../src/disk/times.ts';

export interface TreeStateOptions {
  /** Names at the top that are left out; `.git` is told by its own answers and not by its files. */
  readonly without?: readonly string[];
  readonly disk?: Disk;
}

export function treeState(root: string, options: TreeStateOptions = {}): readonly string[] {
  const { disk = realDisk, without = ['.git'] } = options;
  const lines: string[] = [];
  const visit = (path: Path, name: string): void => {
    const stat = disk.lstat(path);
    if (stat === null) return;
    const { kind, mode, uid, gid, mtimeNs } = stat;
    const what = [kind, mode.toString(8), `${uid}:${gid}`, `${toMicroseconds(mtimeNs)}`, contentOf(disk, path, kind)];
    lines.push(`${JSON.stringify(name)} ${what.join(' ')}`);
    if (kind !== 'folder') return;
    for (const entry of [...disk.readdir(path)].sort(Buffer.compare)) {
      const below = `${name}/${entry.toString('latin1')}`;
      if (!without.some((left) => below === `./${left}`)) visit(joinPath(path, entry), below);
    }
  };
  visit(root, '.');
  return [...lines, ...gitState(root)];
}

function contentOf(disk: Disk, path: Path, kind: string): string {
  if (kind === 'link') return `-> ${disk.readlink(path).toString('latin1')}`;
  if (kind !== 'file') return '-';
  const file = disk.open(path, 'read');
  try {
    return hashFile(file).sha256;
  } finally {
    file.close();
  }
}

/** Commit, index entries with their flags, and status; nothing where the folder is no work tree. */
function gitState(root: string): readonly string[] {
  if (!existsSync(join(root, '.git'))) return [];
  const git = (...args: string[]): string => {
    const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
    const { stdout, stderr, status } = spawnSync('git', ['-C', root, ...args], { env, encoding: 'latin1' });
    // Before the first commit there is no HEAD, which is an answer too.
    return status === 0 ? stdout : `${status} ${stderr}`;
  };
  return [
    `git HEAD ${git('rev-parse', '--verify', '-q', 'HEAD').trim()}`,
    `git index ${git('ls-files', '-z', '--stage')}`,
    `git flags ${git('ls-files', '-z', '-v', '-f')}`,
    `git status ${git('status', '--porcelain=v2', '-z', '--ignored', '--untracked-files=all')}`,
  ];
}
