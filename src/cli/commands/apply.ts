/** `desprawl apply [PLAN]`: carries a plan out, on a copy or for real; or finishes a run that was interrupted. */
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { ProjectGround } from '../../apply/ground.ts';
import type { KnownRuns } from '../../apply/known-runs.ts';
import type { ApplyResult } from '../../apply/model.ts';
import type { Prepared } from '../../apply/prepare-apply.ts';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { Ask } from '../ask.ts';
import { type CliCommand, positive } from '../command.ts';
import { type CommonOptions, type Context, page } from '../context.ts';
import type { PlanFile } from '../plan-file.ts';
import { progressLine } from '../progress.ts';

interface Options extends CommonOptions {
  readonly phase?: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly continue?: boolean;
  readonly runChecks?: boolean;
  readonly details?: boolean;
  readonly config?: string;
}

export const applyCommand: CliCommand = {
  name: 'apply',
  summary: 'carry out exactly the plan that was reviewed, so that it can go back; or finish an interrupted run',
  changes: true,
  define: (command: Command) =>
    command
      .argument('[plan]', 'the plan file (default: desprawl-plan.yaml of the project)')
      .option('--phase <n>', 'this phase (default: the first that has something to do)', positive)
      .option('--dry-run', 'carry it out on a copy, verify it there, show what differs; change nothing')
      .option('--yes', 'ask nothing: no word before files are removed; open decisions stay open')
      .option('--continue', 'finish a run that was interrupted')
      .option('--run-checks', 'run the commands of checks in desprawl.yaml, in copies')
      .option('--details', 'show every path')
      .option('--config <file>', 'configuration instead of desprawl.yaml of the project'),
  run: async (context, args, options) => runApply(context, args, options as Options),
};

async function runApply(context: Context, args: readonly string[], options: Options): Promise<number> {
  const modes = [options.dryRun, options.yes, options.continue].filter((one) => one === true).length;
  if (modes > 1) throw new DesprawlError('DSP-USAGE', '--dry-run, --yes and --continue exclude each other.');
  if (options.continue === true && args.length > 0) {
    throw new DesprawlError('DSP-USAGE', 'A run is continued from its own files, not from a plan.', {
      hint: 'Run `desprawl apply --continue` without a plan.',
    });
  }
  const [{ openGround }, { withState }] = await Promise.all([
    import('../open-ground.ts'),
    import('../../apply/with-state.ts'),
  ]);
  const progress = progressLine(context, options);
  const ground = await openGround(context, options, 'apply', progress.report);
  const ask =
    options.json === true || options.yes === true ? null : (await import('../ask.ts')).openAsk(context, options);
  try {
    const result = await withState(ground, async (known) => {
      if (options.continue === true) return continued(context, ground, known, options, ask);
      const { assertNoneWaits } = await import('../../apply/known-runs.ts');
      assertNoneWaits(known);
      return applied({ context, ground, known, options, ask, done: progress.done }, args[0]);
    });
    progress.done();
    if (result === null) return EXIT.ok;
    await print(context, ground, result, options, args[0]);
    return isGood(result) ? EXIT.ok : EXIT.no;
  } finally {
    progress.done();
    ask?.close();
  }
}

interface Applying {
  readonly context: Context;
  readonly ground: ProjectGround;
  readonly known: KnownRuns;
  readonly options: Options;
  readonly ask: Ask | null;
  /** Removes what was drawn of progress. */
  done(): void;
}

