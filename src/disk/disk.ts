/**
 * The one door to the disk: whatever changes a file of a project, of the vault, of a journal or of the state goes through these
 * calls, so that a test can pass a disk that kills, fails or forgets. They are synchronous (four times faster here than promises,
 * and nothing else of the run happens in between) and throw `NodeJS.ErrnoException`. No call follows a symbolic link in the last
 * part of a path. Programs that are started (git, a child that opens a store) are not behind it.
 */

/** Absolute. Names need not be UTF-8, so a path may be bytes. */
export type Path = string | Buffer;

export type Kind = 'file' | 'folder' | 'link' | 'special';

export interface Stat {
  /** `special`: pipes, sockets, devices. */
  readonly kind: Kind;
  /** Length in bytes. */
  readonly size: number;
  /** Permission bits only, with set-uid, set-gid and sticky: `0o7777`. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly nlink: number;
  readonly dev: bigint;
  readonly ino: bigint;
  /** Nanoseconds since 1970; only microseconds can be set. */
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** What is left out stays as it is. Owner first, then mode, then time: setting the owner clears set-uid. */
export interface Attributes {
  readonly mode?: number;
  /** Cut to microseconds. The access time is kept. */
  readonly mtimeNs?: bigint;
  readonly uid?: number;
  readonly gid?: number;
}

/** `create`: must not be there (`EEXIST`, also for a link). The other three must be there. A link: `ELOOP`. Nothing ever waits for a pipe. */
export type OpenHow = 'read' | 'create' | 'write' | 'append';

export interface Disk {
  /** `null` where there is nothing (`ENOENT`, `ENOTDIR`). */
  lstat(path: Path): Stat | null;
  /** Names, in no order. */
  readdir(path: Path): readonly Buffer[];
  /** `EINVAL` where it is no link. */
  readlink(path: Path): Buffer;
  /** `mode`, default 0600, less the umask: who needs an exact one sets it. `create` and `write` can be read as well. A folder: `read` only, for its `stat`. */
  open(path: Path, how: OpenHow, mode?: number): File;
  /** Of a symbolic link: a second name of the link. `EEXIST` where `to` is taken. */
  link(from: Path, to: Path): void;
  /** Replaces a file or link at `to` and, silently, an empty folder by a folder. Two names of one inode: both stay. */
  rename(from: Path, to: Path): void;
  /** Never of a folder: `EISDIR` on Linux, `EPERM` elsewhere. */
  unlink(path: Path): void;
  symlink(target: Buffer, path: Path): void;
  /** `mode` less the umask. */
  mkdir(path: Path, mode: number): void;
  /** `ENOTEMPTY` unless empty. */
  rmdir(path: Path): void;
  /** Of a link: its own owner and time; it has no mode (`ELOOP`). */
  setAttributes(path: Path, to: Attributes): void;
  /** The entries of a folder, and its mode and times, are on the disk on return. */
  syncFolder(path: Path): void;
  /** The same of many, side by side: a tenth of the time. `ENOENT`, `ENOTDIR` where one is not there: then no fsync has failed. */
  syncFolders(paths: readonly Path[]): Promise<void>;
  /** Side by side: half the time of one after the other. Throws the first failure after all have settled. */
  syncAll(files: readonly File[]): Promise<void>;
  /** Makes `to` share the blocks of the file `from`; `false`, and nothing made, where the file system cannot. */
  clone(from: Path, to: Path): boolean;
  /** Bytes that this user may still write on the file system of `path`. */
  free(path: Path): bigint;
}

/** An open file. Reads and writes may be short: callers loop (`write-file.ts`). */
export interface File {
  stat(): Stat;
  /** 0 at the end. */
  read(into: Uint8Array, position: number): number;
  /** `null`: at the end for `append`, else where the last such write ended. */
  write(bytes: Uint8Array, position: number | null): number;
  truncate(length: number): void;
  setAttributes(to: Attributes): void;
  /** Content, size and attributes are on the disk on return. One that failed is never tried again. */
  sync(): void;
  close(): void;
}
