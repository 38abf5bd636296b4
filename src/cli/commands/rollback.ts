/** `desprawl rollback [RUN]`: takes a run back, and what stands on it; what was changed since is kept in the vault. */
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { ProjectGround } from '../../apply/ground.ts';
import type { KnownRuns } from '../../apply/known-runs.ts';
import type { ApplyResult, LaterLine } from '../../apply/model.ts';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { ChosenRuns } from '../../rollback/choose-runs.ts';
import type { LaterChoice } from '../../rollback/later/model.ts';
import type { PreparedRollback } from '../../rollback/rollback.ts';
import type { Ask } from '../ask.ts';
import type { CliCommand } from '../command.ts';
import { type CommonOptions, type Context, page } from '../context.ts';
import { progressLine } from '../progress.ts';

interface Options extends CommonOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly later?: LaterChoice;
  readonly withLater?: boolean;
  readonly details?: boolean;
  readonly config?: string;
}

export const rollbackCommand: CliCommand = {
  name: 'rollback',
  summary: 'take a run back: bytes, permissions, times and the git index as they were before it',
  changes: true,
  define: (command: Command) =>
    command
      .argument('[run]', 'a run, by its name or the end of it (default: the one that waits, else the newest in force)')
      .option('--dry-run', 'do it on a copy and show what differs; change nothing')
      .option('--yes', 'ask nothing; what was changed since goes into the vault')
      .option('--with-later', 'with the later runs that touched the same paths, newest first')
      .addOption(
        new Option(
          '--later <what>',
          'rows that were written since: refuse (default without a terminal), keep them aside in the vault, or carry them back',
        ).choices(['refuse', 'aside', 'carry']),
      )
      .option('--details', 'show every path')
      .option('--config <file>', 'configuration instead of desprawl.yaml of the project'),
  run: async (context, args, options) => runRollback(context, args[0] ?? null, options as Options),
};

async function runRollback(context: Context, name: string | null, options: Options): Promise<number> {
  if (options.dryRun === true && options.yes === true) {
    throw new DesprawlError('DSP-USAGE', '--dry-run and --yes exclude each other.');
  }
  const [{ openGround }, { withState }] = await Promise.all([
    import('../open-ground.ts'),
    import('../../apply/with-state.ts'),
  ]);
  const progress = progressLine(context, options);
  const ground = await openGround(context, options, 'rollback', progress.report);
  const ask =
    options.json === true || options.yes === true ? null : (await import('../ask.ts')).openAsk(context, options);
  try {
    const result = await withState(ground, (known) =>
      rolledBack({ context, ground, known, options, ask, done: progress.done }, name),
    );
    progress.done();
    if (result === null) return EXIT.ok;
    const { isGood, print } = await import('./apply.ts');
    await print(context, ground, result, options);
    return isGood(result) ? EXIT.ok : EXIT.no;
  } finally {
    progress.done();
    ask?.close();
  }
}

interface RollingBack {
  readonly context: Context;
  readonly ground: ProjectGround;
  readonly known: KnownRuns;
  readonly options: Options;
  readonly ask: Ask | null;
  /** Removes what was drawn of progress. */
  done(): void;
}

/** `null`: the person does not want it. */
async function rolledBack(on: RollingBack, name: string | null): Promise<ApplyResult | null> {
  const { ground, known, options, ask } = on;
  const [{ chooseRuns }, { prepareRollback, rollback }] = await Promise.all([
    import('../../rollback/choose-runs.ts'),
    import('../../rollback/rollback.ts'),
  ]);
  const asks = ask !== null && options.dryRun !== true;
  const chosen = chooseRuns(known, name, options.withLater === true || asks);
  let later = options.later ?? 'refuse';
  if (options.dryRun === true) {
    const { dryRollback } = await import('../../rollback/dry-rollback.ts');
    return dryRollback(ground, { chosen, later });
  }
  if (options.yes !== true && ask === null) {
    throw new DesprawlError('DSP-NO-TERMINAL', 'A rollback is asked for in a terminal, and there is none.', {
      hint: 'Look at it with `--dry-run`, then give `--yes`.',
    });
  }
  if (ask !== null) {
    const prepared = await prepareRollback(ground, { chosen, known });
    const answer = await agreed(on, ask, chosen, prepared);
    if (answer === null) return null;
    later = answer;
  }
  return rollback(ground, { chosen, known, later, dryRun: false });
}

/** What becomes of later rows; `null`: the person does not want it. */
async function agreed(
  on: RollingBack,
  ask: Ask,
  chosen: ChosenRuns,
  prepared: PreparedRollback,
): Promise<LaterChoice | null> {
  const { context, ground, options } = on;
  const [{ previewToTerminal }, { storesChanged }, { previewLater }] = await Promise.all([
    import('../../report/run/rollback-preview.ts'),
    import('../../rollback/rollback.ts'),
    import('../../rollback/later/preview-later.ts'),
  ]);
  const stores = options.later === undefined || options.later === 'carry' ? storesChanged(prepared.back) : [];
  const later = stores.length === 0 ? [] : await previewLater(ground, prepared, stores);
  on.done();
  const form = { ...page(context.err, options), project: basename(ground.root), details: options.details === true };
  await context.err.write(previewToTerminal(await previewOf(chosen, prepared, later), form));
  const choice = options.later ?? (stores.length === 0 ? 'refuse' : await chosenLater(ask, later));
  const isPlain = prepared.back.changedSince.length === 0 && chosen.later.length === 0;
  const asked = stores.length > 0 && options.later === undefined;
  if (choice !== 'refuse' || !asked) {
    if (asked || (await ask.confirm('Take it back?', isPlain))) return choice;
  }
  await context.err.write('Nothing was changed.\n');
  return null;
}

async function chosenLater(ask: Ask, lines: readonly LaterLine[]): Promise<LaterChoice> {
  const sum = (of: (line: LaterLine) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const [all, carried, aside] = [
    sum((one) => one.carried + one.aside),
    sum((one) => one.carried),
    sum((one) => one.aside),
  ];
  const answer = await ask.choose(
    `${all === 1 ? '1 row was' : `${all} rows were`} written since. What becomes of ${all === 1 ? 'it' : 'them'}?`,
    [
      { value: 'carry', does: `into the stores that had them: ${carried}; kept aside with the reason: ${aside}` },
      {
        value: 'aside',
        does: `all of it is kept aside, beside the whole store as it is now; no program sees it then`,
      },
      { value: 'refuse', does: 'nothing is taken back' },
    ],
  );
  return answer as LaterChoice;
}

async function previewOf(
  { run, undoes }: ChosenRuns,
  { back }: PreparedRollback,
  later: readonly LaterLine[],
): Promise<import('../../report/run/rollback-preview.ts').RollbackPreview> {
  const [{ chainsOf, changesOf, totalsOf }, { shownPath }, { shownState }] = await Promise.all([
    import('../../journal/run-changes.ts'),
    import('../../disk/paths.ts'),
    import('../../steps/place.ts'),
  ]);
  const chains = chainsOf(back.steps);
  return {
    run: run.id,
    kind: run.header.kind,
    status: run.status,
    undoes,
    changes: changesOf(chains),
    totals: totalsOf(chains),
    changedSince: back.changedSince.map(({ path, expected, found }) => ({
      path,
      expected: shownState(expected),
      found: shownState(found),
      backup: null,
    })),
    later,
    left: back.left.map(({ path, why }) => ({ path: shownPath(path), why, action: '' })),
  };
}
