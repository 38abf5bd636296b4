/** What the commands on backups stand on: the vault of the project, and its runs, which need what lies in it. */
import type { ProjectGround } from '../../../apply/ground.ts';
import type { KnownRun, KnownRuns } from '../../../apply/known-runs.ts';
import type { BackupDocument } from '../../../report/backup/documents.ts';
import type { StoredObjects } from '../../../vault/objects.ts';
import type { PruneRequest, RunNeeds } from '../../../vault/prune-plan.ts';
import type { VaultFolder } from '../../../vault/vault-folder.ts';
import { type CommonOptions, type Context, page } from '../../context.ts';
import { openGround } from '../../open-ground.ts';

export interface BackupOptions extends CommonOptions {
  readonly dryRun?: boolean;
  readonly config?: string;
}

export interface OpenedVault {
  readonly ground: ProjectGround;
  readonly vault: VaultFolder;
  readonly objects: StoredObjects;
}

/** Makes nothing. Throws `DSP-STATE` where the vault is of another format. */
export async function openVault(context: Context, options: BackupOptions, command: string): Promise<OpenedVault> {
  const [ground, { openObjects }, { vaultFolder }] = await Promise.all([
    openGround(context, options, command, () => {}),
    import('../../../vault/objects.ts'),
    import('../../../vault/vault-folder.ts'),
  ]);
  const { vault } = ground.state;
  return { ground, vault: vaultFolder(vault), objects: openObjects(context.disk, vault) };
}

export async function print(context: Context, options: CommonOptions, document: BackupDocument): Promise<void> {
  if (options.json === true) {
    await context.out.write((await import('../../../report/json.ts')).toJson(document));
  } else {
    const { backupToTerminal } = await import('../../../report/backup/backup-terminal.ts');
    await context.out.write(backupToTerminal(document, page(context.out, options)));
  }
}

/** Everything that pruning is decided by, read now. */
export async function pruneRequest({ ground, vault }: OpenedVault, known: KnownRuns): Promise<PruneRequest> {
  const [{ readManifests }, { listObjects }, { objectsOf }] = await Promise.all([
    import('../../../vault/manifest.ts'),
    import('../../../vault/prune.ts'),
    import('../../../apply/run-objects.ts'),
  ]);
  const { disk, state, config, now } = ground;
  const needs = (run: KnownRun): RunNeeds => ({
    run: run.id,
    status: run.status.is,
    backups: run.header.backups,
    objects: () => objectsOf(disk, state, run.id),
  });
  // What a damaged run needs cannot be known: asked for, it says so, and nothing is removed.
  const damaged = known.damaged.map(
    ({ run }): RunNeeds => ({
      run,
      status: 'interrupted',
      backups: [],
      objects: () => objectsOf(disk, state, run),
    }),
  );
  return {
    backups: readManifests(disk, vault),
    objects: listObjects(disk, vault),
    runs: [...known.runs.map(needs), ...damaged],
    retention: config.retention,
    now: now(),
  };
}
