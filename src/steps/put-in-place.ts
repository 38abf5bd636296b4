/**
 * Writes new content into a file that must keep its inode: a bind mount of one file, a file of several names, one with access lists.
 * Only here can a half be seen; it is known by its blocks, each of which is of the old or the new content.
 */
import type { File } from '../disk/disk.ts';
import { PIECE_BYTES, piecesOf } from '../disk/hash-file.ts';
import type { FileState } from '../disk/path-state.ts';
import { same } from '../disk/path-state.ts';
import { writeAll } from '../disk/write-file.ts';
import { assertStill, foreign, lookAt, placeOf } from './place.ts';
import type { Ground, Inspection, Primitive } from './primitive.ts';
import { timeOf } from './put.ts';
import type { Put } from './step.ts';

/** What a disk writes whole or not at all. */
const BLOCK_BYTES = 4096;

export const putInPlace: Primitive<Put> = {
  inspect,
  // Nothing can be made beforehand.
  stage: (_step, seen) => ({ stamp: seen.stamp, file: null }),
  commit: (step, staged, on) => {
    assertStill(on, step.path, staged, () => inspect(step, on));
    write(step, contentOf(step.after), on);
  },
  clean: (step, on) => {
    const { is } = inspect(step, on);
    // Also where it is seen to be as before: who wrote it back may have been killed before it was on the disk.
    if (is === 'partial' || is === 'before') write(step, contentOf(step.before), on);
  },
};

function inspect(step: Put, on: Ground): Inspection {
  const look = lookAt(on, step.path);
  const { state, stamp } = look;
  if (same(state, step.after)) return { is: 'after', found: state, stamp };
  if (same(state, step.before)) return { is: 'before', found: state, stamp };
  const [before, after] = [contentOf(step.before), contentOf(step.after)];
  const ours = state.kind === 'file' && (state.mode === before.mode || state.mode === after.mode);
  if (ours && isMixture(step, before, after, on)) return { is: 'partial', found: state, stamp };
  return foreign(look, 'it is neither what it was, nor what it is to be, nor a part of both');
}

function contentOf(state: Put['before']): FileState {
  if (state.kind !== 'file') throw new Error('only a file can be written in place');
  return state;
}

/** Of one length or the other or between, and each block of one content, of the other, up to where writing ended, or lost. */
function isMixture(step: Put, before: FileState, after: FileState, on: Ground): boolean {
  const files = [
    on.disk.open(placeOf(on, step.path), 'read'),
    on.objects.open(before.sha256),
    on.objects.open(after.sha256),
  ] as const;
  try {
    const [now, old, next] = files;
    const { size } = now.stat();
    if (size < Math.min(before.bytes, after.bytes) || size > Math.max(before.bytes, after.bytes)) return false;
    const [blocks, a, b] = [Buffer.alloc(PIECE_BYTES), Buffer.alloc(PIECE_BYTES), Buffer.alloc(PIECE_BYTES)];
    for (let at = 0; ; at += PIECE_BYTES) {
      const length = fill(now, blocks, at);
      if (length === 0) return true;
      fill(old, a, at);
      fill(next, b, at);
      for (let from = 0; from < length; from += BLOCK_BYTES) {
        const to = Math.min(from + BLOCK_BYTES, length);
        if (!isOfBoth(blocks.subarray(from, to), a.subarray(from, to), b.subarray(from, to))) return false;
      }
    }
  } finally {
    for (const file of files) file.close();
  }
}

function isOfBoth(block: Buffer, old: Buffer, next: Buffer): boolean {
  return block.every((byte) => byte === 0) || isWoven(block, next, old) || isWoven(block, old, next);
}

/** `a` up to some byte, then `b`, then `a`: half written, and then half written back. */
function isWoven(block: Buffer, a: Buffer, b: Buffer): boolean {
  let at = 0;
  for (const content of [a, b, a]) while (at < block.length && block[at] === content[at]) at++;
  return at === block.length;
}

/** Reads until the buffer is full or the file at its end; what is left of the buffer is zeros, as what a file does not have reads. */
function fill(file: File, into: Buffer, position: number): number {
  let length = 0;
  while (length < into.length) {
    const read = file.read(into.subarray(length), position + length);
    if (read === 0) break;
    length += read;
  }
  into.fill(0, length);
  return length;
}

/** Never truncated first: at every moment most of it is one content or the other. */
function write(step: Put, state: FileState, on: Ground): void {
  const content = on.objects.open(state.sha256);
  try {
    const file = on.disk.open(placeOf(on, step.path), 'write');
    try {
      let length = 0;
      for (const piece of piecesOf(content)) {
        writeAll(file, piece, length);
        length += piece.length;
      }
      file.truncate(length);
      file.setAttributes({ mode: state.mode, ...timeOf(state) });
      file.sync();
    } finally {
      file.close();
    }
  } finally {
    content.close();
  }
}
