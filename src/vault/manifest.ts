/**
 * The manifest of a backup: JSON that says which content belongs to which path, named after its own hash, so that a manifest that
 * rotted is seen as well. Beside it the same as a list for `sha256sum`. Both are written once, when every content is there.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Disk, Path } from '../disk/disk.ts';
import { bytesOf, joinPath, shownPath } from '../disk/paths.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import type { Manifest, ManifestFile } from './model.ts';
import type { VaultFolder } from './vault-folder.ts';

const ID = /^\d{4}-\d{2}-\d{2}T\d{6}\.\d{3}Z-[0-9a-f]{12}$/;
const WRITTEN_ONCE = 0o400;

/** The id: the moment to the millisecond, so that names sort by time, and the beginning of the hash of everything else. */
export function withId(fields: Omit<Manifest, 'version' | 'id'>): Manifest {
  const moment = fields.at.replaceAll(':', '');
  return { version: 1, id: `${moment}-${digestOf({ version: 1, ...fields })}`, ...fields };
}

function digestOf(withoutId: Omit<Manifest, 'id'>): string {
  return createHash('sha256').update(JSON.stringify(withoutId)).digest('hex').slice(0, 12);
}

/** One line per file, so that it can be searched with what lies at hand. */
export function manifestText(manifest: Manifest): string {
  const lines = Object.entries(manifest).map(([key, value]) => {
    if (!Array.isArray(value) || value.length === 0) return `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    return `  ${JSON.stringify(key)}: [\n${value.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

/** As `sha256sum` writes it: a name with a line break or a backslash has these escaped, and its line begins with a backslash. */
export function listText(files: readonly ManifestFile[]): Buffer {
  const lines = files.flatMap((file) => {
    if (file.kind !== 'file') return [];
    const name = bytesOf(file.path).toString('latin1');
    const escaped = name.replace(/[\\\n\r]/g, (mark) => (mark === '\\' ? '\\\\' : mark === '\n' ? '\\n' : '\\r'));
    return [`${escaped === name ? '' : '\\'}${file.sha256}  ${escaped}\n`];
  });
  return Buffer.from(lines.join(''), 'latin1');
}

/** The list first: a backup is there when its manifest is. Everything it names must be on the disk already. */
export function writeManifest(disk: Disk, vault: VaultFolder, manifest: Manifest): void {
  place(disk, vault, joinPath(vault.backups, `${manifest.id}.sha256`), listText(manifest.files));
  disk.syncFolder(vault.backups);
  place(disk, vault, joinPath(vault.backups, `${manifest.id}.json`), Buffer.from(manifestText(manifest)));
  disk.syncFolder(vault.backups);
}

/** Whole or not there. */
export function place(disk: Disk, vault: VaultFolder, path: Path, bytes: Uint8Array): void {
  const part = joinPath(vault.part, randomBytes(12).toString('hex'));
  writeNewFile(disk, part, bytes, WRITTEN_ONCE, { mode: WRITTEN_ONCE });
  try {
    disk.rename(part, path);
  } catch (error) {
    disk.unlink(part);
    throw error;
  }
}

/** Oldest first, as their names sort. */
export function backupIds(disk: Disk, vault: VaultFolder): readonly string[] {
  if (disk.lstat(vault.backups) === null) return [];
  return disk
    .readdir(vault.backups)
    .map((name) => name.toString('latin1'))
    .flatMap((name) => (name.endsWith('.json') && ID.test(name.slice(0, -5)) ? [name.slice(0, -5)] : []))
    .sort();
}

/** All of them, oldest first; one that is damaged is there with what is wrong. */
export function readManifests(
  disk: Disk,
  vault: VaultFolder,
): readonly { readonly id: string; readonly manifest: Manifest | null; readonly problem: string | null }[] {
  return backupIds(disk, vault).map((id) => {
    try {
      return { id, manifest: readManifest(disk, vault, id), problem: null };
    } catch (error) {
      if (!(error instanceof DesprawlError)) throw error;
      return { id, manifest: null, problem: error.message };
    }
  });
}

/** Throws `DSP-VAULT-DAMAGED` where it is not what was written. */
export function readManifest(disk: Disk, vault: VaultFolder, id: string): Manifest {
  const path = joinPath(vault.backups, `${id}.json`);
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readText(disk, path)) as Manifest;
  } catch (cause) {
    throw damaged(path, `cannot be read: ${(cause as Error).message}`, cause);
  }
  if (manifest.version !== 1) {
    throw new DesprawlError(
      'DSP-STATE',
      `${shownPath(path)} is of version ${JSON.stringify(manifest.version)}, which this desprawl does not read.`,
      { hint: 'Use the version of desprawl that made it.' },
    );
  }
  const { id: written, ...rest } = manifest;
  if (written !== id || !id.endsWith(`-${digestOf(rest)}`)) throw damaged(path, 'is not what was written there');
  return manifest;
}

export function readText(disk: Disk, path: Path): string {
  const file = disk.open(path, 'read');
  try {
    const bytes = Buffer.alloc(file.stat().size);
    let length = 0;
    while (length < bytes.length) {
      const read = file.read(bytes.subarray(length), length);
      if (read === 0) break;
      length += read;
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    file.close();
  }
}

/** `name`: an id, the beginning of one, or the hash at its end. Throws `DSP-BACKUP-UNKNOWN`. */
export function findBackup(ids: readonly string[], name: string): string {
  const found = ids.filter((id) => id.startsWith(name) || id.slice(-12).startsWith(name));
  const [only] = found;
  if (only !== undefined && found.length === 1 && name !== '') return only;
  const exact = ids.find((id) => id === name);
  if (exact !== undefined) return exact;
  throw new DesprawlError(
    'DSP-BACKUP-UNKNOWN',
    found.length > 1 ? `${name} could be ${found.length} backups.` : `There is no backup ${name}.`,
  );
}

function damaged(path: Path, what: string, cause?: unknown): DesprawlError {
  return new DesprawlError('DSP-VAULT-DAMAGED', `${shownPath(path)} ${what}.`, cause === undefined ? {} : { cause });
}
