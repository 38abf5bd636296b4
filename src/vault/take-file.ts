/**
 * Takes one file or link into the vault between two equal stamps, so that what is stored is a content that the file had. Never
 * follows a link, never waits for a pipe.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { untilSettled } from '../disk/clock-tick.ts';
import type { Disk, File, Path, Stat } from '../disk/disk.ts';
import { type Digest, piecesOf } from '../disk/hash-file.ts';
import { type FileState, type LinkState, stampOf } from '../disk/path-state.ts';
import { recordedPath } from '../disk/paths.ts';
import type { Objects } from './model.ts';

export interface Taking {
  readonly disk: Disk;
  readonly objects: Objects;
  /** Sizes of contents that are probably there: such files are hashed before anything is written. */
  readonly knownSizes: Set<number>;
  readonly signal?: AbortSignal | undefined;
}

/** Why a path is not in a backup; never the reason for a broken one. */
export class NotTaken extends Error {
  readonly busy: boolean;
  constructor(why: string, busy = false) {
    super(why);
    this.name = 'NotTaken';
    this.busy = busy;
  }
}

export const ATTEMPTS = 4;

/** Throws `NotTaken`, and what the disk says of the vault. */
export async function takeFile(taking: Taking, path: Path): Promise<Required<FileState> | LinkState> {
  const { disk } = taking;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await pause(20 * 3 ** attempt, taking.signal);
    taking.signal?.throwIfAborted();
    await settle(disk, [path], taking.signal);
    const stat = readable(() => disk.lstat(path));
    if (stat === null) throw new NotTaken('it is not there');
    if (stat.kind === 'link') return linkState(disk, path, stat);
    if (stat.kind !== 'file') throw new NotTaken(stat.kind === 'folder' ? 'it is a folder' : 'it is no regular file');
    const state = putFile(taking, path, stat);
    if (stampOf(disk.lstat(path)) === stampOf(stat)) return state;
  }
  throw new NotTaken(`somebody wrote to it during each of ${ATTEMPTS} attempts to copy it`, true);
}

/** Files that are small are read as a whole, so that many of them wait for the disk together. */
const SMALL_BYTES = 1024 * 1024;
/** What is in memory at once. */
const GROUP = { files: 2048, bytes: 32 * 1024 * 1024 } as const;

export interface TakenFile<T> {
  readonly file: T;
  /** `null`: somebody wrote to it, or it is none of the small ones: it is to be taken by itself. */
  readonly state: Required<FileState> | null;
}

/** Like `takeFile`, for many: each between two equal stamps, and all fsyncs of a group side by side. */
export async function* takeSmallFiles<T>(
  taking: Taking,
  files: Iterable<T>,
  placeOf: (file: T) => Path,
): AsyncGenerator<readonly TakenFile<T>[]> {
  let group: { readonly file: T; readonly read: Small | null }[] = [];
  let bytes = 0;
  const flush = async (): Promise<readonly TakenFile<T>[]> => {
    const own = group;
    group = [];
    bytes = 0;
    const digests = (
      await taking.objects.putAll(own.flatMap(({ read }) => (read === null ? [] : [read.bytes])))
    ).values();
    return own.map(({ file, read }) => ({
      file,
      state: read === null ? null : fileState(digests.next().value as Digest, read.stat),
    }));
  };
  for (const file of files) {
    taking.signal?.throwIfAborted();
    const read = readSmall(taking.disk, placeOf(file));
    group.push({ file, read });
    bytes += read?.bytes.length ?? 0;
    if (group.length >= GROUP.files || bytes >= GROUP.bytes) yield await flush();
  }
  if (group.length > 0) yield await flush();
}

interface Small {
  readonly bytes: Buffer;
  readonly stat: Stat;
}

function readSmall(disk: Disk, path: Path): Small | null {
  try {
    const stat = disk.lstat(path);
    // One that was written just now might be written again within the same tick.
    if (stat?.kind !== 'file' || stat.size > SMALL_BYTES || untilSettled(stat) > 0) return null;
    const file = disk.open(path, 'read');
    let bytes: Buffer;
    try {
      const pieces = [...piecesOf(file)].map((piece) => Buffer.from(piece));
      bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    } finally {
      file.close();
    }
    return stampOf(disk.lstat(path)) === stampOf(stat) ? { bytes, stat } : null;
  } catch (error) {
    // Whoever takes it by itself says why it cannot be read.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return null;
  }
}

/** Whether what was stored is of one moment is the caller's to say, who compares stamps. */
export function putFile({ disk, objects, knownSizes }: Taking, path: Path, stat: Stat): Required<FileState> {
  const hashFirst = knownSizes.has(stat.size);
  knownSizes.add(stat.size);
  // Opened here, so that a file which this user may not read is told from a vault which cannot be written.
  const file = readable(() => disk.open(path, 'read'));
  let digest: Digest;
  try {
    const opened: File = Object.assign(Object.create(file), {
      read: (into: Uint8Array, position: number) => readable(() => file.read(into, position)),
    });
    digest = objects.put({ file: path, opened }, { hashFirst });
  } finally {
    file.close();
  }
  return fileState(digest, stat);
}

function fileState({ sha256, bytes }: Digest, { mode, mtimeNs, uid, gid }: Stat): Required<FileState> {
  return { kind: 'file', sha256, bytes, mode, mtime: String(mtimeNs), uid, gid };
}

function linkState(disk: Disk, path: Path, { mtimeNs, uid, gid }: Stat): LinkState {
  return { kind: 'link', target: recordedPath(disk.readlink(path)), mtime: String(mtimeNs), uid, gid };
}

/** Waits until each of the paths that are there was written a tick ago or more. */
export async function settle(disk: Disk, paths: readonly Path[], signal: AbortSignal | undefined): Promise<void> {
  for (const path of paths) {
    const stat = readable(() => disk.lstat(path));
    const wait = stat === null ? 0 : untilSettled(stat);
    if (wait > 0) await pause(wait, signal);
  }
}

export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal });
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ENOENT: 'it is not there',
  ENOTDIR: 'it is not there',
  ELOOP: 'a link took its place',
  EIO: 'the disk reported a read error',
};

function readable<T>(look: () => T): T {
  try {
    return look();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new NotTaken(WHY[code] ?? message);
  }
}
