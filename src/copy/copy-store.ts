/**
 * Copies a store as what it is: its main file and its sidecars together (trap S3), of one moment (trap S16). Never opens it. Where
 * somebody writes all the time, everybody is kept out for the moment of copying, if the caller can do that.
 */
import type { Disk, Path } from '../disk/disk.ts';
import { stampOf } from '../disk/path-state.ts';
import { shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import type { HeldStore } from '../vault/model.ts';
import { COPY_TRIES, type Copied, copyBytes, pause, settled, takeAttributes } from './copy-file.ts';

export const SIDECARS: readonly string[] = ['-wal', '-journal', '-shm'];
const MAGIC = Buffer.from('SQLite format 3\0');

export type Hold = (store: Path) => Promise<HeldStore>;

export function looksLikeStore(disk: Disk, path: Path): boolean {
  const file = disk.open(path, 'read');
  try {
    const head = Buffer.alloc(MAGIC.length);
    return file.read(head, 0) === head.length && head.equals(MAGIC);
  } finally {
    file.close();
  }
}

/** Throws `DSP-STORE-BUSY` where no moment without a write was found. */
export async function copyStore(disk: Disk, from: Path, to: Path, hold?: Hold): Promise<Copied> {
  for (let attempt = 1; attempt <= COPY_TRIES; attempt++) {
    const copied = await copyOnce(disk, from, to);
    if (copied !== 'changing') return copied;
    await pause(attempt);
  }
  if (hold !== undefined) {
    const held = await hold(from);
    try {
      const copied = await copyOnce(disk, from, to);
      if (copied !== 'changing') return copied;
    } finally {
      await held.release();
    }
  }
  throw new DesprawlError(
    'DSP-STORE-BUSY',
    `${shownPath(typeof from === 'string' ? from : Buffer.from(from))} was written during each of ${COPY_TRIES} attempts to copy it.`,
    { hint: 'Stop the program that writes it, then run the command again.' },
  );
}

/** Leaves nothing behind where it is `changing` or `gone`. */
async function copyOnce(disk: Disk, from: Path, to: Path): Promise<Copied> {
  const before = await stampOfStore(disk, from);
  const stat = disk.lstat(from);
  if (stat?.kind !== 'file') return 'gone';
  const made: Path[] = [];
  let gone = false;
  for (const suffix of ['', ...SIDECARS]) {
    const of = disk.lstat(beside(from, suffix));
    // A pipe or link of that name is none of SQLite's: it is an entry like any other.
    if (of?.kind !== 'file') continue;
    try {
      copyBytes(disk, beside(from, suffix), beside(to, suffix));
      made.push(beside(to, suffix));
      takeAttributes(disk, beside(to, suffix), of);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      gone = true;
    }
  }
  if (!gone && before === (await stampOfStore(disk, from))) return 'copied';
  for (const path of made) disk.unlink(path);
  return 'changing';
}

/** The shared memory of a WAL changes with every reader: that it is there says enough. */
async function stampOfStore(disk: Disk, main: Path): Promise<string> {
  const parts: string[] = [];
  for (const suffix of ['', ...SIDECARS]) {
    const stat = await settled(disk, beside(main, suffix));
    parts.push(suffix === '-shm' ? String(stat === null) : stampOf(stat));
  }
  return parts.join(' ');
}

export function beside(path: Path, suffix: string): Path {
  return typeof path === 'string' ? path + suffix : Buffer.concat([path, Buffer.from(suffix)]);
}
