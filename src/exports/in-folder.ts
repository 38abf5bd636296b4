/** Work in a folder that a person named, which is made where it is not there. */
import type { Disk } from '../disk/disk.ts';
import { realPath } from '../disk/real-path.ts';
import { DesprawlError } from '../errors.ts';

/** A folder that had to be made goes again where the work in it fails. */
export function inFolder<T>(disk: Disk, to: string, work: (folder: string) => T): T {
  const folder = realPath(disk, to);
  const made: string[] = [];
  try {
    for (let at = 1; at > 0; ) {
      at = folder.indexOf('/', at);
      const part = at < 0 ? folder : folder.slice(0, at);
      const kind = disk.lstat(part)?.kind;
      if (kind !== undefined && kind !== 'folder') {
        throw new DesprawlError('DSP-WRITE-FAILED', `${part} is there already and is no folder.`);
      }
      if (kind === undefined) {
        disk.mkdir(part, 0o777);
        made.push(part);
      }
      if (at >= 0) at++;
    }
    return work(folder);
  } catch (error) {
    for (const part of made.reverse()) disk.rmdir(part);
    if (error instanceof DesprawlError) throw error;
    throw new DesprawlError('DSP-WRITE-FAILED', `${to} could not be made: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
