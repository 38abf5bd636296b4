/** The way back is open: every backup of a run was read again, and each store in it opened and counted. */
import type { NotVerified, VerifyFinding } from '../apply/model.ts';
import { count, size } from '../audit/wording.ts';
import { shownPath } from '../disk/paths.ts';
import type { BackupCheck, Manifest } from '../vault/model.ts';
import type { Judged } from './model.ts';

export interface CheckedBackup {
  readonly id: string;
  /** `null`: it is not there, or cannot be read. */
  readonly manifest: Manifest | null;
  readonly check: BackupCheck | null;
}

export function backupsFinding(backups: readonly CheckedBackup[]): Judged {
  const places = backups.flatMap(({ id, manifest, check }) => {
    if (manifest === null || check === null) return [{ path: id, what: 'the backup is not in the vault' }];
    return check.problems.map(({ path, what }) => ({ path: shownPath(path), what: `${what} (backup ${id})` }));
  });
  const notVerified: NotVerified[] = backups.flatMap(({ manifest }) => [
    ...(manifest?.stores ?? []).flatMap(({ store, notVerified: why }) =>
      why === undefined ? [] : [{ what: `snapshot of ${shownPath(store)}`, why }],
    ),
  ]);
  const files = backups.reduce((sum, { manifest }) => sum + (manifest?.files.length ?? 0), 0);
  const bytes = backups.reduce((sum, { manifest }) => sum + (manifest?.bytes.files ?? 0), 0);
  const ok = places.length === 0;
  const finding: VerifyFinding = {
    what: 'backups',
    ok,
    detail: ok
      ? `${count(backups.length, 'backup')} read again: ${count(files, 'file')}, ${size(bytes)}, each as it was taken`
      : `${count(places.length, 'content')} missing or damaged`,
    places,
  };
  return { findings: [finding], notVerified };
}
