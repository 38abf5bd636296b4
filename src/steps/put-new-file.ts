/** The door through which desprawl makes files that a user asked for by name. It never overwrites and leaves no half-written file. */
import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { Attributes, Disk } from '../disk/disk.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';

/** The file is the user's, so the umask says who may read it. */
const MODE = 0o644;

/** Writes `text` (UTF-8) to a new file. Throws `DSP-FILE-EXISTS`, `DSP-WRITE-FAILED`; then nothing is left behind. */
export function putNewFile(disk: Disk, path: string, text: string): void {
  try {
    throughPart(disk, path, text, {}, (part) => {
      // A link, unlike a rename, fails where the name is taken: two writers cannot both win.
      disk.link(part, path);
      disk.unlink(part);
    });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new DesprawlError('DSP-FILE-EXISTS', `${path} is there already.`, { cause });
    throw new DesprawlError('DSP-WRITE-FAILED', `${path} could not be written: ${message}.`, { cause });
  }
}

/** Writes beside `path` a file that is complete and on the disk, and lets `place` give it its name. */
export function throughPart(
  disk: Disk,
  path: string,
  text: string,
  attributes: Attributes,
  place: (part: string) => void,
): void {
  const folder = dirname(path);
  const part = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  writeNewFile(disk, part, Buffer.from(text), MODE, attributes);
  try {
    place(part);
  } catch (error) {
    disk.unlink(part);
    throw error;
  }
  disk.syncFolder(folder);
}
