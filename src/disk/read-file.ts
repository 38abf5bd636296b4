/** Reads small files whole, such as those of the state. */
import type { Disk, Path } from './disk.ts';

/** What was there at one moment; a link is not followed (`ELOOP`). */
export function readWhole(disk: Disk, path: Path): Buffer {
  const file = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(file.stat().size);
    let length = 0;
    while (length < bytes.length) {
      const read = file.read(bytes.subarray(length), length);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    file.close();
  }
}

/** `null` where nothing is, also where it went away meanwhile. */
export function readIfThere(disk: Disk, path: Path): Buffer | null {
  try {
    return readWhole(disk, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}
