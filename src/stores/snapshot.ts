/**
 * Decides how a store's file may be read so that nobody notices: in place where no sidecar and no lock says that somebody
 * works with it, else from a private copy whose source did not change around the copying. Never opens it with SQLite.
 */
import {
  type BigIntStats,
  closeSync,
  constants,
  copyFileSync,
  lstatSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { chmod, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnreadableStore } from './reader.ts';
import type { Scratch } from './scratch.ts';

/** State of a file and its sidecars as text; equal stamps mean that nobody wrote in between. */
export type Stamp = string;

export interface Snapshot {
  /** What to open. */
  readonly file: string;
  readonly readBy: 'immutable' | 'private-copy';
  readonly stamp: Stamp;
}

/** A copy is tried this often before a store counts as `changing`. */
const COPY_TRIES = 4;
/** Two writes within one tick of the clock leave the same mtime: a file touched this recently is waited for. */
const CLOCK_TICK_MS = 30;
/** Left free in the scratch folder for SQLite's own temporary files. */
const HEADROOM_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;

const SIDECARS = ['-wal', '-journal'] as const;

export function stampOf(link: string): Stamp {
  const path = realpathSync(link);
  const parts = [statPart(statSync(path, { bigint: true })), headerPart(path)];
  for (const suffix of [...SIDECARS, '-shm']) {
    const stat = statSidecar(path + suffix);
    // The shared-memory file changes with every reader; that it is there says enough.
    parts.push(stat === undefined ? '-' : suffix === '-shm' ? 'shm' : statPart(stat));
  }
  return parts.join(' ');
}

/** Copying a pipe would wait for its writer; SQLite follows no link here either. */
function statSidecar(path: string): BigIntStats | undefined {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) {
    throw new UnreadableStore('unsupported', `${basename(path)} beside it is no regular file`);
  }
  return stat;
}

function statPart(stat: BigIntStats): string {
  return `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}:${stat.ino}:${stat.dev}`;
}

/** The first 100 bytes hold SQLite's change counter, which moves even where mtimes are coarse. */
function headerPart(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(100);
    const length = readSync(fd, head, 0, 100, 0);
    return head.subarray(0, length).toString('base64');
  } finally {
    closeSync(fd);
  }
}

/**
 * Takes what is needed to read the SQLite file at `path`. `force` asks for a copy even where nothing is seen (the file
 * changed during an earlier reading). Throws `UnreadableStore`.
 */
export async function takeSnapshot(
  link: string,
  scratch: Scratch,
  options: { readonly force: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Snapshot> {
  // The sidecars of a file that a link leads to lie where the file lies.
  const path = realpathSync(link);
  let stamp = stampOf(path);
  if (!options.force && !hasLiveSidecar(path) && !isLocked(path)) return { file: path, readBy: 'immutable', stamp };
  for (let attempt = 0; attempt < COPY_TRIES; attempt++) {
    await settle(path, options.signal);
    stamp = stampOf(path);
    const file = scratch.file('.db');
    await copyFile(path, file, scratch, options.signal);
    for (const suffix of SIDECARS) {
      if (statSidecar(path + suffix) === undefined) continue;
      try {
        await copyFile(path + suffix, file + suffix, scratch, options.signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    if (stampOf(path) === stamp) return { file, readBy: 'private-copy', stamp };
    await sleep(50 * 3 ** attempt, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
  throw new UnreadableStore('changing', `somebody wrote to it during each of ${COPY_TRIES} attempts to copy it`);
}

/** A rollback journal of zero bytes is left by `journal_mode=TRUNCATE` and says nothing. */
function hasLiveSidecar(path: string): boolean {
  const size = (suffix: string): number => Number(statSidecar(path + suffix)?.size ?? -1);
  return size('-wal') >= 0 || size('-shm') >= 0 || size('-journal') > 0;
}

/** Linux tells who holds locks; elsewhere the comparison of stamps after the reading has to do. */
function isLocked(path: string): boolean {
  let locks: string;
  try {
    locks = readFileSync('/proc/locks', 'latin1');
  } catch {
    return false;
  }
  const { ino } = statSync(path, { bigint: true });
  return locks.includes(`:${ino} `);
}

async function settle(path: string, signal: AbortSignal | undefined): Promise<void> {
  for (const suffix of ['', ...SIDECARS]) {
    const stat = statSync(path + suffix, { throwIfNoEntry: false });
    const age = stat === undefined ? CLOCK_TICK_MS : Date.now() - stat.mtimeMs;
    if (age >= 0 && age < CLOCK_TICK_MS)
      await sleep(CLOCK_TICK_MS - age, undefined, signal === undefined ? {} : { signal });
  }
}

/** A reflink where the file system can, else chunk by chunk so that Ctrl-C stops it at once. 0600. */
async function copyFile(from: string, to: string, scratch: Scratch, signal: AbortSignal | undefined): Promise<void> {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    await chmod(to, 0o600);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
  }
  const { size } = statSync(from);
  if (scratch.free() < size + HEADROOM_BYTES) {
    throw new UnreadableStore('no-space', `a private copy of ${size} bytes does not fit into ${scratch.dir}`);
  }
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'w', 0o600);
    try {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(size, 1)));
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await source.read(chunk, 0, chunk.length);
        if (bytesRead === 0) break;
        await target.write(chunk, 0, bytesRead);
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}
