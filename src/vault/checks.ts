/** What verifications found: `checks/<id>-<nnnn>.json`, one more file each time. */
import type { Disk } from '../disk/disk.ts';
import { joinPath } from '../disk/paths.ts';
import { place, readText } from './manifest.ts';
import type { BackupCheck, VerifiedLevel } from './model.ts';
import type { VaultFolder } from './vault-folder.ts';

/** Each includes those before it. */
export const LEVELS: readonly VerifiedLevel[] = ['bytes', 'opens', 'contents', 'rehearsed'];

export function writeCheck(disk: Disk, vault: VaultFolder, check: BackupCheck): void {
  const last = namesOf(disk, vault, check.backup).at(-1);
  const number = last === undefined ? 1 : Number(last.slice(check.backup.length + 1, -5)) + 1;
  const name = `${check.backup}-${String(number).padStart(4, '0')}.json`;
  place(disk, vault, joinPath(vault.checks, name), Buffer.from(`${JSON.stringify(check, null, 2)}\n`));
  disk.syncFolder(vault.checks);
}

/** Oldest first. One that cannot be read says nothing, as if it had not been made. */
export function readChecks(disk: Disk, vault: VaultFolder, backup: string): readonly BackupCheck[] {
  return namesOf(disk, vault, backup).flatMap((name) => {
    try {
      const check = JSON.parse(readText(disk, joinPath(vault.checks, name))) as BackupCheck;
      return check.version === 1 && check.backup === backup ? [check] : [];
    } catch {
      return [];
    }
  });
}

/** The files of a backup's checks, for who removes them. */
export function namesOf(disk: Disk, vault: VaultFolder, backup: string): readonly string[] {
  if (disk.lstat(vault.checks) === null) return [];
  return disk
    .readdir(vault.checks)
    .map((name) => name.toString('latin1'))
    .filter((name) => name.startsWith(`${backup}-`) && /^\d{4,}\.json$/.test(name.slice(backup.length + 1)))
    .sort();
}

export interface Standing {
  /** The highest level that was reached since the last problem; `null`: none. */
  readonly level: VerifiedLevel | null;
  /** Of the last check. */
  readonly at: string | null;
  readonly problems: BackupCheck['problems'];
}

/** What all checks together say: one that found problems takes away what earlier ones said. */
export function standingOf(checks: readonly BackupCheck[]): Standing {
  let level: VerifiedLevel | null = null;
  for (const check of checks) {
    if (check.problems.length > 0) level = null;
    else if (level === null || LEVELS.indexOf(check.level) > LEVELS.indexOf(level)) level = check.level;
  }
  const last = checks.at(-1);
  return { level, at: last?.at ?? null, problems: last?.problems ?? [] };
}
