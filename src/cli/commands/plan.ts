/** `desprawl plan`: what could be done about what an audit found, as a file that people read, edit and answer. Changes nothing but that file. */
import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { Planned } from '../../apply/plan-project.ts';
import type { Audit } from '../../audit/model.ts';
import type { Config } from '../../config/config.ts';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { Plan, Policy } from '../../plan/model.ts';
import { type CliCommand, positive } from '../command.ts';
import { type Context, page } from '../context.ts';
import type { PlanFile } from '../plan-file.ts';
import { progressLine } from '../progress.ts';
import { type Place, planStem, ratesOf, type ShowOptions, showPlan, viewOf, writePlanned } from './plan/planned.ts';

interface Options extends ShowOptions {
  readonly out?: string;
  readonly from?: string;
  readonly acceptProposals?: boolean;
  readonly target?: string;
  readonly keep?: readonly string[];
  readonly docs?: boolean;
  readonly diff?: string;
  readonly diffCode?: boolean;
  readonly exact?: boolean;
  readonly cache: boolean;
  readonly timeout?: number;
  readonly config?: string;
}

export const planCommand: CliCommand = {
  name: 'plan',
  summary: 'propose what to do, as a file to read, edit and answer; changes nothing else',
  define: (command: Command) =>
    command
      .option('--out <file>', 'where the plan is written (default: desprawl-plan.yaml)')
      .option('--from <plan>', 'measure a plan again, after edits or on another machine; answers and comments stay')
      .option('--accept-proposals', 'answer every open decision that has a proposal with it')
      .option('--target <store>', 'the store that others are to be merged into')
      .option(
        '--keep <path>',
        'what no action may touch; may be given again',
        (path: string, all: readonly string[] = []) => [...all, path],
      )
      .option('--docs', 'edit prose, docs and changelogs too')
      .addOption(new Option('--format <format>', 'how the plan is shown').choices(['terminal', 'md', 'html', 'json']))
      .option('--diff <plan>', 'show what changed since an earlier plan; writes nothing')
      .option('--diff-code', 'print all edits of code as a patch; writes nothing')
      .option('--phase <n>', 'show only this phase', positive)
      .option('--exact', 'compare every row of large tables too')
      .option('--no-cache', 'measure everything again, remember nothing')
      .option('--timeout <seconds>', 'what reading one store may take; large ones get more', positive)
      .option('--config <file>', 'configuration instead of desprawl.yaml of the project'),
  run: async (context, _args, options) => runPlan(context, options as Options),
};

async function runPlan(context: Context, options: Options): Promise<number> {
  const [{ openState }, { planProject, planAgain }, { readPlanFile }, { PLAN_NAME }] = await Promise.all([
    import('../open-state.ts'),
    import('../../apply/plan-project.ts'),
    import('../plan-file.ts'),
    import('../../plan/read-plan.ts'),
  ]);
  const { root, config, state } = await openState(context, options);
  const from = options.from === undefined ? null : readPlanFile(context.cwd, options.from, config);
  const old = options.diff === undefined ? null : readPlanFile(context.cwd, options.diff, config);
  const out = await placeOf(from, options, root, PLAN_NAME, context);
  const audit = await audited(context, options, root, config);
  if (from !== null) assertSameProject(from, audit);
  const rates = await ratesOf(context, state, root);
  const policy = policyOf(options);
  const name = planStem(audit.project.name);
  const id = `${name}-${randomBytes(2).toString('hex')}`;
  let planned = await planProject({
    audit,
    config,
    disk: context.disk,
    rates,
    cacheDir: options.cache ? context.cacheDir : null,
    scratchDir: context.scratchDir,
    signal: context.signal,
    state,
    policy,
    from: from?.plan ?? null,
    id,
  });
  if (options.acceptProposals === true) {
    const { withProposals } = await import('../../plan/what-applies.ts');
    planned = await planAgain(withProposals(planned.plan), planned.measured, rates);
  }
  if (old !== null) return showDiff(old.plan, planned.plan, context, options);
  if (options.diffCode === true) return showCode(planned, context);
  const isNothing = planned.plan.actions.length === 0 && from === null;
  const written = isNothing ? null : await writePlanned(planned, from, out, state, context);
  await showPlan(await viewOf(planned, written), context, options);
  return EXIT.ok;
}

/** Where the plan goes. One that is there already is never replaced unasked: people wrote in it. */
async function placeOf(
  from: PlanFile | null,
  { out, diff, diffCode }: Options,
  root: string,
  defaultName: string,
  { cwd, disk }: Context,
): Promise<Place> {
  const { join, relative, resolve } = await import('node:path');
  const path = out === undefined ? (from?.path ?? join(root, defaultName)) : resolve(cwd, out);
  const near = relative(cwd, path);
  const name = near.startsWith('../../') ? path : near;
  const writes = diff === undefined && diffCode !== true;
  if (writes && path !== from?.path && disk.lstat(path) !== null) {
    throw new DesprawlError('DSP-FILE-EXISTS', `${name} is there already.`, {
      hint: `\`desprawl plan --from ${name}\` measures it again and keeps what people wrote; --out names another file.`,
    });
  }
  return { path, name };
}

async function audited(context: Context, options: Options, root: string, config: Config): Promise<Audit> {
  const { audit } = await import('../../audit/audit.ts');
  const progress = progressLine(context, options);
  return audit({
    root,
    config,
    exact: options.exact ?? config.audit.exact,
    timeoutSeconds: options.timeout ?? config.audit.timeout,
    cacheDir: options.cache ? context.cacheDir : null,
    scratchDir: context.scratchDir,
    now: context.now(),
    onProgress: progress.report,
    signal: context.signal,
  }).finally(progress.done);
}

/** The id of a plan begins with the name of its project; stores and code may be anywhere else by now. */
function assertSameProject({ name, plan }: PlanFile, { project }: Audit): void {
  const own = plan.plan.replace(/-[0-9a-f]{4}$/, '');
  const here = planStem(project.name);
  const isKnown = plan.actions.length === 0 || own === here;
  if (isKnown) return;
  throw new DesprawlError('DSP-PLAN-INVALID', `${name} is a plan of ${own}, and this is ${here}.`, {
    hint: 'Name the project with -C DIR. If it is the same one under another name, change `plan:` in the file to begin with its name.',
  });
}

function policyOf({ target, keep, docs }: Options): Policy {
  return {
    ...(target === undefined ? {} : { target }),
    ...(keep === undefined ? {} : { keep }),
    ...(docs === undefined ? {} : { docs }),
  };
}

async function showDiff(old: Plan, plan: Plan, context: Context, options: Options): Promise<number> {
  const { diffPlans, isEmptyDiff } = await import('../../plan/diff-plans.ts');
  const diff = diffPlans(old, plan);
  if (options.json === true || options.format === 'json') {
    const { toJson } = await import('../../report/json.ts');
    await context.out.write(toJson({ version: 1, before: old.plan, after: plan.plan, ...diff }));
  } else {
    const { planDiffToTerminal } = await import('../../report/plan/diff-terminal.ts');
    await context.out.write(planDiffToTerminal(diff, page(context.out, options)));
  }
  return isEmptyDiff(diff) ? EXIT.ok : EXIT.no;
}

/** Bytes, since an old file has the letters that it has. */
async function showCode({ plan, compiled }: Planned, { out }: Context): Promise<number> {
  const { planPatch } = await import('../../plan/plan-patch.ts');
  await out.write(planPatch(plan, compiled));
  return EXIT.ok;
}
