/** `desprawl backup list`: what the vault holds; with an id, what is in that backup. Changes nothing. */
import type { Command } from 'commander';
import { EXIT } from '../../../errors.ts';
import type { BackupDocument } from '../../../report/backup/documents.ts';
import type { CliCommand } from '../../command.ts';
import { type BackupOptions, type OpenedVault, openVault, print, pruneRequest } from './vault.ts';

export const listCommand: CliCommand = {
  name: 'list',
  summary: 'list backups with date, reason, size and how far they are verified; changes nothing',
  define: (command: Command) =>
    command
      .argument('[id]', 'a backup, or the beginning of its name: its files')
      .option('--dry-run', 'the same: listing changes nothing'),
  run: async (context, [id], common) => {
    const options = common as BackupOptions;
    const opened = await openVault(context, options, 'backup list');
    await print(context, options, id === undefined ? await all(opened) : await one(opened, id));
    return EXIT.ok;
  },
};

async function all(opened: OpenedVault): Promise<BackupDocument> {
  const [{ listBackups }, { planPrune }, { knownRuns }] = await Promise.all([
    import('../../../vault/list.ts'),
    import('../../../vault/prune-plan.ts'),
    import('../../../apply/known-runs.ts'),
  ]);
  const { ground, vault } = opened;
  const known = knownRuns(ground.disk, ground.state);
  const request = await pruneRequest(opened, known);
  return {
    version: 1,
    command: 'list',
    dryRun: false,
    vault: ground.state.vault,
    ...listBackups(ground.disk, vault),
    bytes: request.objects.reduce((sum, { bytes }) => sum + bytes, 0),
    prunable: known.damaged.length > 0 ? 0 : planPrune(request).bytes,
  };
}

async function one({ ground, vault }: OpenedVault, name: string): Promise<BackupDocument> {
  const [{ backupIds, findBackup, readManifest }, { listBackups }] = await Promise.all([
    import('../../../vault/manifest.ts'),
    import('../../../vault/list.ts'),
  ]);
  const { disk } = ground;
  const id = findBackup(backupIds(disk, vault), name);
  const { files, stores, notTaken } = readManifest(disk, vault, id);
  const backup = listBackups(disk, vault).backups.find((summary) => summary.id === id);
  if (backup === undefined) throw new RangeError(`the backup ${id} was read and is not listed`);
  return { version: 1, command: 'list', dryRun: false, backup, files, stores, notTaken };
}
