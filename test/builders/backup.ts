/** Backups of real projects in folders of their own, as tests ask for them. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realDisk } from '../../src/disk/real-disk.ts';
import { openPool, type Pool } from '../../src/stores/child/pool.ts';
import type { BackupRequest } from '../../src/vault/backup-request.ts';
import { type Backup, createBackup } from '../../src/vault/create.ts';
import { openObjects, type StoredObjects } from '../../src/vault/objects.ts';
import { type VaultFolder, vaultFolder } from '../../src/vault/vault-folder.ts';
import type { VerifyGround } from '../../src/vault/verify-backup.ts';

export interface Place {
  /** The project. */
  readonly root: string;
  readonly vault: string;
  readonly folder: VaultFolder;
  request(over: Partial<BackupRequest>): BackupRequest;
  backup(over: Partial<BackupRequest>): Promise<Backup>;
  objects(): StoredObjects;
  /** With children of its own, ended by `close`. */
  ground(): VerifyGround;
  /** A path that is not there. */
  beside(name: string): string;
  close(): void;
}

export function openPlace(): Place {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'place-')));
  const root = join(dir, 'project');
  const vault = join(dir, 'state', 'vault');
  mkdirSync(root);
  mkdirSync(join(dir, 'state'), { mode: 0o700 });
  const pools: Pool[] = [];
  const request = (over: Partial<BackupRequest>): BackupRequest => ({
    disk: realDisk,
    vault,
    project: { root, git: null },
    tool: '0.0.0',
    why: { kind: 'create' },
    keep: null,
    files: [],
    stores: [],
    waitSeconds: 0,
    now: () => Date.now(),
    ...over,
  });
  return {
    root,
    vault,
    folder: vaultFolder(vault),
    request,
    backup: (over) => createBackup(request(over)),
    objects: () => openObjects(realDisk, vault),
    ground: () => {
      const pool = openPool({ size: 1, tempDir: dir });
      pools.push(pool);
      return { disk: realDisk, objects: openObjects(realDisk, vault), pool, now: () => Date.now() };
    },
    beside: (name) => join(dir, name),
    close: () => {
      for (const pool of pools) pool.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
