/**
 * Paths as bytes and as they are written down. In records a path is relative to the project, `/`-separated, and a string; one that
 * is no UTF-8 is `{ "bytes": base64 }`, so that no name of a disk is lost in JSON.
 */
import { isUtf8 } from 'node:buffer';
import type { Path } from './disk.ts';

export type RecordedPath = string | { readonly bytes: string };

const SLASH = 0x2f;

export function recordedPath(path: Path): RecordedPath {
  if (typeof path === 'string') return path;
  return isUtf8(path) ? path.toString('utf8') : { bytes: path.toString('base64') };
}

/** The bytes of a recorded path. */
export function bytesOf(path: RecordedPath): Buffer {
  return typeof path === 'string' ? Buffer.from(path) : Buffer.from(path.bytes, 'base64');
}

/** A key of maps and sets: equal for equal bytes, and ordered as they are. */
export function keyOf(path: RecordedPath | Buffer): string {
  return (Buffer.isBuffer(path) ? path : bytesOf(path)).toString('latin1');
}

/** `name` may be several names with `/` between. A string stays a string, which is cheaper and prints well. */
export function joinPath(folder: Path, name: RecordedPath | Buffer): Path {
  if (typeof name === 'string' && typeof folder === 'string') return `${folder}/${name}`;
  const last = Buffer.isBuffer(name) ? name : bytesOf(name);
  return Buffer.concat([typeof folder === 'string' ? Buffer.from(folder) : folder, Buffer.of(SLASH), last]);
}

/** The folder that a path lies in. */
export function folderOf(path: Path): Path {
  if (typeof path === 'string') return path.slice(0, Math.max(1, path.lastIndexOf('/')));
  return path.subarray(0, Math.max(1, path.lastIndexOf(SLASH)));
}

/** How messages name a path that may be bytes. */
export function shownPath(path: RecordedPath | Buffer): string {
  return typeof path === 'string' ? path : (Buffer.isBuffer(path) ? path : bytesOf(path)).toString('utf8');
}
