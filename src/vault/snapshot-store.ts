/**
 * Makes of the taken bytes of a store one file that opens by itself: its log written back, its hot journal rolled back, in private.
 * Pages and rowids stay what they are. Where nothing is to be recovered it is the main file itself.
 */
import { randomBytes } from 'node:crypto';
import type { Disk, Path } from '../disk/disk.ts';
import type { FileState } from '../disk/path-state.ts';
import { joinPath } from '../disk/paths.ts';
import { copyContent } from '../disk/write-file.ts';
import type { Pool } from '../stores/child/pool.ts';
import { UnreadableStore } from '../stores/reader.ts';
import type { ManifestStore } from './model.ts';
import type { StoredObjects } from './objects.ts';
import type { StoreFile } from './take-store.ts';
import { removeBelow, type VaultFolder } from './vault-folder.ts';

export interface SnapshotGround {
  readonly disk: Disk;
  readonly vault: VaultFolder;
  readonly objects: StoredObjects;
  readonly pool: Pool;
}

export type Snapshot = Pick<ManifestStore, 'snapshot' | 'tables' | 'notCounted' | 'notVerified'>;

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
/** A slow disk delivers this much. */
const BYTES_PER_SECOND = 10 * 1024 * 1024;
const LEAST_SECONDS = 120;

export function secondsFor(bytes: number): number {
  return LEAST_SECONDS + bytes / BYTES_PER_SECOND;
}

export async function snapshotStore(
  ground: SnapshotGround,
  files: ReadonlyMap<StoreFile, Required<FileState>>,
): Promise<Snapshot> {
  const main = files.get('');
  if (main === undefined) throw new RangeError('a store without its main file was taken');
  if (main.bytes > 0 && !headOf(ground, main.sha256, MAGIC.length).equals(MAGIC)) {
    return { tables: [], notVerified: 'it is no database of SQLite: encrypted, a pointer, or something else' };
  }
  try {
    const snapshot = needsRecovery(ground, files) ? await recovered(ground, files) : main;
    const { sha256, bytes } = snapshot;
    return { snapshot: { sha256, bytes }, ...(await described(ground, sha256, bytes)) };
  } catch (error) {
    if (!(error instanceof UnreadableStore)) throw error;
    return { tables: [], notVerified: error.message };
  }
}

/** Level `opens`: the schema reads, and the file is as long as it says. */
async function described(
  { objects, pool }: SnapshotGround,
  sha256: string,
  bytes: number,
): Promise<Pick<Snapshot, 'tables' | 'notCounted'>> {
  const input = { file: String(objects.pathOf(sha256)), whole: false };
  const facts = await pool.ask('describeCopy', input, secondsFor(bytes));
  if (facts.bytes > bytes) {
    throw new UnreadableStore('truncated', `it is ${bytes} bytes long and says that it has ${facts.bytes}`);
  }
  return { tables: facts.tables, ...(facts.notCounted.length === 0 ? {} : { notCounted: facts.notCounted }) };
}

/** A journal whose first byte is zero was cleared: nothing is to be rolled back. */
function needsRecovery(ground: SnapshotGround, files: ReadonlyMap<StoreFile, Required<FileState>>): boolean {
  if ((files.get('-wal')?.bytes ?? 0) > 0) return true;
  const journal = files.get('-journal');
  if (journal === undefined || journal.bytes === 0) return false;
  return headOf(ground, journal.sha256, 1)[0] !== 0;
}

function headOf({ objects }: SnapshotGround, sha256: string, length: number): Buffer {
  const head = Buffer.alloc(length);
  const file = objects.open(sha256);
  try {
    return head.subarray(0, file.read(head, 0));
  } finally {
    file.close();
  }
}

async function recovered(
  ground: SnapshotGround,
  files: ReadonlyMap<StoreFile, Required<FileState>>,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const { disk, vault, objects, pool } = ground;
  const folder = joinPath(vault.part, randomBytes(12).toString('hex'));
  disk.mkdir(folder, 0o700);
  try {
    const copy = joinPath(folder, 'store.db');
    let bytes = 0;
    for (const suffix of ['', '-wal', '-journal'] as const) {
      const state = files.get(suffix);
      if (state === undefined) continue;
      copyOut(disk, objects, state.sha256, `${copy}${suffix}`);
      bytes += state.bytes;
    }
    await pool.ask('recoverCopy', { file: String(copy) }, secondsFor(bytes));
    return objects.put({ file: copy });
  } finally {
    removeBelow(disk, folder);
    disk.rmdir(folder);
  }
}

function copyOut(disk: Disk, objects: StoredObjects, sha256: string, to: Path): void {
  if (disk.clone(objects.pathOf(sha256), to)) {
    disk.setAttributes(to, { mode: 0o600 });
    return;
  }
  const from = objects.open(sha256);
  const file = disk.open(to, 'create');
  try {
    copyContent(from, file);
  } finally {
    from.close();
    file.close();
  }
}
