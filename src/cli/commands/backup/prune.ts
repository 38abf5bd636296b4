/** `desprawl backup prune`: removes what the retention of `desprawl.yaml` allows and nothing needs. Shows it first and asks. */
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../../errors.ts';
import type { BackupPruned } from '../../../report/backup/documents.ts';
import type { PrunePlan } from '../../../vault/prune-plan.ts';
import type { CliCommand } from '../../command.ts';
import { type Context, page } from '../../context.ts';
import { type BackupOptions, openVault, print, pruneRequest } from './vault.ts';

interface Options extends BackupOptions {
  readonly yes?: boolean;
}

export const pruneCommand: CliCommand = {
  name: 'prune',
  summary: 'remove backups that the retention allows to go and nothing needs; shows them and asks',
  define: (command: Command) =>
    command
      .option('--yes', 'do not ask')
      .option('--dry-run', 'show what would go and why the rest stays; remove nothing'),
  run: async (context, _args, common) => {
    const options = common as Options;
    const opened = await openVault(context, options, 'backup prune');
    const [{ planPrune }, { prune }, { isVault }, { withState }, { knownRuns }] = await Promise.all([
      import('../../../vault/prune-plan.ts'),
      import('../../../vault/prune.ts'),
      import('../../../vault/vault-folder.ts'),
      import('../../../apply/with-state.ts'),
      import('../../../apply/known-runs.ts'),
    ]);
    const { ground, vault, objects } = opened;
    if (options.dryRun === true || !isVault(ground.disk, vault)) {
      const plan = planPrune(await pruneRequest(opened, knownRuns(ground.disk, ground.state)));
      await print(context, options, documentOf(plan, options.dryRun === true));
      return EXIT.ok;
    }
    const done = await withState(ground, async (known) => {
      const plan = planPrune(await pruneRequest(opened, known));
      const isAgreed = options.yes === true || isNothing(plan) || (await agreed(context, options, plan));
      if (isAgreed) prune(ground.disk, vault, objects, plan);
      return isAgreed ? plan : null;
    });
    if (done === null) return EXIT.ok;
    await print(context, options, documentOf(done, false));
    return EXIT.ok;
  },
};

/** Throws `DSP-NO-TERMINAL` where nobody can be asked. */
async function agreed(context: Context, options: Options, plan: PrunePlan): Promise<boolean> {
  const [{ openAsk }, { backupToTerminal }] = await Promise.all([
    import('../../ask.ts'),
    import('../../../report/backup/backup-terminal.ts'),
  ]);
  const ask = openAsk(context, options);
  if (ask === null) {
    throw new DesprawlError(
      'DSP-NO-TERMINAL',
      'Removing backups needs an answer, and there is no terminal to ask in.',
      {
        hint: '`desprawl backup prune --dry-run` shows what would go; `--yes` removes it without asking.',
      },
    );
  }
  try {
    await context.err.write(backupToTerminal(documentOf(plan, true), page(context.err, options)));
    return await ask.confirm('Remove them for ever?', false);
  } finally {
    ask.close();
  }
}

function isNothing({ remove, objects }: PrunePlan): boolean {
  return remove.length === 0 && objects.length === 0;
}

function documentOf({ remove, keep, objects, bytes, allObjectsStay }: PrunePlan, dryRun: boolean): BackupPruned {
  return {
    version: 1,
    command: 'prune',
    dryRun,
    removed: remove,
    kept: keep,
    contents: objects.length,
    bytes,
    allContentsStay: allObjectsStay,
  };
}
