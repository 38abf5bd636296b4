/** `desprawl backup restore`: files of a backup into a new folder, as they were. What the project has stays as it is. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../../errors.ts';
import type { BackupRestored } from '../../../report/backup/documents.ts';
import type { CliCommand } from '../../command.ts';
import { type BackupOptions, openVault, print } from './vault.ts';

interface Options extends BackupOptions {
  readonly to: string;
}

export const restoreCommand: CliCommand = {
  name: 'restore',
  summary: 'put a backup, or files of it, into a new folder; the project is not touched',
  define: (command: Command) =>
    command
      .argument('<id>', 'a backup, or the beginning of its name')
      .argument('[paths...]', 'files or folders of it (default: all); a store comes with its sidecars')
      .requiredOption('--to <dir>', 'a folder that is not there, or is empty')
      .option('--dry-run', 'say what would be put there; write nothing'),
  run: async (context, [name = '', ...paths], common) => {
    const options = common as Options;
    const { ground, vault, objects } = await openVault(context, options, 'backup restore');
    const [{ backupIds, findBackup, readManifest }, { filesToRestore, restoreTo }, { readChecks, standingOf }] =
      await Promise.all([
        import('../../../vault/manifest.ts'),
        import('../../../vault/restore.ts'),
        import('../../../vault/checks.ts'),
      ]);
    const { disk, now, signal } = { ...ground, signal: context.signal };
    const id = findBackup(backupIds(disk, vault), name);
    const manifest = readManifest(disk, vault, id);
    const files = filesToRestore(
      manifest,
      paths.map((path) => path.replace(/^\.\//, '')),
    );
    const to = resolve(context.cwd, options.to);
    const started = now();
    const bytes = files.reduce((sum, file) => sum + (file.kind === 'file' ? file.bytes : 0), 0);
    const restored =
      options.dryRun === true
        ? { files: files.length, bytes, otherOwner: [] }
        : attempt(to, () => restoreTo({ disk, objects, signal }, manifest, files, to));
    const document: BackupRestored = {
      version: 1,
      command: 'restore',
      dryRun: options.dryRun === true,
      id,
      to,
      ...restored,
      verified: standingOf(readChecks(disk, vault, id)),
      seconds: (now() - started) / 1000,
    };
    await print(context, options, document);
    return EXIT.ok;
  },
};

function attempt<T>(to: string, restore: () => T): T {
  try {
    return restore();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof DesprawlError || code === undefined) throw error;
    const why = code === 'ENOENT' ? 'the folder that it is to be in is not there' : message;
    throw new DesprawlError(
      code === 'ENOSPC' || code === 'EDQUOT' ? 'DSP-NO-SPACE' : 'DSP-WRITE-FAILED',
      `${to} could not be written: ${why}. Nothing was left there.`,
      { cause: error },
    );
  }
}
