/**
 * Copies one file with its mode, owner and time, so that the copy is a state that the file once had: what changes while it is
 * copied is copied again. Holes stay holes; blocks are shared where the file system can.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { untilSettled } from '../disk/clock-tick.ts';
import type { Attributes, Disk, File, Path, Stat } from '../disk/disk.ts';
import { piecesOf } from '../disk/hash-file.ts';
import { stampOf } from '../disk/path-state.ts';
import { writeAll } from '../disk/write-file.ts';

/** How often what changes meanwhile is copied again. */
export const COPY_TRIES = 4;
/** Runs of zeros of this length become holes. */
const ZEROS = Buffer.alloc(64 * 1024);

/** `changing`: the copy is there, and may be of no one moment. */
export type Copied = 'copied' | 'changing' | 'gone';

export async function copyFile(disk: Disk, from: Path, to: Path): Promise<Copied> {
  for (let attempt = 1; ; attempt++) {
    const stat = await settled(disk, from);
    if (stat?.kind !== 'file') return 'gone';
    try {
      copyBytes(disk, from, to);
    } catch (error) {
      if (disk.lstat(from) === null) return 'gone';
      throw error;
    }
    const moved = stampOf(disk.lstat(from)) !== stampOf(stat);
    if (moved && attempt < COPY_TRIES) {
      disk.unlink(to);
      await pause(attempt);
      continue;
    }
    takeAttributes(disk, to, stat);
    return moved ? 'changing' : 'copied';
  }
}

/** Longer from time to time: a program that writes all the time rests between its transactions. */
export function pause(attempt: number): Promise<void> {
  return sleep(20 * 3 ** attempt);
}

/** What is at a path, once a write after it would be seen. */
export async function settled(disk: Disk, path: Path): Promise<Stat | null> {
  const stat = disk.lstat(path);
  const wait = stat === null ? 0 : untilSettled(stat);
  if (wait === 0) return stat;
  await sleep(wait);
  return disk.lstat(path);
}

/** The content alone, into a file that must not be there. */
export function copyBytes(disk: Disk, from: Path, to: Path): void {
  if (disk.clone(from, to)) return;
  const source = disk.open(from, 'read');
  try {
    const target = disk.open(to, 'create', 0o600);
    try {
      write(source, target);
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}

/** As `copyContent`, without the hash, which would take most of the time: nobody asks a copy for it. */
function write(from: File, to: File): void {
  let length = 0;
  let written = 0;
  for (const piece of piecesOf(from)) {
    for (let at = 0; at < piece.length; at += ZEROS.length) {
      const block = piece.subarray(at, at + ZEROS.length);
      if (block.length === ZEROS.length && ZEROS.equals(block)) continue;
      writeAll(to, block, length + at);
      written = length + at + block.length;
    }
    length += piece.length;
  }
  if (written < length) to.truncate(length);
}

/** Whose files a user may not make, he owns in the copy; everything else is as it is in the project. */
export function takeAttributes(disk: Disk, path: Path, of: Stat): void {
  const made = disk.lstat(path);
  if (made === null) return;
  if (made.uid !== of.uid || made.gid !== of.gid) {
    try {
      disk.setAttributes(path, { uid: of.uid, gid: of.gid });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    }
  }
  const rest: Attributes = { mtimeNs: of.mtimeNs };
  disk.setAttributes(path, of.kind === 'link' ? rest : { ...rest, mode: of.mode });
}
