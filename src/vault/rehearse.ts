/** Restores a backup as a whole into a scratch folder, compares it file by file, says how long that took, and takes it away again. */
import { randomBytes } from 'node:crypto';
import type { Path } from '../disk/disk.ts';
import { same, stateOf } from '../disk/path-state.ts';
import { joinPath, shownPath } from '../disk/paths.ts';
import { toMicroseconds } from '../disk/times.ts';
import { DesprawlError } from '../errors.ts';
import type { BackupCheck, Manifest, ManifestFile } from './model.ts';
import { restoredPath, restoreTo } from './restore.ts';
import { makeWritable, removeBelow, type VaultFolder } from './vault-folder.ts';
import type { VerifyGround } from './verify-backup.ts';

export interface Rehearsal {
  readonly problems: BackupCheck['problems'];
  /** For restoring alone. */
  readonly seconds: number;
  readonly files: number;
  readonly bytes: number;
}

/** In the vault, where a restored store is as private as its backup. Throws `DSP-NO-SPACE`. */
export function rehearse(ground: VerifyGround, vault: VaultFolder, manifest: Manifest): Rehearsal {
  const { disk, now } = ground;
  const needed = manifest.bytes.files;
  const free = disk.free(vault.path);
  if (free < BigInt(needed)) {
    throw new DesprawlError(
      'DSP-NO-SPACE',
      `Rehearsing ${manifest.id} needs ${needed.toLocaleString('en-US')} bytes in ${shownPath(vault.path)}, and ${free.toLocaleString('en-US')} are free there.`,
    );
  }
  const to = joinPath(vault.part, randomBytes(12).toString('hex'));
  const started = now();
  try {
    const { files, bytes } = restoreTo(ground, manifest, manifest.files, to);
    const seconds = (now() - started) / 1000;
    return { problems: manifest.files.flatMap((file) => differs(ground, to, file)), seconds, files, bytes };
  } catch (error) {
    if (!(error instanceof DesprawlError) || error.code !== 'DSP-VAULT-DAMAGED') throw error;
    const seconds = (now() - started) / 1000;
    return { problems: [{ path: '', what: error.message }], seconds, files: 0, bytes: 0 };
  } finally {
    if (disk.lstat(to) !== null) {
      makeWritable(disk, to);
      removeBelow(disk, to);
      disk.rmdir(to);
    }
  }
}

function differs({ disk }: VerifyGround, root: Path, file: ManifestFile): BackupCheck['problems'] {
  const found = stateOf(disk, restoredPath(root, file.path));
  if (!same(found, file)) return [{ path: file.path, what: `restored, it is ${found.kind} of other content or mode` }];
  if (found.kind !== 'file' || file.kind !== 'file') return [];
  const [was, is] = [file.mtime, found.mtime].map((ns) => toMicroseconds(BigInt(ns ?? 0)));
  return was === is ? [] : [{ path: file.path, what: 'restored, it has another time' }];
}
