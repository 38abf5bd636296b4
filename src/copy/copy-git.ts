/**
 * Gives a copy a repository of its own. What is never changed once it is written, the objects, is shared (a commit in the copy moves the time of one that it finds there, no more); the index, branches and
 * state are copied; remotes, hooks and whatever a configuration may run stay behind, so that nothing in the copy can push, fetch or
 * start a program. `.git` may be a file that leads elsewhere (worktrees, submodules): the copy gets a folder (trap S21).
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { joinPath, type RecordedPath, recordedPath } from '../disk/paths.ts';
import { writeAll } from '../disk/write-file.ts';
import { copyBytes, takeAttributes } from './copy-file.ts';

/** Of the folder of a repository: shared, of other work trees, of programs that run, or of no use in a copy. */
const LEFT = new Set(['objects', 'hooks', 'config', 'config.worktree', 'worktrees', 'modules', 'lfs', 'logs']);
const LEFT_FILES = /\.lock$|\.ipc$|^(?:FETCH_HEAD|commondir|gitdir)$/;
/** What of a shared folder a work tree sees too. */
const SHARED = ['packed-refs', 'refs', 'info', 'shallow'];
/** Settings that say how contents and names are compared; none of them runs anything. */
const KEPT =
  /^(?:core\.(?:repositoryformatversion|filemode|symlinks|ignorecase|precomposeunicode|autocrlf|eol|safecrlf|quotepath|sparsecheckout|sparsecheckoutcone|splitindex|checkstat|trustctime|excludesfile|attributesfile|logallrefupdates)|extensions\.(?:objectformat|refstorage|compatobjectformat)|index\.\w+|user\.(?:name|email)|i18n\.\w+)$/;

/** `from`: the path of `.git`; `to`: where the copy's is to be. Returns why there is none, where there is none. */
export function copyGit(disk: Disk, from: string, to: string): string | null {
  const folders = gitFolders(disk, from);
  if (folders === null) return 'the repository that it names is not there';
  const { own, shared } = folders;
  const settings = settingsOf([join(shared, 'config'), ...(own === shared ? [] : [join(own, 'config.worktree')])]);
  if (settings === null) return 'git could not read its configuration';
  if (own !== shared && settings.get('extensions.refstorage') === 'reftable') {
    return 'it is a work tree of a repository whose branches lie in a reftable';
  }
  disk.mkdir(to, 0o700);
  copyFolder(disk, own, to, (name) => !LEFT.has(name) && !LEFT_FILES.test(name));
  if (own !== shared) copyFolder(disk, shared, to, (name) => SHARED.includes(name));
  if (disk.lstat(join(to, 'refs')) === null) disk.mkdir(join(to, 'refs'), 0o700);
  disk.mkdir(join(to, 'objects'), 0o700);
  disk.mkdir(join(to, 'objects', 'info'), 0o700);
  disk.mkdir(join(to, 'objects', 'pack'), 0o700);
  writeText(disk, join(to, 'objects', 'info', 'alternates'), `${realpathSync(join(shared, 'objects'))}\n`);
  writeText(disk, join(to, 'config'), configText(settings));
  return null;
}

/** The folder of a work tree's own state, and the one that it shares with other work trees of its repository. */
function gitFolders(disk: Disk, git: string): { readonly own: string; readonly shared: string } | null {
  let own = git;
  if (disk.lstat(git)?.kind === 'file') {
    const named = /^gitdir: (.+)$/m.exec(readText(disk, git))?.[1];
    if (named === undefined) return null;
    own = resolve(dirname(git), named);
  }
  const common = disk.lstat(join(own, 'commondir'))?.kind === 'file' ? readText(disk, join(own, 'commondir')) : '.';
  const shared = resolve(own, common.trim());
  return disk.lstat(join(own, 'HEAD')) === null || disk.lstat(join(shared, 'objects')) === null
    ? null
    : { own, shared };
}

/** What is there in both: the first one's. */
function copyFolder(disk: Disk, from: string, to: string, take: (name: string) => boolean): void {
  const visit = (name: RecordedPath, source: string | Buffer, target: string | Buffer): void => {
    const stat = disk.lstat(source);
    const there = disk.lstat(target);
    if (stat?.kind === 'folder') {
      if (there === null) disk.mkdir(target, 0o700);
      for (const one of disk.readdir(source)) visit(recordedPath(one), joinPath(source, one), joinPath(target, one));
    } else if (stat?.kind === 'file' && there === null && !(typeof name === 'string' && LEFT_FILES.test(name))) {
      copyBytes(disk, source, target);
      takeAttributes(disk, target, stat);
      // Objects of git and its packs are read-only; what a copy's owner cannot change he cannot remove everywhere.
      if ((stat.mode & 0o200) === 0) disk.setAttributes(target, { mode: stat.mode | 0o200 });
    } else if (stat?.kind === 'link' && there === null) {
      disk.symlink(disk.readlink(source), target);
    }
  };
  for (const one of disk.readdir(from)) {
    const name = recordedPath(one);
    if (typeof name === 'string' && take(name)) visit(name, joinPath(from, one), joinPath(to, one));
  }
}

/** Read by git itself, without what a configuration includes. Later files win. `null` where git cannot. */
function settingsOf(files: readonly string[]): ReadonlyMap<string, string> | null {
  const settings = new Map<string, string>();
  for (const file of files) {
    const args = ['config', '--file', file, '--no-includes', '-z', '--list'];
    const { status, stdout } = spawnSync('git', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    // A work tree need not have a configuration of its own.
    if (status !== 0 && file === files[0]) return null;
    for (const entry of status === 0 ? stdout.split('\0') : []) {
      const [key = '', value = 'true'] = splitOnce(entry, '\n');
      if (KEPT.test(key)) settings.set(key, value);
    }
  }
  return settings;
}

function splitOnce(text: string, by: string): readonly string[] {
  const at = text.indexOf(by);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + by.length)];
}

function configText(settings: ReadonlyMap<string, string>): string {
  const lines = [...settings].map(([key, value]) => {
    const [section = '', name = ''] = splitOnce(key, '.');
    return `[${section}]\n\t${name} = "${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"\n`;
  });
  return `${lines.join('')}[core]\n\tbare = false\n`;
}

function readText(disk: Disk, path: string): string {
  const file = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(file.stat().size);
    return bytes.subarray(0, file.read(bytes, 0)).toString('utf8');
  } finally {
    file.close();
  }
}

function writeText(disk: Disk, path: string, text: string): void {
  const file = disk.open(path, 'create', 0o600);
  try {
    writeAll(file, Buffer.from(text), 0);
  } finally {
    file.close();
  }
}
