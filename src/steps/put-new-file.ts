/** The door through which desprawl makes files that a user asked for by name. It never overwrites and leaves no half-written file. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fsyncSync, linkSync, openSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DesprawlError } from '../errors.ts';

/** Writes `text` (UTF-8) to a new file. Throws `DSP-FILE-EXISTS`, `DSP-WRITE-FAILED`; then nothing is left behind. */
export function putNewFile(path: string, text: string): void {
  const folder = dirname(path);
  const part = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  try {
    writeDurably(part, text);
    // A link, unlike a rename, fails where the name is taken: two writers cannot both win.
    linkSync(part, path);
    syncFolder(folder);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new DesprawlError('DSP-FILE-EXISTS', `${path} is there already.`, { cause });
    throw new DesprawlError('DSP-WRITE-FAILED', `${path} could not be written: ${message}.`, { cause });
  } finally {
    rmSync(part, { force: true });
  }
}

/** Makes the file; it must not be there. On return its bytes are on the disk. */
export function writeDurably(path: string, text: string, mode = 0o644): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function syncFolder(folder: string): void {
  const fd = openSync(folder, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
