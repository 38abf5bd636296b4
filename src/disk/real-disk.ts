/** The disk of this machine: each call of the port is one or two of `node:fs`. The only file of the product that changes a project. */
import * as fs from 'node:fs';
import { constants } from 'node:fs';
import type { Attributes, Disk, File, OpenHow, Path, Stat } from './disk.ts';
import { settableSeconds } from './times.ts';

const FLAGS: Readonly<Record<OpenHow, number>> = {
  read: constants.O_RDONLY,
  create: constants.O_RDWR | constants.O_CREAT | constants.O_EXCL,
  write: constants.O_RDWR,
  append: constants.O_WRONLY | constants.O_APPEND,
};
/** A link is never followed, a pipe never waited for. */
const ALWAYS = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** A process may have 1,024 files open on most systems. */
const OPEN_AT_ONCE = 256;
/** chown(2): this one stays. */
const KEEP = -1;
/** What file systems say that cannot share blocks. */
const NO_CLONE = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOTTY', 'ENOSYS', 'EXDEV', 'EINVAL']);

export const realDisk: Disk = {
  lstat: (path) => {
    try {
      return toStat(fs.lstatSync(path, { bigint: true }));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw error;
    }
  },
  readdir: (path) => fs.readdirSync(path, { encoding: 'buffer' }),
  readlink: (path) => fs.readlinkSync(path, { encoding: 'buffer' }),
  open: (path, how, mode = 0o600) => new RealFile(fs.openSync(path, FLAGS[how] | ALWAYS, mode), how === 'create'),
  link: (from, to) => fs.linkSync(from, to),
  rename: renameBeside,
  unlink: (path) => fs.unlinkSync(path),
  symlink: (target, path) => fs.symlinkSync(target, path),
  mkdir: (path, mode) => {
    fs.mkdirSync(path, mode);
  },
  rmdir: (path) => fs.rmdirSync(path),
  setAttributes: (path, to) => {
    const before = fs.lstatSync(path, { bigint: true });
    if (to.mode !== undefined && before.isSymbolicLink()) throw refused('ELOOP', 'chmod', path);
    if (to.uid !== undefined || to.gid !== undefined) {
      fs.lchownSync(path, to.uid ?? KEEP, to.gid ?? KEEP);
    }
    if (to.mode !== undefined) chmodNoFollow(path, to.mode);
    if (to.mtimeNs !== undefined) {
      fs.lutimesSync(path, settableSeconds(before.atimeNs), settableSeconds(to.mtimeNs));
    }
  },
  syncFolders: async (paths) => {
    for (let at = 0; at < paths.length; at += OPEN_AT_ONCE) {
      const open: number[] = [];
      try {
        for (const path of paths.slice(at, at + OPEN_AT_ONCE)) open.push(fs.openSync(path, FOLDER));
        await fsyncAll(open);
      } finally {
        for (const fd of open) fs.closeSync(fd);
      }
    }
  },
  syncFolder: (path) => {
    const fd = fs.openSync(path, FOLDER);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  },
  syncAll: (files) => fsyncAll(files.map((file) => (file as RealFile).fd)),
  clone: (from, to) => {
    // copyfile(3) opens what it copies, through links and waiting for pipes.
    if (!fs.lstatSync(from).isFile()) throw refused('EINVAL', 'clone', from);
    try {
      fs.copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
      return true;
    } catch (error) {
      if (NO_CLONE.has((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  },
  free: (path) => {
    const { bavail, bsize } = fs.statfsSync(path, { bigint: true });
    return bavail * bsize;
  },
};

/**
 * What a name is taken from is given back to the disk by whoever lets go of it last: here another thread, while this one goes on. A
 * thousand renames onto files took a third of the time of a run, and take a tenth of that so.
 */
function renameBeside(from: Path, to: Path): void {
  let replaced: number | null = null;
  try {
    replaced = fs.openSync(to, constants.O_RDONLY | ALWAYS);
  } catch {
    // Nothing is there, or nothing that may be opened: it costs the time that it costs.
  }
  try {
    fs.renameSync(from, to);
  } finally {
    if (replaced !== null) fs.close(replaced, () => {});
  }
}

/** Side by side. Fails with the first failure, when none of them runs any more. */
function fsyncAll(fds: readonly number[]): Promise<void> {
  if (fds.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let left = fds.length;
    let failure: Error | null = null;
    const settled = (error: Error | null): void => {
      failure ??= error;
      if (--left > 0) return;
      if (failure === null) resolve();
      else reject(failure);
    };
    for (const fd of fds) fs.fsync(fd, settled);
  });
}

class RealFile implements File {
  readonly fd: number;
  readonly #isNew: boolean;

  constructor(fd: number, isNew: boolean) {
    this.fd = fd;
    this.#isNew = isNew;
  }

  stat(): Stat {
    return toStat(fs.fstatSync(this.fd, { bigint: true }));
  }

  read(into: Uint8Array, position: number): number {
    return fs.readSync(this.fd, into, 0, into.length, position);
  }

  write(bytes: Uint8Array, position: number | null): number {
    return fs.writeSync(this.fd, bytes, 0, bytes.length, position);
  }

  truncate(length: number): void {
    fs.ftruncateSync(this.fd, length);
  }

  setAttributes(to: Attributes): void {
    // First: what follows may count as access. One that was just made was last read now.
    const atime =
      to.mtimeNs === undefined || this.#isNew
        ? new Date()
        : settableSeconds(fs.fstatSync(this.fd, { bigint: true }).atimeNs);
    if (to.uid !== undefined || to.gid !== undefined) {
      fs.fchownSync(this.fd, to.uid ?? KEEP, to.gid ?? KEEP);
    }
    if (to.mode !== undefined) fs.fchmodSync(this.fd, to.mode);
    if (to.mtimeNs !== undefined) {
      fs.futimesSync(this.fd, atime, settableSeconds(to.mtimeNs));
    }
  }

  sync(): void {
    fs.fsyncSync(this.fd);
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

/** chmod(2) follows links: through an open file it cannot. What may not be read is ours all the same, and is looked at first. */
function chmodNoFollow(path: Path, mode: number): void {
  let fd: number;
  try {
    fd = fs.openSync(path, constants.O_RDONLY | ALWAYS);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    fs.chmodSync(path, mode);
    return;
  }
  try {
    fs.fchmodSync(fd, mode);
  } finally {
    fs.closeSync(fd);
  }
}

function toStat(stat: fs.BigIntStats): Stat {
  const kind = stat.isFile()
    ? 'file'
    : stat.isDirectory()
      ? 'folder'
      : stat.isSymbolicLink()
        ? 'link'
        : ('special' as const);
  return {
    kind,
    size: Number(stat.size),
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    nlink: Number(stat.nlink),
    dev: stat.dev,
    ino: stat.ino,
    mtimeNs: stat.mtimeNs,
    ctimeNs: stat.ctimeNs,
  };
}

function refused(code: string, syscall: string, path: Path): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${syscall} '${path.toString()}'`), { code, syscall, path: path.toString() });
}
