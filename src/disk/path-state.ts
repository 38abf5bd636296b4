/**
 * The state of a path, as steps and manifests name it: what is there, so that it can be compared with what should be there, and
 * made again. Links are not followed.
 */
import type { Disk, Path, Stat } from './disk.ts';
import { hashFile } from './hash-file.ts';
import { keyOf, type RecordedPath, recordedPath } from './paths.ts';

export interface Absent {
  readonly kind: 'absent';
}

/** What is restored but not compared, since `touch` is no change. Left out of a state that is to be: whatever comes of making it. */
export interface Marks {
  /** Nanoseconds since 1970, in decimal; restored to the microsecond. */
  readonly mtime?: string;
  readonly uid?: number;
  readonly gid?: number;
}

export interface FileState extends Marks {
  readonly kind: 'file';
  /** Hex; the name of the content in the vault. */
  readonly sha256: string;
  readonly bytes: number;
  /** Permission bits, `0o7777`. */
  readonly mode: number;
}

export interface LinkState extends Marks {
  readonly kind: 'link';
  readonly target: RecordedPath;
}

export interface FolderState extends Marks {
  readonly kind: 'folder';
  readonly mode: number;
}

/** Pipes, sockets, devices: never made, changed or removed, and equal to nothing. */
export interface SpecialState {
  readonly kind: 'special';
}

export type PathState = Absent | FileState | LinkState | FolderState | SpecialState;

/** A state and the stamp that the path had while it was measured. */
export interface StampedState {
  readonly state: PathState;
  readonly stamp: string;
}

export const ABSENT: Absent = { kind: 'absent' };

/** How often a path that is being changed is looked at again before what was seen last is taken. */
const ATTEMPTS = 4;
const MOVED = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'EINVAL', 'EISDIR', 'ENXIO']);

/** Moves whenever content, attributes or identity of a path do. */
export function stampOf(stat: Stat | null): string {
  if (stat === null) return 'absent';
  return `${stat.kind}:${stat.dev}:${stat.ino}:${stat.size}:${stat.mode}:${stat.mtimeNs}:${stat.ctimeNs}`;
}

/** A file is hashed, unless its stamp is that of `known`. */
export function stateOf(disk: Disk, path: Path, known?: StampedState): PathState {
  return stampedStateOf(disk, path, known).state;
}

export function stampedStateOf(disk: Disk, path: Path, known?: StampedState): StampedState {
  for (let attempt = 1; ; attempt++) {
    const stat = disk.lstat(path);
    const stamp = stampOf(stat);
    if (known?.stamp === stamp) return known;
    try {
      if (stat?.kind !== 'file') return { state: withoutContent(disk, path, stat), stamp };
      const found = readFile(disk, path, stat);
      if (found.stamp === stamp) return found;
      // Nobody may take this hash for that of the file a moment later.
      if (attempt === ATTEMPTS) return { state: found.state, stamp: 'moving' };
    } catch (error) {
      // It went away, or something else took its place, after it was looked at.
      if (!MOVED.has((error as NodeJS.ErrnoException).code ?? '') || attempt === ATTEMPTS) throw error;
    }
  }
}

function readFile(disk: Disk, path: Path, seen: Stat): StampedState {
  const file = disk.open(path, 'read');
  try {
    const { sha256, bytes } = hashFile(file);
    const stat = file.stat();
    return { state: { kind: 'file', sha256, bytes, mode: seen.mode, ...marksOf(seen) }, stamp: stampOf(stat) };
  } finally {
    file.close();
  }
}

function withoutContent(disk: Disk, path: Path, stat: Stat | null): PathState {
  if (stat === null) return ABSENT;
  if (stat.kind === 'link') return { kind: 'link', target: recordedPath(disk.readlink(path)), ...marksOf(stat) };
  if (stat.kind === 'folder') return { kind: 'folder', mode: stat.mode, ...marksOf(stat) };
  return { kind: 'special' };
}

function marksOf(stat: Stat): Required<Marks> {
  return { mtime: String(stat.mtimeNs), uid: stat.uid, gid: stat.gid };
}

/** Kind, content and permission bits. */
export function same(a: PathState, b: PathState): boolean {
  if (a.kind === 'file') return b.kind === 'file' && a.sha256 === b.sha256 && a.mode === b.mode;
  if (a.kind === 'link') return b.kind === 'link' && keyOf(a.target) === keyOf(b.target);
  if (a.kind === 'folder') return b.kind === 'folder' && a.mode === b.mode;
  return a.kind === 'absent' && b.kind === 'absent';
}
