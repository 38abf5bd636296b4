/** The door through which a file that desprawl wrote, and a person edited, is written again: only if nobody changed it meanwhile. */
import type { Disk } from '../disk/disk.ts';
import { DesprawlError } from '../errors.ts';
import { throughPart } from './put-new-file.ts';

/**
 * Replaces `before` by `text` in the file at `path`, keeping its mode. Throws `DSP-FILE-EXISTS` where another text (or a link, a folder) is
 * there, `DSP-WRITE-FAILED`; then everything is as it was.
 */
export function putOwnFile(disk: Disk, path: string, before: string, text: string): void {
  const mode = modeOf(disk, path, before);
  if (mode === null) {
    throw new DesprawlError('DSP-FILE-EXISTS', `${path} was changed while it was worked with.`, {
      hint: 'Save it in your editor and run the command again; nothing was written.',
    });
  }
  if (before === text) return;
  try {
    throughPart(disk, path, text, { mode }, (part) => disk.rename(part, path));
  } catch (cause) {
    throw new DesprawlError('DSP-WRITE-FAILED', `${path} could not be written: ${(cause as Error).message}.`, {
      cause,
    });
  }
}

/** `null` where anything else is there. A link is not followed: what it leads to is another file. */
function modeOf(disk: Disk, path: string, before: string): number | null {
  if (disk.lstat(path)?.kind !== 'file') return null;
  const file = disk.open(path, 'read');
  try {
    const { size, mode } = file.stat();
    const expected = Buffer.from(before);
    if (size !== expected.length) return null;
    const found = Buffer.alloc(size);
    let at = 0;
    for (let read = 1; read > 0 && at < size; at += read) read = file.read(found.subarray(at), at);
    return at === size && found.equals(expected) ? mode & 0o777 : null;
  } finally {
    file.close();
  }
}
