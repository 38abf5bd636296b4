/** What a backup would take and what it would add to the vault, measured without writing or holding anything. */
import type { Path } from '../disk/disk.ts';
import { hashFile } from '../disk/hash-file.ts';
import { folderOf, keyOf, type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { type BackupRequest, placeOf } from './backup-request.ts';
import { withSuffix } from './hold-store.ts';
import { readManifests } from './manifest.ts';
import { openObjects } from './objects.ts';
import { vaultFolder } from './vault-folder.ts';

export interface BackupEstimate {
  readonly files: number;
  readonly stores: number;
  /** As they lie in the project. */
  readonly bytes: number;
  /** What the vault would grow by, snapshots included. */
  readonly new: number;
  /** Where the vault lies. */
  readonly free: number;
  readonly notThere: readonly RecordedPath[];
}

/** Left free: manifests, folders, what SQLite writes beside. */
const HEADROOM_BYTES = 64 * 1024 * 1024;

export function estimateBackup(request: BackupRequest): BackupEstimate {
  const measured = measure(request);
  const { sized, notThere } = measured;
  return {
    files: sized.length,
    stores: request.stores.length,
    bytes: sum(sized),
    new: newBytes(request, sized, knownSizes(request)) + measured.snapshots,
    free: Number(freeBytes(request)),
    notThere,
  };
}

/** Throws `DSP-NO-SPACE` with both numbers. What the vault has already is only looked for where it would not fit otherwise. */
export function assertRoom(request: BackupRequest, known: ReadonlySet<number>): void {
  const { sized, snapshots, working } = measure(request);
  const beside = snapshots + working + HEADROOM_BYTES;
  const free = freeBytes(request);
  if (free >= BigInt(sum(sized) + beside)) return;
  const needed = BigInt(newBytes(request, sized, known) + beside);
  if (free >= needed) return;
  throw new DesprawlError(
    'DSP-NO-SPACE',
    `The backup needs ${megabytes(needed)} in ${shownPath(request.vault)}, and ${megabytes(free)} are free there.`,
  );
}

/** Of contents that earlier backups name: files of such a size are hashed before anything is written. */
export function knownSizes({ disk, vault }: Pick<BackupRequest, 'disk' | 'vault'>): Set<number> {
  const sizes = new Set<number>();
  for (const { manifest } of readManifests(disk, vaultFolder(vault))) {
    for (const file of manifest?.files ?? []) if (file.kind === 'file') sizes.add(file.bytes);
  }
  return sizes;
}

interface Sized {
  readonly path: Path;
  readonly bytes: number;
}

interface Measured {
  readonly sized: readonly Sized[];
  /** Of stores with something to recover. */
  readonly snapshots: number;
  /** Of the private copy while the largest of them is recovered. */
  readonly working: number;
  readonly notThere: readonly RecordedPath[];
}

function measure(request: BackupRequest): Measured {
  const { disk } = request;
  const sized = new Map<string, Sized>();
  const notThere: RecordedPath[] = [];
  const add = (path: Path): number => {
    const stat = disk.lstat(path);
    if (stat?.kind !== 'file') return stat === null ? -1 : 0;
    sized.set(keyOf(Buffer.from(path)), { path, bytes: stat.size });
    return stat.size;
  };
  let snapshots = 0;
  let working = 0;
  for (const { store, kind } of request.stores) {
    const path = placeOf(request, store);
    const main = add(path);
    if (main < 0) notThere.push(store);
    if (kind === 'text') continue;
    const [log, journal] = ['-wal', '-journal'].map((suffix) => Math.max(0, add(withSuffix(path, suffix))));
    add(withSuffix(path, '-shm'));
    const beside = (log ?? 0) + (journal ?? 0);
    if (beside === 0) continue;
    snapshots += main + beside;
    working = Math.max(working, main + beside);
  }
  for (const file of request.files) if (add(placeOf(request, file)) < 0) notThere.push(file);
  return { sized: [...sized.values()], snapshots, working, notThere };
}

/** Files whose size occurs twice, or in the vault, are read. */
function newBytes(request: BackupRequest, files: readonly Sized[], known: ReadonlySet<number>): number {
  const objects = openObjects(request.disk, request.vault);
  const sizes = new Map<number, number>();
  for (const { bytes } of files) sizes.set(bytes, (sizes.get(bytes) ?? 0) + 1);
  const seen = new Set<string>();
  return sum(
    files.filter(({ path, bytes }) => {
      if ((sizes.get(bytes) ?? 0) < 2 && !known.has(bytes)) return true;
      const sha256 = hashOf(request, path);
      if (sha256 === null) return true;
      const isNew = !seen.has(sha256) && !objects.has(sha256);
      seen.add(sha256);
      return isNew;
    }),
  );
}

/** `null`: it cannot be read now; then it counts whole. */
function hashOf({ disk }: BackupRequest, path: Path): string | null {
  try {
    const file = disk.open(path, 'read');
    try {
      return hashFile(file).sha256;
    } finally {
      file.close();
    }
  } catch {
    return null;
  }
}

/** The vault need not be there yet. */
function freeBytes({ disk, vault }: BackupRequest): bigint {
  let folder = vault;
  while (disk.lstat(folder) === null) folder = folderOf(folder);
  return disk.free(folder);
}

function sum(files: readonly Sized[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

function megabytes(bytes: bigint): string {
  const digits = bytes < 10_000_000n ? 1 : 0;
  return `${(Number(bytes) / 1e6).toLocaleString('en-US', { maximumFractionDigits: digits })} MB`;
}
