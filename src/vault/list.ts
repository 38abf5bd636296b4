/** What the vault holds, one line per backup: what it is for, how large, how far verified, and what it would free. */
import type { Disk } from '../disk/disk.ts';
import { readChecks, type Standing, standingOf } from './checks.ts';
import { readManifests } from './manifest.ts';
import type { BackupReason, Manifest } from './model.ts';
import type { VaultFolder } from './vault-folder.ts';

export interface BackupSummary {
  readonly id: string;
  readonly at: string;
  readonly why: BackupReason;
  readonly keep: Manifest['keep'];
  readonly files: number;
  readonly stores: number;
  readonly notTaken: number;
  /** Of its files; contents that it shares with others included. */
  readonly bytes: number;
  /** Of contents that only it needs. */
  readonly own: number;
  readonly verified: Standing;
}

export interface VaultList {
  readonly backups: readonly BackupSummary[];
  readonly damaged: readonly { readonly id: string; readonly problem: string }[];
}

export function listBackups(disk: Disk, vault: VaultFolder): VaultList {
  const all = readManifests(disk, vault);
  const users = new Map<string, number>();
  for (const { manifest } of all) {
    for (const sha256 of sizesOf(manifest).keys()) users.set(sha256, (users.get(sha256) ?? 0) + 1);
  }
  const backups = all.flatMap(({ id, manifest }) => {
    if (manifest === null) return [];
    const own = [...sizesOf(manifest)].reduce((sum, [sha256, bytes]) => sum + (users.get(sha256) === 1 ? bytes : 0), 0);
    const summary: BackupSummary = {
      id,
      at: manifest.at,
      why: manifest.why,
      keep: manifest.keep,
      files: manifest.files.length,
      stores: manifest.stores.length,
      notTaken: manifest.notTaken.length,
      bytes: manifest.bytes.files,
      own,
      verified: standingOf(readChecks(disk, vault, id)),
    };
    return [summary];
  });
  return { backups, damaged: all.flatMap(({ id, problem }) => (problem === null ? [] : [{ id, problem }])) };
}

function sizesOf(manifest: Manifest | null): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  if (manifest === null) return sizes;
  for (const file of manifest.files) if (file.kind === 'file') sizes.set(file.sha256, file.bytes);
  for (const { snapshot } of manifest.stores) if (snapshot !== undefined) sizes.set(snapshot.sha256, snapshot.bytes);
  return sizes;
}
