/** `desprawl backup create`: the stores of the project, or the paths named, into the vault. The project is not changed. */
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../../errors.ts';
import type { BackupCreated } from '../../../report/backup/documents.ts';
import type { BackupRequest } from '../../../vault/backup-request.ts';
import { atLeastZero, type CliCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { progressLine } from '../../progress.ts';
import { type BackupOptions, type OpenedVault, openVault, print } from './vault.ts';

interface Options extends BackupOptions {
  readonly keep?: boolean;
  readonly wait: number;
}

export const createCommand: CliCommand = {
  name: 'create',
  summary: 'back up the stores of the project, or the paths named, and read everything back',
  define: (command: Command) =>
    command
      .argument('[paths...]', 'files and folders, relative to the project (default: all its stores)')
      .option('--keep', 'for ever: pruning leaves it')
      .option('--wait <seconds>', 'for who uses a store; then it is taken while it does not change', atLeastZero, 30)
      .option('--dry-run', 'measure what it would hold and need; write nothing'),
  run: async (context, args, common) => {
    const options = common as Options;
    const opened = await openVault(context, options, 'backup create');
    const request = await requestOf(context, opened, args, options);
    if (options.dryRun === true) {
      await print(context, options, await estimated(opened, request));
      return EXIT.ok;
    }
    const [{ withState }, { createBackup }] = await Promise.all([
      import('../../../apply/with-state.ts'),
      import('../../../vault/create.ts'),
    ]);
    const progress = progressLine(context, options);
    const document = await withState(opened.ground, async () => {
      try {
        const { manifest, check } = await createBackup({
          ...request,
          onProgress: (one) => progress.report({ phase: 'read', ...one }),
        });
        const { id, keep, files, stores, bytes, notTaken } = manifest;
        const created: BackupCreated = {
          version: 1,
          command: 'create',
          dryRun: false,
          id,
          vault: opened.ground.state.vault,
          keep,
          files: files.length,
          stores,
          bytes: bytes.files,
          new: bytes.new,
          free: Number(context.disk.free(opened.ground.state.vault)),
          level: check.level,
          notTaken,
          seconds: check.seconds,
        };
        return created;
      } finally {
        progress.done();
      }
    });
    await print(context, options, document);
    return document.notTaken.length === 0 ? EXIT.ok : EXIT.partly;
  },
};

async function requestOf(
  context: Context,
  { ground }: OpenedVault,
  paths: readonly string[],
  options: Options,
): Promise<BackupRequest> {
  const [{ namedPaths, storesOfProject }, { gitMark }] = await Promise.all([
    import('../../../vault/scope.ts'),
    import('../../../project/git.ts'),
  ]);
  const { root, config, state, tool, now } = ground;
  const scope = paths.length === 0 ? storesOfProject(root, config.ignore) : namedPaths(root, paths);
  if (scope.files.length === 0 && scope.stores.length === 0) {
    throw new DesprawlError('DSP-STORE-MISSING', 'There is nothing to back up: no store was found.', {
      hint: 'Name files or folders: `desprawl backup create PATH`. `desprawl audit` shows what counts as a store.',
    });
  }
  const git = await gitMark(root);
  return {
    disk: context.disk,
    vault: state.vault,
    project: { root, git },
    tool,
    why: { kind: 'create' },
    keep: options.keep === true ? 'forever' : null,
    ...scope,
    waitSeconds: options.wait,
    now,
    signal: context.signal,
  };
}

async function estimated({ ground }: OpenedVault, request: BackupRequest): Promise<BackupCreated> {
  const { estimateBackup } = await import('../../../vault/estimate.ts');
  const started = ground.now();
  const { files, bytes, new: added, free, notThere } = estimateBackup(request);
  return {
    version: 1,
    command: 'create',
    dryRun: true,
    id: null,
    vault: ground.state.vault,
    keep: request.keep,
    files,
    stores: request.stores.map(({ store }) => ({ store })),
    bytes,
    new: added,
    free,
    level: null,
    notTaken: notThere.map((path) => ({ path, why: 'it is not there' })),
    seconds: (ground.now() - started) / 1000,
  };
}
