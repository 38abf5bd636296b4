/**
 * A disk that asks before each call that changes something. What kills, fails, cuts the power or counts is one function of a call, and
 * no disk of its own.
 */
import type { Disk, File, Path } from '../../src/disk/disk.ts';

export type CallName =
  | 'create'
  | 'write'
  | 'truncate'
  | 'fsetattr'
  | 'fsync'
  | 'link'
  | 'rename'
  | 'unlink'
  | 'symlink'
  | 'mkdir'
  | 'rmdir'
  | 'setattr'
  | 'fsync folder'
  | 'fsync all'
  | 'clone';

export interface Call<R> {
  readonly name: CallName;
  readonly path: Path;
  go(): R;
  /** A part of it, where it has parts; returns what a call that did only that part returns. */
  half?(): R;
  /** Of an fsync: the files, as the disk below made them. */
  readonly files?: readonly File[];
}

export interface Watch {
  change<R>(call: Call<R>): R;
  /** Before each call that only looks. */
  look?(): void;
}

export function watched(disk: Disk, watch: Watch): Disk {
  const look = <R>(go: () => R): R => {
    watch.look?.();
    return go();
  };
  const simple = (name: CallName, path: Path, go: () => void): void => watch.change({ name, path, go });
  return {
    lstat: (path) => look(() => disk.lstat(path)),
    readdir: (path) => look(() => disk.readdir(path)),
    readlink: (path) => look(() => disk.readlink(path)),
    free: (path) => look(() => disk.free(path)),
    open: (path, how, mode) => {
      const go = (): File => disk.open(path, how, mode);
      return new WatchedFile(how === 'create' ? watch.change({ name: 'create', path, go }) : look(go), path, watch);
    },
    link: (from, to) => simple('link', to, () => disk.link(from, to)),
    rename: (from, to) => simple('rename', to, () => disk.rename(from, to)),
    unlink: (path) => simple('unlink', path, () => disk.unlink(path)),
    symlink: (target, path) => simple('symlink', path, () => disk.symlink(target, path)),
    mkdir: (path, mode) => simple('mkdir', path, () => disk.mkdir(path, mode)),
    rmdir: (path) => simple('rmdir', path, () => disk.rmdir(path)),
    setAttributes: (path, to) => simple('setattr', path, () => disk.setAttributes(path, to)),
    syncFolder: (path) => simple('fsync folder', path, () => disk.syncFolder(path)),
    syncFolders: async (paths) => {
      for (const path of paths) simple('fsync folder', path, () => disk.syncFolder(path));
    },
    clone: (from, to) => watch.change({ name: 'clone', path: to, go: () => disk.clone(from, to) }),
    syncAll: async (files) => {
      const below = files.map((file) => (file as WatchedFile).file);
      const [first] = files;
      if (first === undefined) return disk.syncAll(below);
      await watch.change({
        name: 'fsync all',
        path: (first as WatchedFile).path,
        go: () => disk.syncAll(below),
        half: () => disk.syncAll(below.slice(0, Math.floor(below.length / 2))),
        files: below,
      });
    },
  };
}

class WatchedFile implements File {
  readonly file: File;
  readonly path: Path;
  readonly watch: Watch;

  constructor(file: File, path: Path, watch: Watch) {
    this.file = file;
    this.path = path;
    this.watch = watch;
  }

  stat(): ReturnType<File['stat']> {
    this.watch.look?.();
    return this.file.stat();
  }

  read(into: Uint8Array, position: number): number {
    this.watch.look?.();
    return this.file.read(into, position);
  }

  write(bytes: Uint8Array, position: number | null): number {
    const go = (): number => this.file.write(bytes, position);
    if (bytes.length < 2) return this.watch.change({ name: 'write', path: this.path, go });
    const half = (): number => this.file.write(bytes.subarray(0, bytes.length >> 1), position);
    return this.watch.change({ name: 'write', path: this.path, go, half });
  }

  truncate(length: number): void {
    this.watch.change({ name: 'truncate', path: this.path, go: () => this.file.truncate(length) });
  }

  setAttributes(to: Parameters<File['setAttributes']>[0]): void {
    this.watch.change({ name: 'fsetattr', path: this.path, go: () => this.file.setAttributes(to) });
  }

  sync(): void {
    this.watch.change({ name: 'fsync', path: this.path, go: () => this.file.sync(), files: [this.file] });
  }

  /** Closing changes nothing, and who is dead cannot. */
  close(): void {
    this.file.close();
  }
}
