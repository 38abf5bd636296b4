/** The door for reports that are made again and again under one name. It replaces what it wrote itself and nothing else. */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DesprawlError } from '../errors.ts';
import { putNewFile, syncFolder, writeDurably } from './put-new-file.ts';

/**
 * Writes `text`, which begins with `mark`; a file that is there is replaced, keeping its mode, if it begins with `mark` too. Throws
 * `DSP-FILE-EXISTS` where another file (or a link, a folder) has the name, `DSP-WRITE-FAILED`; then everything is as it was.
 */
export function putReport(path: string, text: string, mark: string): void {
  try {
    putNewFile(path, text);
    return;
  } catch (error) {
    if (!(error instanceof DesprawlError) || error.code !== 'DSP-FILE-EXISTS') throw error;
  }
  const mode = modeOfReport(path, mark);
  if (mode === null) {
    throw new DesprawlError('DSP-FILE-EXISTS', `${path} is there already and is no report of desprawl.`, {
      hint: 'Move it away or name another path; only an earlier report is replaced.',
    });
  }
  const part = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  try {
    writeDurably(part, text, mode);
    renameSync(part, path);
    syncFolder(dirname(path));
  } catch (cause) {
    throw new DesprawlError('DSP-WRITE-FAILED', `${path} could not be written: ${(cause as Error).message}.`, {
      cause,
    });
  } finally {
    rmSync(part, { force: true });
  }
}

/** `null` where it is anything but a report: a link is never followed, a pipe never waited for. */
function modeOfReport(path: string, mark: string): number | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) return null;
    const expected = Buffer.from(mark);
    const found = Buffer.alloc(expected.length);
    const read = readSync(fd, found, 0, found.length, 0);
    return read === expected.length && found.equals(expected) ? stat.mode & 0o777 : null;
  } finally {
    closeSync(fd);
  }
}
