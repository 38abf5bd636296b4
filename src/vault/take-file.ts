/**
 * Takes one file or link into the vault between two equal stamps, so that what is stored is a content that the file had. Never
 * follows a link, never waits for a pipe.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disk, File, Path, Stat } from '../disk/disk.ts';
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
/** Two writes within one tick of the clock leave the same time: what was written this recently is waited for. */
const CLOCK_TICK_MS = 30;

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

/** Whether what was stored is of one moment is the caller's to say, who compares stamps. */
export function putFile({ disk, objects, knownSizes }: Taking, path: Path, stat: Stat): Required<FileState> {
  const hashFirst = knownSizes.has(stat.size);
  knownSizes.add(stat.size);
  // Opened here, so that a file which this user may not read is told from a vault which cannot be written.
  const file = readable(() => disk.open(path, 'read'));
  let digest: { readonly sha256: string; readonly bytes: number };
  try {
    const opened: File = Object.assign(Object.create(file), {
      read: (into: Uint8Array, position: number) => readable(() => file.read(into, position)),
    });
    digest = objects.put({ file: path, opened }, { hashFirst });
  } finally {
    file.close();
  }
  const { mode, mtimeNs, uid, gid } = stat;
  return { kind: 'file', ...digest, mode, mtime: String(mtimeNs), uid, gid };
}

function linkState(disk: Disk, path: Path, { mtimeNs, uid, gid }: Stat): LinkState {
  return { kind: 'link', target: recordedPath(disk.readlink(path)), mtime: String(mtimeNs), uid, gid };
}

/** Waits until each of the paths that are there was written a tick ago or more. */
export async function settle(disk: Disk, paths: readonly Path[], signal: AbortSignal | undefined): Promise<void> {
  for (const path of paths) {
    const stat = readable(() => disk.lstat(path));
    const age = stat === null ? CLOCK_TICK_MS : Date.now() - Number(stat.mtimeNs / 1_000_000n);
    if (age >= 0 && age < CLOCK_TICK_MS) await pause(CLOCK_TICK_MS - age, signal);
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
