/** `desprawl conflicts [RUN]`: where two values were and who won; with `--plan`, where two would be and who will. Changes nothing. */
import type { Command } from 'commander';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { ConflictsAnswer, PlannedConflictsDocument } from '../../merge/ledger/documents.ts';
import type { CliCommand } from '../command.ts';
import { type Context, page } from '../context.ts';
import { askedOf, filterOptions, type LedgerOptions, ledgerGround, rowOptions } from '../ledger-options.ts';
import type { PlanFile } from '../plan-file.ts';
import { progressLine } from '../progress.ts';

interface Options extends LedgerOptions {
  readonly plan?: string | true;
}

export const conflictsCommand: CliCommand = {
  name: 'conflicts',
  summary: 'show where rows had two values and which one won, or will by a plan; changes nothing',
  define: (command: Command) =>
    rowOptions(
      filterOptions(command.argument('[run]', 'a run, by its name or the end of it; the newest in force that merged')),
    ).option('--plan [plan]', 'before a run: what would differ (default: desprawl-plan.yaml of the project)'),
  run: async (context, [run], common) => {
    const options = common as Options;
    const form = page(context.out, options);
    const [{ toJson }, { conflictsToTerminal, plannedToTerminal }] = await Promise.all([
      import('../../report/json.ts'),
      import('../../report/ledger/conflicts-terminal.ts'),
    ]);
    if (options.plan !== undefined) {
      assertPlanned(run, options);
      const { file, document } = await planned(context, options);
      const text = options.json === true ? toJson(document) : plannedToTerminal(document, { ...form, file: file.name });
      await context.out.write(text);
      return exitOf(document);
    }
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

function assertPlanned(run: string | undefined, { limit, showValues }: Options): void {
  if (run !== undefined) throw new DesprawlError('DSP-USAGE', '`conflicts` takes a run or `--plan`, not both.');
  if (limit !== undefined || showValues !== undefined) {
    throw new DesprawlError('DSP-USAGE', 'Of a plan, columns are counted: --limit and --show-values are about rows.', {
      hint: '`desprawl diff A B --table NAME --show-values` shows rows of two stores.',
    });
  }
}

async function planned(
  context: Context,
  options: Options,
): Promise<{ readonly file: PlanFile; readonly document: PlannedConflictsDocument }> {
  const [{ openState }, { readPlanFile }, { PLAN_NAME }, { audit }, { planConflicts }] = await Promise.all([
    import('../open-state.ts'),
    import('../plan-file.ts'),
    import('../../plan/read-plan.ts'),
    import('../../audit/audit.ts'),
    import('../../apply/plan-conflicts.ts'),
  ]);
  const { root, config } = await openState(context, options);
  const file =
    typeof options.plan === 'string'
      ? readPlanFile(context.cwd, options.plan, config)
      : readPlanFile(root, PLAN_NAME, config);
  const { disk, cacheDir, scratchDir, signal } = context;
  const progress = progressLine(context, options);
  try {
    const found = await audit({
      root,
      config,
      exact: config.audit.exact,
      timeoutSeconds: config.audit.timeout,
      cacheDir,
      scratchDir,
      now: context.now(),
      onProgress: progress.report,
      signal,
    });
    const document = await planConflicts({ plan: file.plan, audit: found, config, disk, cacheDir, scratchDir, signal });
    return { file, document: narrowed(document, options) };
  } finally {
    progress.done();
  }
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
