/**
 * Removes from the vault what a plan of pruning says: manifests first and durably, then contents. Killed in between, it leaves contents
 * that nothing names, which the next one removes; never a manifest without its contents.
 */
import type { Disk, Path } from '../disk/disk.ts';
import { folderSet } from '../disk/folder-set.ts';
import { folderOf, joinPath } from '../disk/paths.ts';
import { namesOf } from './checks.ts';
import { backupIds } from './manifest.ts';
import type { StoredObjects } from './objects.ts';
import type { PrunePlan, StoredObject } from './prune-plan.ts';
import { sweepParts, type VaultFolder } from './vault-folder.ts';

const SHA256 = /^[0-9a-f]{64}$/;

/** Everything that lies among the contents under the name of one. */
export function listObjects(disk: Disk, vault: VaultFolder): readonly StoredObject[] {
  if (disk.lstat(vault.objects) === null) return [];
  return disk.readdir(vault.objects).flatMap((prefix) => {
    const folder = joinPath(vault.objects, prefix);
    if (disk.lstat(folder)?.kind !== 'folder') return [];
    return disk.readdir(folder).flatMap((name) => {
      const sha256 = name.toString('latin1');
      const stat = SHA256.test(sha256) ? disk.lstat(joinPath(folder, name)) : null;
      if (stat?.kind !== 'file') return [];
      return [{ sha256, bytes: stat.size, at: Number(stat.ctimeNs / 1_000_000n) }];
    });
  });
}

/** The caller holds the state. */
export function prune(disk: Disk, vault: VaultFolder, objects: Pick<StoredObjects, 'pathOf'>, plan: PrunePlan): void {
  sweepParts(disk, vault);
  for (const { id } of plan.remove) disk.unlink(joinPath(vault.backups, `${id}.json`));
  disk.syncFolder(vault.backups);
  for (const path of leftovers(disk, vault)) disk.unlink(path);
  const dirty = folderSet();
  for (const { sha256 } of plan.objects) {
    const path = objects.pathOf(sha256);
    disk.unlink(path);
    dirty.add(folderOf(path));
  }
  dirty.sync(disk);
}

/** Lists and checks of backups that are no more. */
function leftovers(disk: Disk, vault: VaultFolder): readonly Path[] {
  const ids = new Set(backupIds(disk, vault));
  const without = new Set<string>();
  const lists = disk.readdir(vault.backups).flatMap((name) => {
    const id = /^(.+)\.sha256$/.exec(name.toString('latin1'))?.[1];
    if (id === undefined || ids.has(id)) return [];
    without.add(id);
    return [joinPath(vault.backups, name)];
  });
  const checks = [...without].flatMap((id) => namesOf(disk, vault, id).map((name) => joinPath(vault.checks, name)));
  return [...checks, ...lists];
}
