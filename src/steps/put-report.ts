/** The door for reports that are made again and again under one name. It replaces what it wrote itself and nothing else. */
import type { Disk, File } from '../disk/disk.ts';
import { DesprawlError } from '../errors.ts';
import { putNewFile, throughPart } from './put-new-file.ts';

/**
 * Writes `text`, which begins with `mark`; a file that is there is replaced, keeping its mode, if it begins with `mark` too. Throws
 * `DSP-FILE-EXISTS` where another file (or a link, a folder) has the name, `DSP-WRITE-FAILED`; then everything is as it was.
 */
export function putReport(disk: Disk, path: string, text: string, mark: string): void {
  try {
    putNewFile(disk, path, text);
    return;
  } catch (error) {
    if (!(error instanceof DesprawlError) || error.code !== 'DSP-FILE-EXISTS') throw error;
  }
  const mode = modeOfReport(disk, path, mark);
  if (mode === null) {
    throw new DesprawlError('DSP-FILE-EXISTS', `${path} is there already and is no report of desprawl.`, {
      hint: 'Move it away or name another path; only an earlier report is replaced.',
    });
  }
  try {
    throughPart(disk, path, text, { mode }, (part) => disk.rename(part, path));
  } catch (cause) {
    throw new DesprawlError('DSP-WRITE-FAILED', `${path} could not be written: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

/** `null` where it is anything but a report: a link is never followed, a pipe never waited for. */
function modeOfReport(disk: Disk, path: string, mark: string): number | null {
  let file: File;
  try {
    file = disk.open(path, 'read');
  } catch {
    return null;
  }
  try {
    const { kind, mode } = file.stat();
    if (kind !== 'file') return null;
    const expected = Buffer.from(mark);
    const found = Buffer.alloc(expected.length);
    const read = file.read(found, 0);
    return read === expected.length && found.equals(expected) ? mode & 0o777 : null;
  } finally {
    file.close();
  }
}
