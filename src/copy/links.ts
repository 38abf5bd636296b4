/**
 * Where a symbolic link of a copy leads: what leads into the project leads into the copy, however it is spelt; what leads out of it
 * leads where it did, and is named, since a program in the copy could write there.
 */
import { realpathSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import type { Path } from '../disk/disk.ts';
import { bytesOf, joinPath, type RecordedPath } from '../disk/paths.ts';

export interface Leads {
  /** What the link in the copy is to hold. */
  readonly target: Buffer;
  /** Absolute path outside of the project, where it leads there. */
  readonly outside?: string;
}

/** `link`: relative to `root`, which is a real path. */
export function leadsTo(root: string, copy: string, link: RecordedPath, target: Buffer): Leads {
  const text = target.toString('latin1');
  // Paths of other encodings are handled as the bytes they are.
  const folder = join(latin1(root), latin1(bytesOf(link)), '..');
  const absolute = text.startsWith('/') ? normalize(text) : normalize(join(folder, text));
  const inside = within(latin1(root), absolute);
  if (inside !== null && !text.startsWith('/')) return { target };
  if (inside !== null) return { target: toCopy(copy, inside) };
  const real = realPathOf(Buffer.from(absolute, 'latin1'));
  const by = real === null ? null : within(latin1(root), latin1(real));
  if (by !== null) return { target: toCopy(copy, by) };
  return { target: Buffer.from(absolute, 'latin1'), outside: Buffer.from(absolute, 'latin1').toString('utf8') };
}

function latin1(path: Path): string {
  return Buffer.from(path as Buffer).toString('latin1');
}

function within(root: string, path: string): string | null {
  const rest = relative(root, path);
  return rest === '..' || rest.startsWith('../') ? null : rest;
}

function toCopy(copy: string, inside: string): Buffer {
  return inside === '' ? Buffer.from(copy) : Buffer.from(joinPath(Buffer.from(copy), Buffer.from(inside, 'latin1')));
}

function realPathOf(path: Buffer): Buffer | null {
  try {
    return realpathSync.native(path, { encoding: 'buffer' });
  } catch {
    return null;
  }
}
