/** How fast this machine reads, writes and fsyncs where the state lies: a copy of 4 MB, once per plan. Nothing of it stays. */
import type { Disk, File } from '../disk/disk.ts';
import { writeNewFile } from '../disk/write-file.ts';
import type { Rates } from '../plan/lock-model.ts';

const BYTES = 4 * 1024 * 1024;
const FSYNCS = 4;
/** Of an edited file, apart from writing it: reading, splicing, renaming. Measured by `npm run bench -- runs`. */
const EDIT_SECONDS = 0.0003;

/** `folder` exists. `clock`: seconds. Throws what the disk throws. */
export function measureRates(disk: Disk, folder: string, clock: () => number): Rates {
  const path = `${folder}/.rates-${process.pid}`;
  const bytes = Buffer.alloc(BYTES, 'desprawl ');
  if (disk.lstat(path) !== null) disk.unlink(path);
  try {
    const written = timed(clock, () => writeNewFile(disk, path, bytes, 0o600));
    const file = disk.open(path, 'write');
    try {
      const synced = timed(clock, () => sync(file, bytes.subarray(0, 4096)));
      const read = timed(clock, () => {
        const into = Buffer.alloc(BYTES);
        for (let at = 0; at < BYTES; ) {
          const got = file.read(into.subarray(at), at);
          if (got === 0) break;
          at += got;
        }
      });
      return {
        read: Math.round(BYTES / read),
        write: Math.round(BYTES / written),
        fsync: Math.round((synced / FSYNCS) * 1e6) / 1e6,
        edit: EDIT_SECONDS,
      };
    } finally {
      file.close();
    }
  } finally {
    if (disk.lstat(path) !== null) disk.unlink(path);
  }
}

function sync(file: File, block: Buffer): void {
  for (let i = 0; i < FSYNCS; i++) {
    file.write(block, i * block.length);
    file.sync();
  }
}

/** Never nothing: rates are divided by. */
function timed(clock: () => number, act: () => void): number {
  const start = clock();
  act();
  return Math.max(1e-6, clock() - start);
}
