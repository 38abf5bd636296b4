/** `desprawl backup verify`: reads backups again, and asked for, restores them on trial. What was found is kept beside them. */
import type { Command } from 'commander';
import { EXIT } from '../../../errors.ts';
import type { BackupVerified, VerifiedOne } from '../../../report/backup/documents.ts';
import type { BackupCheck, Manifest } from '../../../vault/model.ts';
import type { VerifyGround } from '../../../vault/verify-backup.ts';
import type { CliCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { progressLine } from '../../progress.ts';
import { type BackupOptions, type OpenedVault, openVault, print } from './vault.ts';

interface Options extends BackupOptions {
  readonly rehearse?: boolean;
}

export const verifyCommand: CliCommand = {
  name: 'verify',
  summary: 'read backups again: every content, every snapshot with what SQLite can check',
  define: (command: Command) =>
    command
      .argument('[ids...]', 'backups, or beginnings of their names (default: all)')
      .option('--rehearse', 'restore each into a scratch folder, compare file by file, tell the time it took')
      .option('--dry-run', 'read, but keep no record of it and restore nothing'),
  run: async (context, args, common) => {
    const options = common as Options;
    const opened = await openVault(context, options, 'backup verify');
    const work = (): Promise<BackupVerified> => verifyAll(context, opened, args, options);
    const { withState } = await import('../../../apply/with-state.ts');
    const document = options.dryRun === true ? await work() : await withState(opened.ground, work);
    await print(context, options, document);
    return document.ok ? EXIT.ok : EXIT.no;
  },
};

async function verifyAll(
  context: Context,
  { ground, vault, objects }: OpenedVault,
  names: readonly string[],
  options: Options,
): Promise<BackupVerified> {
  const [{ backupIds, findBackup, readManifests }, { openPool }, { openScratch }] = await Promise.all([
    import('../../../vault/manifest.ts'),
    import('../../../stores/child/pool.ts'),
    import('../../../stores/scratch.ts'),
  ]);
  const { disk } = ground;
  const ids = backupIds(disk, vault);
  const chosen = new Set(names.length === 0 ? ids : names.map((name) => findBackup(ids, name)));
  const scratch = openScratch(context.scratchDir);
  const pool = openPool({ size: 1, tempDir: scratch.dir, signal: context.signal });
  const progress = progressLine(context, options);
  const on: VerifyGround = {
    disk,
    objects,
    pool,
    now: ground.now,
    signal: context.signal,
    onProgress: (one) => progress.report({ phase: 'read', ...one }),
  };
  const backups: VerifiedOne[] = [];
  try {
    for (const { id, manifest, problem } of readManifests(disk, vault)) {
      if (!chosen.has(id)) continue;
      backups.push(
        manifest === null
          ? { id, level: 'bytes', problems: [{ path: '', what: problem ?? '' }], stores: [], seconds: 0 }
          : await verifyOne(on, vault, manifest, options),
      );
    }
  } finally {
    progress.done();
    pool.close();
    scratch.close();
  }
  const ok = backups.every(({ problems }) => problems.length === 0);
  return { version: 1, command: 'verify', dryRun: options.dryRun === true, ok, backups };
}

async function verifyOne(
  on: VerifyGround,
  vault: OpenedVault['vault'],
  manifest: Manifest,
  { rehearse: isAsked, dryRun }: Options,
): Promise<VerifiedOne> {
  const [{ verifyBackup }, { rehearse }, { writeCheck }] = await Promise.all([
    import('../../../vault/verify-backup.ts'),
    import('../../../vault/rehearse.ts'),
    import('../../../vault/checks.ts'),
  ]);
  const read = await verifyBackup(on, manifest, 'contents');
  let check: BackupCheck = read;
  let rehearsal: VerifiedOne['rehearsal'];
  if (isAsked === true && dryRun === true) {
    rehearsal = { files: manifest.files.length, bytes: manifest.bytes.files };
  } else if (isAsked === true) {
    const { problems, ...measured } = rehearse(on, vault, manifest);
    rehearsal = measured;
    check = { ...read, level: 'rehearsed', problems: [...read.problems, ...problems] };
  }
  if (dryRun !== true) writeCheck(on.disk, vault, check);
  const { level, problems, stores, seconds } = check;
  return { id: manifest.id, level, problems, stores, seconds, ...(rehearsal === undefined ? {} : { rehearsal }) };
}
