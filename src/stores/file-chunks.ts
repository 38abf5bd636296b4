/**
 * Reads a file from its start in pieces, for the text readers. Only reads; holds the file open no longer than the loop
 * that asks for pieces runs.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { UnreadableStore } from './reader.ts';

const CHUNK_BYTES = 256 * 1024;

/** Pieces of at most `size` bytes; each is a buffer of its own. Throws `UnreadableStore`. */
export function* readChunks(path: string, size: number = CHUNK_BYTES): Generator<Buffer, void, void> {
  const fd = attempt(() => openSync(path, 'r'));
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(size);
      const length = attempt(() => readSync(fd, chunk, 0, size, null));
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(fd);
  }
}

/** The first `size` bytes, or the whole file where it is shorter. Throws `UnreadableStore`. */
export function readHead(path: string, size: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (const chunk of readChunks(path, size)) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= size) break;
  }
  return Buffer.concat(parts, length).subarray(0, size);
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UnreadableStore('vanished', 'the file is no longer there');
    if (code === 'EACCES' || code === 'EPERM') throw new UnreadableStore('permission', 'no permission to read it');
    throw new UnreadableStore('error', code === undefined ? message : `reading it failed: ${code}`);
  }
}
