/**
 * Where things lie in a vault (`docs/vault.md`), and its making: 0700, a file that says which format it has, folders that are on the
 * disk before anything is put into them. A vault of another format is refused, not guessed at.
 */
import type { Disk, Path } from '../disk/disk.ts';
import { folderOf, joinPath, shownPath } from '../disk/paths.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';

export interface VaultFolder {
  readonly path: Path;
  readonly format: Path;
  readonly objects: Path;
  readonly backups: Path;
  readonly checks: Path;
  /** What is being written. */
  readonly part: Path;
}

export const VAULT_FORMAT = 'desprawl vault 1\n';
const PRIVATE_FOLDER = 0o700;

export function vaultFolder(path: Path): VaultFolder {
  const at = (name: string): Path => joinPath(path, name);
  return {
    path,
    format: at('format'),
    objects: at('objects'),
    backups: at('backups'),
    checks: at('checks'),
    part: at('part'),
  };
}

/** `false`: there is none yet. Throws `DSP-STATE` where it is of another format. */
export function isVault(disk: Disk, vault: VaultFolder): boolean {
  const stat = disk.lstat(vault.format);
  if (stat === null) return false;
  const bytes = Buffer.alloc(256);
  const file = disk.open(vault.format, 'read');
  let text: string;
  try {
    text = bytes.subarray(0, file.read(bytes, 0)).toString('utf8');
  } finally {
    file.close();
  }
  if (text === VAULT_FORMAT) return true;
  throw new DesprawlError(
    'DSP-STATE',
    `${shownPath(vault.path)} is no vault that this desprawl reads: its format is ${JSON.stringify(text.trim())}.`,
    { hint: 'Use the version of desprawl that made it, or another folder (`state:` in `desprawl.yaml`).' },
  );
}

/** Makes what is missing. On return every folder is on the disk, also one that a killed process had made. */
export function makeVault(disk: Disk, vault: VaultFolder): void {
  const there = isVault(disk, vault);
  for (const folder of [vault.path, vault.objects, vault.backups, vault.checks, vault.part]) makeFolder(disk, folder);
  disk.syncFolder(vault.objects);
  if (!there) writeFormat(disk, vault);
  disk.syncFolder(vault.path);
  disk.syncFolder(folderOf(vault.path));
}

/** `true`: it was not there. */
export function makeFolder(disk: Disk, folder: Path): boolean {
  try {
    disk.mkdir(folder, PRIVATE_FOLDER);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (disk.lstat(folder)?.kind === 'folder') return false;
    throw new DesprawlError('DSP-STATE', `${shownPath(folder)} is no folder, and the vault needs one there.`, {
      cause: error,
    });
  }
}

/** Written under another name first: a crash must not leave half a format, which would be another one. */
function writeFormat(disk: Disk, vault: VaultFolder): void {
  const part = joinPath(vault.part, 'format');
  if (disk.lstat(part) !== null) disk.unlink(part);
  writeNewFile(disk, part, Buffer.from(VAULT_FORMAT), 0o400);
  disk.rename(part, vault.format);
}

/** Takes away what killed processes left half written. Only for who holds the state: nobody else writes into the vault then. */
export function sweepParts(disk: Disk, vault: VaultFolder): void {
  if (disk.lstat(vault.part) === null) return;
  makeWritable(disk, vault.part);
  removeBelow(disk, vault.part);
}

/** Of our own temporary folders only. */
export function removeBelow(disk: Disk, folder: Path): void {
  for (const name of disk.readdir(folder)) {
    const path = joinPath(folder, name);
    if (disk.lstat(path)?.kind === 'folder') {
      removeBelow(disk, path);
      disk.rmdir(path);
    } else {
      disk.unlink(path);
    }
  }
}

/** A restored folder may be read-only, and could then not be emptied. */
export function makeWritable(disk: Disk, folder: Path): void {
  disk.setAttributes(folder, { mode: PRIVATE_FOLDER });
  for (const name of disk.readdir(folder)) {
    const path = joinPath(folder, name);
    if (disk.lstat(path)?.kind === 'folder') makeWritable(disk, path);
  }
}
