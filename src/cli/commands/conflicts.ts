/**
 * `desprawl conflicts [RUN]`: where two values were and who won; with `--plan`, where two would be and who will. `--take` settles them: after a run by a
 * plan of its own, before one in the plan. Changes nothing but that plan.
 */
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { ConflictsAnswer, PlannedConflictsDocument } from '../../merge/ledger/documents.ts';
import type { CliCommand } from '../command.ts';
import { type Context, page } from '../context.ts';
import { askedOf, filterOptions, ledgerGround, rowOptions } from '../ledger-options.ts';
import type { PlanFile } from '../plan-file.ts';
import type { OpenedPlan } from './conflicts/opened.ts';
import type { SettleOptions } from './conflicts/settle.ts';

interface Options extends SettleOptions {
  readonly plan?: string | true;
  readonly take?: readonly string[];
}

export const conflictsCommand: CliCommand = {
  name: 'conflicts',
  summary: 'show where rows had two values and which one won, or will by a plan; or plan that another one wins',
  define: (command: Command) =>
    rowOptions(
      filterOptions(command.argument('[run]', 'a run, by its name or the end of it; the newest in force that merged')),
    )
      .option('--plan [plan]', 'before a run: what would differ (default: desprawl-plan.yaml of the project)')
      .option(
        '--take <value>',
        'let it win: `users.phone from app.db`, with --plan `users.phone by newest`; may be given again',
        (value: string, all: readonly string[] = []) => [...all, value],
      )
      .option('--out <file>', 'where the plan that settles is written (default: desprawl-settle.yaml)'),
  run: async (context, [run], common) => {
    const options = common as Options;
    const form = page(context.out, options);
    const [{ toJson }, { conflictsToTerminal, plannedToTerminal }] = await Promise.all([
      import('../../report/json.ts'),
      import('../../report/ledger/conflicts-terminal.ts'),
    ]);
    if (options.plan !== undefined) {
      assertPlanned(run, options);
      const { openPlan } = await import('./conflicts/opened.ts');
      if (options.take !== undefined) {
        const { settleBefore } = await import('./conflicts/settle.ts');
        await settleBefore(context, await openPlan(context, options, options.plan), options, options.take);
      }
      const { file, document } = await planned(context, await openPlan(context, options, options.plan), options);
      const text = options.json === true ? toJson(document) : plannedToTerminal(document, { ...form, file: file.name });
      await context.out.write(text);
      return exitOf(document);
    }
    if (options.take !== undefined) {
      const { settleAfter } = await import('./conflicts/settle.ts');
      return settleAfter(context, run ?? null, options, options.take);
    }
    if (options.out !== undefined) throw new DesprawlError('DSP-USAGE', '--out names the plan that --take makes.');
    const { readConflicts } = await import('../../apply/read-ledger.ts');
    const document = await readConflicts(await ledgerGround(context, options), askedOf(run, options));
    await context.out.write(options.json === true ? toJson(document) : conflictsToTerminal(document, form));
    return exitOf(document);
  },
};

/** What is done is settled. */
function exitOf(document: ConflictsAnswer): number {
  return 'plan' in document && document.conflicts.some(({ state }) => state === 'open') ? EXIT.no : EXIT.ok;
}

function assertPlanned(run: string | undefined, { limit, showValues, out }: Options): void {
  if (out !== undefined)
    throw new DesprawlError('DSP-USAGE', '--out is about what is settled after a run: a plan is edited in place.');
  if (run !== undefined) throw new DesprawlError('DSP-USAGE', '`conflicts` takes a run or `--plan`, not both.');
  if (limit !== undefined || showValues !== undefined) {
    throw new DesprawlError('DSP-USAGE', 'Of a plan, columns are counted: --limit and --show-values are about rows.', {
      hint: '`desprawl diff A B --table NAME --show-values` shows rows of two stores.',
    });
  }
}

async function planned(
  context: Context,
  { root, config, file }: OpenedPlan,
  options: Options,
): Promise<{ readonly file: PlanFile; readonly document: PlannedConflictsDocument }> {
  const [{ auditOf }, { planConflicts }] = await Promise.all([
    import('./conflicts/opened.ts'),
    import('../../apply/plan-conflicts.ts'),
  ]);
  const { disk, cacheDir, scratchDir, signal } = context;
  const audit = await auditOf(context, options, { root, config });
  const document = await planConflicts({ plan: file.plan, audit, config, disk, cacheDir, scratchDir, signal });
  return { file, document: narrowed(document, options) };
}

function narrowed(document: PlannedConflictsDocument, { action, table, store }: Options): PlannedConflictsDocument {
  const isAsked = (one: { readonly action: string }): boolean => action === undefined || one.action === action;
  return {
    ...document,
    conflicts: document.conflicts.filter(
      (one) =>
        isAsked(one) &&
        (table === undefined || one.table.toLowerCase() === table.toLowerCase()) &&
        (store === undefined || one.stores.some((of) => of.store === store)),
    ),
    notMeasured: document.notMeasured.filter(isAsked),
  };
}