/** `null`: the person waits. */
async function applied(on: Applying, name: string | undefined): Promise<ApplyResult | null> {
  const { context, ground, known, options, ask } = on;
  const [
    { readPlanFile },
    { PLAN_NAME },
    { findLock },
    { planHash },
    { prepareApply, assertReviewed, assertApproved },
    { apply },
  ] = await Promise.all([
    import('../plan-file.ts'),
    import('../../plan/read-plan.ts'),
    import('../../apply/lock-files.ts'),
    import('../../plan/intent.ts'),
    import('../../apply/prepare-apply.ts'),
    import('../../apply/apply.ts'),
  ]);
  const file =
    name === undefined
      ? readPlanFile(ground.root, PLAN_NAME, ground.config)
      : readPlanFile(context.cwd, name, ground.config);
  const lock = findLock(context.disk, ground.state, file.plan.plan, planHash(file.plan));
  const { consentOf } = await import('../consent.ts');
  const request = { plan: file.plan, name: file.name, lock, runs: known.runs, phase: options.phase ?? null };
  const asked = file.plan.checks.length > 0 || file.plan.measures.length > 0;
  if (options.dryRun === true) {
    const consent = asked && (await consentOf(context, ground, options.runChecks === true, ask));
    return tryOnCopy(on, file, { ...request, editsSeen: false }, consent);
  }
  if (options.yes !== true && ask === null) {
    throw new DesprawlError('DSP-NO-TERMINAL', 'Applying a plan is reviewed in a terminal, and there is none.', {
      hint: 'Look at it with `--dry-run`, then give `--yes`; open decisions stay open.',
    });
  }
  const prepared = await prepareApply(ground, request);
  on.done();
  const { whoIs } = await import('../who-is.ts');
  let reviewed: { readonly file: PlanFile; readonly prepared: Prepared } | null = { file, prepared };
  if (ask === null) {
    assertReviewed(prepared, file.name);
  } else {
    const [{ reviewPlan }, { putOwnFile }] = await Promise.all([
      import('../review-plan.ts'),
      import('../../steps/put-own-file.ts'),
    ]);
    reviewed = await reviewPlan({
      context,
      options,
      ground,
      known,
      ask,
      file,
      prepared,
      phase: options.phase ?? null,
      tryIt: async (now) => {
        const consent = asked && (await consentOf(context, ground, options.runChecks === true, ask));
        const { plan, lock: own } = now.prepared;
        const result = await tryOnCopy(on, now.file, { ...request, plan, lock: own, editsSeen: true }, consent);
        on.done();
        await print({ ...context, out: context.err }, ground, result, options, name);
      },
      backUp: () => backUp(on),
      save: ({ path, text }, now) => putOwnFile(context.disk, path, text, now),
    });
  }
  if (reviewed === null) return null;
  assertApproved(reviewed.prepared, ground.config.approval, whoIs(ground.root));
  const consent = asked && (await consentOf(context, ground, options.runChecks === true, ask));
  return apply(ground, { prepared: reviewed.prepared, planText: reviewed.file.text, known, consent, dryRun: false });
}

async function tryOnCopy(
  { ground }: Applying,
  file: PlanFile,
  request: Omit<Parameters<typeof import('../../apply/dry-run.ts').dryRun>[1], 'planText' | 'consent'>,
  consent: boolean,
): Promise<ApplyResult> {
  const { dryRun } = await import('../../apply/dry-run.ts');
  return dryRun(ground, { ...request, planText: file.text, consent });
}

/** A verified backup of all stores, for who waits. */
async function backUp({ context, ground }: Applying): Promise<void> {
  const [{ storesOfProject }, { createBackup }, { gitMark }] = await Promise.all([
    import('../../vault/scope.ts'),
    import('../../vault/create.ts'),
    import('../../project/git.ts'),
  ]);
  const git = await gitMark(ground.root);
  const { manifest } = await createBackup({
    ...storesOfProject(ground.root, ground.config.ignore),
    disk: context.disk,
    vault: ground.state.vault,
    project: { root: ground.root, git },
    tool: ground.tool,
    why: { kind: 'create' },
    keep: null,
    waitSeconds: 30,
    now: () => ground.now(),
    signal: context.signal,
  });
  const bad = manifest.notTaken.map(({ path, why }) => `  not taken: ${String(path)}: ${why}\n`);
  await context.err.write(
    `backed up and read back: ${manifest.id}\n${bad.join('')}Nothing was changed. The plan stays: desprawl apply\n`,
  );
}

async function continued(
  context: Context,
  ground: ProjectGround,
  known: KnownRuns,
  options: Options,
  ask: Ask | null,
): Promise<ApplyResult> {
  const [{ finishRun }, { consentOf }] = await Promise.all([
    import('../../apply/finish-run.ts'),
    import('../consent.ts'),
  ]);
  if (known.waiting === null) {
    throw new DesprawlError('DSP-RUN-UNKNOWN', 'No run waits to be continued.', { hint: 'Run `desprawl status`.' });
  }
  const consent = await consentOf(context, ground, options.runChecks === true, ask);
  return finishRun(ground, known.waiting, consent);
}

export async function print(
  context: Context,
  ground: ProjectGround,
  result: ApplyResult,
  options: Pick<Options, 'json' | 'details' | 'color'>,
  plan?: string,
): Promise<void> {
  if (options.json === true) {
    await context.out.write((await import('../../report/json.ts')).toJson(result));
    return;
  }
  const { runToTerminal } = await import('../../report/run/run-terminal.ts');
  const form = {
    ...page(context.out, options),
    project: basename(ground.root),
    details: options.details === true,
    ...(plan === undefined ? {} : { plan }),
  };
  await context.out.write(runToTerminal(result, form));
}

export function isGood({ findings, checks }: ApplyResult): boolean {
  return findings.every(({ ok }) => ok) && checks.every(({ ok }) => ok);
}
