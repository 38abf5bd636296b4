/** SHA-256 of an open file, by pieces: at most one file and 4 MB of it are in memory. */
import { createHash, hash as hashAtOnce } from 'node:crypto';
import type { File } from './disk.ts';

export interface Digest {
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Measured: larger pieces are no faster. */
export const PIECE_BYTES: number = 4 * 1024 * 1024;

/** The pieces of a file from its beginning; each is good until the next is asked for. Of one that grows all the time not much more than it had. */
export function* piecesOf(file: File): Generator<Uint8Array> {
  const { size } = file.stat();
  // One byte more than it should have, so that a small file is read in one call, and one that grew is noticed.
  const piece = Buffer.allocUnsafe(Math.min(size + 1, PIECE_BYTES));
  for (let position = 0; position <= size; ) {
    const read = file.read(piece, position);
    if (read === 0) return;
    position += read;
    yield piece.subarray(0, read);
    // It had room for more than the file had: that was all.
    if (position === size && read < piece.length) return;
  }
}

/** Files up to this length are read into one place and hashed with one call: most files of a project are. */
const SMALL_BYTES = 64 * 1024;
let small: Buffer | undefined;

/** All that a small file holds, good until the next call; `null`: it is none. */
export function smallContent(file: File): Buffer | null {
  small ??= Buffer.allocUnsafeSlow(SMALL_BYTES);
  for (let length = 0; length < SMALL_BYTES; ) {
    const read = file.read(length === 0 ? small : small.subarray(length), length);
    if (read === 0) return small.subarray(0, length);
    length += read;
  }
  return null;
}

export function hashFile(file: File): Digest {
  const whole = smallContent(file);
  if (whole !== null) return hashBytes(whole);
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of piecesOf(file)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

export function hashBytes(bytes: Uint8Array): Digest {
  return { sha256: hashAtOnce('sha256', bytes, 'hex'), bytes: bytes.length };
}
