/**
 * Makes a backup: room first, then every store and file between equal stamps or under exclusion, each content read back; the
 * manifest last, when all of it is on the disk. What fails leaves contents that nothing names, and no backup.
 */

import { shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { openPool } from '../stores/child/pool.ts';
import type { BackupRequest } from './backup-request.ts';
import { writeCheck } from './checks.ts';
import { collect } from './collect.ts';
import { assertRoom, knownSizes } from './estimate.ts';
import { openHolder } from './hold-store.ts';
import { withId, writeManifest } from './manifest.ts';
import type { BackupCheck, Manifest } from './model.ts';
import { openObjects } from './objects.ts';
import { snapshotStore } from './snapshot-store.ts';
import type { TakingStores } from './take-store.ts';
import { makeVault, sweepParts, vaultFolder } from './vault-folder.ts';

export interface Backup {
  readonly manifest: Manifest;
  /** Levels `bytes` and `opens`. */
  readonly check: BackupCheck;
}

/** Children that count and recover while the next store is read. */
const CHILDREN = 2;

/**
 * What cannot be taken is in `manifest.notTaken`; a caller that needs it refuses. Throws `DSP-NO-SPACE`, `DSP-WRITE-FAILED`,
 * `DSP-STORE-BUSY` where the one who held a store lost it, `DSP-VAULT-DAMAGED`, `DSP-STATE`.
 */
export async function createBackup(request: BackupRequest): Promise<Backup> {
  try {
    return await create(request);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (request.signal?.aborted === true) throw new DesprawlError('DSP-CANCELLED', 'Interrupted.', { cause: error });
    if (error instanceof DesprawlError || code === undefined) throw error;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      const left = `The disk of ${shownPath(request.vault)} was full before the backup was complete.`;
      throw new DesprawlError('DSP-NO-SPACE', left, { cause: error });
    }
    throw new DesprawlError('DSP-WRITE-FAILED', `The backup could not be written: ${message}.`, { cause: error });
  }
}

async function create(request: BackupRequest): Promise<Backup> {
  const { disk, now, signal } = request;
  const started = now();
  const vault = vaultFolder(request.vault);
  const objects = openObjects(disk, request.vault);
  const sizes = knownSizes(request);
  assertRoom(request, sizes);
  makeVault(disk, vault);
  sweepParts(disk, vault);
  const tempDir = String(vault.part);
  const pool = openPool({ size: CHILDREN, tempDir, signal });
  const holder = openHolder(disk, { tempDir, signal });
  const taking: TakingStores = {
    disk,
    objects,
    knownSizes: sizes,
    holder,
    waitSeconds: request.waitSeconds,
    signal,
  };
  let manifest: Manifest;
  try {
    const contents = await collect(request, taking, (files) => snapshotStore({ disk, vault, objects, pool }, files));
    manifest = withId({
      at: new Date(started).toISOString(),
      tool: request.tool,
      why: request.why,
      keep: request.keep,
      project: request.project,
      ...contents,
      bytes: { ...contents.bytes, new: objects.added() },
    });
  } finally {
    await holder.done();
    pool.close();
  }
  writeManifest(disk, vault, manifest);
  const check: BackupCheck = {
    version: 1,
    backup: manifest.id,
    at: new Date(now()).toISOString(),
    level: 'opens',
    seconds: (now() - started) / 1000,
    problems: [],
    stores: [],
  };
  writeCheck(disk, vault, check);
  return { manifest, check };
}
