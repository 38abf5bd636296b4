/** A store as it is now, as one private file: its main file with what its log or journal says. The caller holds the store. */
import type { Disk, File } from '../../disk/disk.ts';
import { hashFile } from '../../disk/hash-file.ts';
import { joinPath, type RecordedPath } from '../../disk/paths.ts';
import { copyNewFile, writeAll } from '../../disk/write-file.ts';
import type { Pool } from '../../stores/child/pool.ts';
import type { Scratch } from '../../stores/scratch.ts';
import { secondsFor } from '../../vault/snapshot-store.ts';
import { recordedFile } from '../../vault/take-store.ts';

export interface SnapshotNow {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** `null`: there is no such file. Throws `UnreadableStore`. */
export async function snapshotNow(
  disk: Disk,
  root: string,
  store: RecordedPath,
  { pool, scratch }: { readonly pool: Pool; readonly scratch: Scratch },
): Promise<SnapshotNow | null> {
  const main = joinPath(root, store);
  if (disk.lstat(main)?.kind !== 'file') return null;
  const file = scratch.file('.db');
  let { bytes } = copyNewFile(disk, main, file);
  let logged = false;
  for (const suffix of ['-wal', '-journal'] as const) {
    const path = joinPath(root, recordedFile(store, suffix));
    const stat = disk.lstat(path);
    if (stat?.kind !== 'file' || stat.size === 0) continue;
    bytes += copyNewFile(disk, path, `${file}${suffix}`).bytes;
    logged = true;
  }
  if (logged) await pool.ask('recoverCopy', { file }, secondsFor(bytes));
  const open = disk.open(file, 'read');
  try {
    return { file, ...hashFile(open) };
  } finally {
    open.close();
  }
}

/** Bytes 18 and 19 of a store say whether it is in WAL mode: a snapshot with its log written back is not any more. */
const MODE_AT = 18;
const WAL = 2;

export function isWal(file: File): boolean {
  const mode = Buffer.alloc(1);
  return file.read(mode, MODE_AT) === 1 && mode[0] === WAL;
}

/** Puts the mode back that the store had. */
export function putIntoWal(disk: Disk, path: string): void {
  const file = disk.open(path, 'write');
  try {
    writeAll(file, Buffer.from([WAL, WAL]), MODE_AT);
    file.sync();
  } finally {
    file.close();
  }
}
