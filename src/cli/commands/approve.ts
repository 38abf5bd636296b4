/** `desprawl approve PLAN`: records who approved which state of a plan. It proves nothing against who can write the file, and says so. */
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { Approval } from '../../plan/model.ts';
import type { CliCommand } from '../command.ts';
import type { CommonOptions, Context } from '../context.ts';
import { whoIs } from '../who-is.ts';

interface Options extends CommonOptions {
  readonly config?: string;
}

export const approveCommand: CliCommand = {
  name: 'approve',
  summary: 'record in a plan that you approve it as it is now',
  define: (command: Command) =>
    command
      .argument('<plan>', 'the plan file')
      .option('--config <file>', 'configuration instead of desprawl.yaml of the project'),
  run: async (context, args, common) => {
    const options = common as Options;
    const [{ openState }, { readPlanFile }, { planHash }, { findLock }, { updatePlan }, { putOwnFile }, { toJson }] =
      await Promise.all([
        import('../open-state.ts'),
        import('../plan-file.ts'),
        import('../../plan/intent.ts'),
        import('../../apply/lock-files.ts'),
        import('../../plan/update-plan.ts'),
        import('../../steps/put-own-file.ts'),
        import('../../report/json.ts'),
      ]);
    const { root, config, state } = await openState(context, options);
    const file = readPlanFile(context.cwd, args[0] ?? '', config);
    const hash = planHash(file.plan);
    const lock = findLock(context.disk, state, file.plan.plan, hash);
    if (lock === null) throw new DesprawlError('DSP-PLAN-UNLOCKED', `${file.name} was never measured on this machine.`);
    if (lock.hash !== hash) {
      throw new DesprawlError(
        'DSP-PLAN-STALE',
        `${file.name} was edited since it was measured: what would be approved is not known.`,
        {
          hint: `Run \`desprawl plan --from ${file.name}\`, look at it, then approve it.`,
        },
      );
    }
    const approval: Approval = { by: whoIs(root), at: new Date(context.now()).toISOString(), hash, code: lock.code };
    const known = file.plan.approvals.some(
      (one) => one.by === approval.by && one.hash === hash && one.code === lock.code,
    );
    if (!known) {
      const plan = { ...file.plan, approvals: [...file.plan.approvals, approval] };
      putOwnFile(context.disk, file.path, file.text, updatePlan(file.text, plan, file.name));
    }
    const open = file.plan.decisions.filter(({ chosen }) => chosen === null).map(({ id }) => id);
    if (options.json === true)
      await context.out.write(toJson({ version: 1, plan: file.plan.plan, file: file.name, ...approval, open }));
    else await say(context, file.name, approval, known, open);
    return EXIT.ok;
  },
};

async function say(
  { out }: Context,
  name: string,
  { by, hash, code }: Approval,
  known: boolean,
  open: readonly string[],
): Promise<void> {
  const lines = [
    `${name} ${known ? 'was approved already' : 'is approved'} by ${by}`,
    `  plan ${hash.slice(0, 12)}, code ${code.slice(0, 12)}; every edit that has an effect ends it`,
    ...(open.length === 0 ? [] : [`  still open: ${open.join(', ')}; an answer is such an edit`]),
    '  who can write the file can write this too: it is a record, not a seal',
  ];
  await out.write(`${lines.join('\n')}\n`);
}
