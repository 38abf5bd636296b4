/**
 * Gives a set of complete files their names in a folder, together or not at all. What has a name already is replaced only where the
 * caller knows it; any other file is refused, or kept beside where the user said so.
 */
import { randomBytes } from 'node:crypto';
import type { Disk, Stat } from '../disk/disk.ts';
import { hashFile } from '../disk/hash-file.ts';
import { stampOf } from '../disk/path-state.ts';
import { copyContent, writeAll } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';

export interface NewFile {
  readonly name: string;
  /** A file elsewhere, or the bytes themselves. */
  readonly content: string | Uint8Array;
  /** For a file that is not there yet; less the umask. */
  readonly mode: number;
  /** Contents of this name that may be replaced. */
  readonly own: ReadonlySet<string>;
}

export interface Placed {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly unchanged: boolean;
  /** Where another file of the name is kept. */
  readonly kept: string | null;
}

interface Part {
  readonly file: NewFile;
  readonly path: string;
  readonly part: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly there: Stat | null;
  readonly is: 'new' | 'same' | 'own' | 'other';
}

/**
 * `folder` must be there. `last`: one more file, which is told what the others came to, and is placed after them. Throws `DSP-FILE-EXISTS`, `DSP-WRITE-FAILED`; then
 * everything is as it was.
 */
export function placeFiles(
  disk: Disk,
  folder: string,
  files: readonly NewFile[],
  last: (made: readonly Pick<Placed, 'sha256' | 'bytes'>[]) => NewFile,
  force: boolean,
): readonly Placed[] {
  const parts: Part[] = [];
  const undo: (() => void)[] = [];
  try {
    for (const file of files) parts.push(writePart(disk, folder, file));
    parts.push(writePart(disk, folder, last(parts)));
    const others = parts.filter(({ is }) => is === 'other').map(({ file }) => file.name);
    if (others.length > 0 && !force) {
      throw new DesprawlError('DSP-FILE-EXISTS', `There already, and not as an export left it: ${others.join(', ')}.`, {
        hint: 'Move it away, name another folder, or give --force: then it is kept beside as NAME.old.',
      });
    }
    const aside: string[] = [];
    const placed = parts.map((part) => place(disk, folder, part, undo, aside));
    disk.syncFolder(folder);
    undo.length = 0;
    removeHidden(disk, aside);
    return placed;
  } catch (error) {
    for (const back of undo.reverse()) back();
    if (error instanceof DesprawlError) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw writtenMeanwhile(folder, error);
    throw new DesprawlError('DSP-WRITE-FAILED', `Nothing was exported to ${folder}: ${message}.`, { cause: error });
  } finally {
    removeHidden(
      disk,
      parts.map(({ part }) => part),
    );
  }
}

/** A hidden name that cannot be removed is no reason to say that what was done is not done. */
function removeHidden(disk: Disk, paths: readonly string[]): void {
  for (const path of paths) {
    try {
      if (disk.lstat(path) !== null) disk.unlink(path);
    } catch {
      // Nobody reads it; the documentation names it.
    }
  }
}

function writePart(disk: Disk, folder: string, file: NewFile): Part {
  const path = `${folder}/${file.name}`;
  const there = disk.lstat(path);
  if (there !== null && there.kind !== 'file') {
    throw new DesprawlError('DSP-FILE-EXISTS', `${path} is there already and is no file.`, {
      hint: 'Move it away or name another folder; links and folders are never replaced.',
    });
  }
  const found = there === null ? null : hashOf(disk, path);
  const part = `${folder}/.${file.name}.${randomBytes(6).toString('hex')}.part`;
  const { sha256, bytes } = writeContent(disk, part, file, there);
  const is = found === null ? 'new' : found === sha256 ? 'same' : file.own.has(found) ? 'own' : 'other';
  return { file, path, part, sha256, bytes, there, is };
}

/** Complete and on the disk, or not there. */
function writeContent(
  disk: Disk,
  path: string,
  { content, mode }: NewFile,
  there: Stat | null,
): { readonly sha256: string; readonly bytes: number } {
  const to = disk.open(path, 'create', mode);
  try {
    let digest: { readonly sha256: string; readonly bytes: number };
    if (typeof content === 'string') {
      const from = disk.open(content, 'read');
      try {
        digest = copyContent(from, to);
      } finally {
        from.close();
      }
    } else {
      writeAll(to, content, 0);
      digest = hashFile(to);
    }
    if (there !== null) to.setAttributes({ mode: there.mode & 0o777 });
    to.sync();
    return digest;
  } catch (error) {
    disk.unlink(path);
    throw error;
  } finally {
    to.close();
  }
}

function hashOf(disk: Disk, path: string): string {
  const file = disk.open(path, 'read');
  try {
    return hashFile(file).sha256;
  } finally {
    file.close();
  }
}

function place(disk: Disk, folder: string, one: Part, undo: (() => void)[], aside: string[]): Placed {
  const { file, path, part, sha256, bytes, there, is } = one;
  const placed = { name: file.name, sha256, bytes };
  if (stampOf(disk.lstat(path)) !== stampOf(there)) {
    throw writtenMeanwhile(path);
  }
  if (is === 'same') return { ...placed, unchanged: true, kept: null };
  if (is === 'new') {
    // A link, unlike a rename, fails where the name was taken meanwhile.
    disk.link(part, path);
    undo.push(() => disk.unlink(path));
    return { ...placed, unchanged: false, kept: null };
  }
  const kept = is === 'other' ? freeName(disk, folder, file.name) : null;
  const old = kept === null ? `${part}.old` : `${folder}/${kept}`;
  disk.link(path, old);
  undo.push(() => disk.unlink(old));
  disk.rename(part, path);
  // Renaming one name of a file to another of the same file would leave both.
  undo.pop();
  undo.push(() => disk.rename(old, path));
  if (kept === null) aside.push(old);
  return { ...placed, unchanged: false, kept };
}

function writtenMeanwhile(path: string, cause?: unknown): DesprawlError {
  return new DesprawlError('DSP-FILE-EXISTS', `Somebody else wrote to ${path} meanwhile.`, {
    hint: 'Run the command again; nothing was written.',
    cause,
  });
}

function freeName(disk: Disk, folder: string, name: string): string {
  for (let n = 1; ; n++) {
    const kept = n === 1 ? `${name}.old` : `${name}.old-${n}`;
    if (disk.lstat(`${folder}/${kept}`) === null) return kept;
  }
}
