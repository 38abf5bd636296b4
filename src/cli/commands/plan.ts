/** `desprawl plan`: what could be done about what an audit found, as a file that people read, edit and answer. Changes nothing but that file. Whole because its options decide together what is planned. */
import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { Planned } from '../../apply/plan-project.ts';
import type { Audit } from '../../audit/model.ts';
import type { Config } from '../../config/config.ts';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { Rates } from '../../plan/lock-model.ts';
import type { Plan, Policy } from '../../plan/model.ts';
import type { PlanView } from '../../report/plan/view.ts';
import type { StateFolder } from '../../state/state-folder.ts';
import { type CliCommand, positive } from '../command.ts';
import { type CommonOptions, type Context, page } from '../context.ts';
import type { PlanFile } from '../plan-file.ts';
import { progressLine } from '../progress.ts';

interface Options extends CommonOptions {
  readonly out?: string;
  readonly from?: string;
  readonly acceptProposals?: boolean;
  readonly target?: string;
  readonly keep?: readonly string[];
  readonly docs?: boolean;
  readonly format?: 'terminal' | 'md' | 'html' | 'json';
  readonly diff?: string;
  readonly diffCode?: boolean;
  readonly phase?: number;
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
  const name = audit.project.name.replace(/[^\w.-]+/g, '-').replace(/^[^\w]+/, '') || 'project';
  const id = `${name}-${randomBytes(2).toString('hex')}`;
  let planned = await planProject({
    audit,
    config,
    disk: context.disk,
    rates,
    cacheDir: options.cache ? context.cacheDir : null,
    scratchDir: context.scratchDir,
    signal: context.signal,
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
  const written = isNothing ? null : await write(planned, from, out, state, context);
  await show(await viewOf(planned, written), context, options);
  return EXIT.ok;
}

interface Place {
  /** Absolute. */
  readonly path: string;
  /** As a command names it. */
  readonly name: string;
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
  const here = project.name.replace(/[^\w.-]+/g, '-').replace(/^[^\w]+/, '') || 'project';
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

async function ratesOf(context: Context, state: StateFolder, root: string): Promise<Rates> {
  const [{ prepareState }, { measureRates }] = await Promise.all([
    import('../../state/state-folder.ts'),
    import('../../apply/measure-rates.ts'),
  ]);
  const stat = context.disk.lstat(root);
  const [dev, ino] = [String(stat?.dev ?? 0), String(stat?.ino ?? 0)];
  prepareState(context.disk, state, { root, dev, ino, firstCommit: () => null });
  return measureRates(context.disk, state.path, () => performance.now() / 1000);
}

async function write(
  planned: Planned,
  from: PlanFile | null,
  out: Place,
  state: StateFolder,
  context: Context,
): Promise<string> {
  const [{ writePlan }, { updatePlan }, { putNewFile }, { putOwnFile }, { writeLock }, { titleOf }] = await Promise.all(
    [
      import('../../plan/write-plan.ts'),
      import('../../plan/update-plan.ts'),
      import('../../steps/put-new-file.ts'),
      import('../../steps/put-own-file.ts'),
      import('../../apply/lock-files.ts'),
      import('../../report/plan/title.ts'),
    ],
  );
  const title = titleOf(planned.plan, planned.lock);
  const text = from === null ? writePlan(planned.plan, title) : updatePlan(from.text, planned.plan, from.name, title);
  writeLock(context.disk, state, planned.lock);
  if (from !== null && from.path === out.path) putOwnFile(context.disk, out.path, from.text, text);
  else putNewFile(context.disk, out.path, text);
  await context.err.write(`written: ${out.name}\n`);
  return out.name;
}

async function viewOf({ plan, compiled, asIf, lock, measured }: Planned, file: string | null): Promise<PlanView> {
  const { viewOf: make } = await import('../../report/plan/make-view.ts');
  return make({ plan, compiled, asIf, lock, audit: measured.audit, file });
}

async function show(view: PlanView, context: Context, options: Options): Promise<void> {
  const format = options.format ?? (options.json === true ? 'json' : 'terminal');
  switch (format) {
    case 'json': {
      const [{ planDocument }, { toJson }] = await Promise.all([
        import('../../report/plan/json.ts'),
        import('../../report/json.ts'),
      ]);
      return context.out.write(toJson(planDocument(view)));
    }
    case 'md':
      return context.out.write((await import('../../report/plan/markdown.ts')).planToMarkdown(view));
    case 'html':
      return context.out.write((await import('../../report/plan/html.ts')).planToHtml(view));
    case 'terminal': {
      const { planToTerminal } = await import('../../report/plan/terminal.ts');
      const phase = options.phase === undefined ? {} : { phase: options.phase };
      return context.out.write(planToTerminal(view, { ...page(context.out, options), ...phase, next: nextOf(view) }));
    }
  }
}

function nextOf({ file, decisions, actions }: PlanView): readonly (readonly [readonly string[], string])[] {
  if (file === null) return [[['audit', '--details'], 'what was found']];
  const open = decisions.filter(({ chosen }) => chosen === null);
  const proposed = open.some(({ proposal }) => proposal !== null);
  return [
    ...(proposed ? [[['plan', '--from', file, '--accept-proposals'], 'take the proposals'] as const] : []),
    ...(actions.some(({ action }) => action.references !== null)
      ? [[['plan', '--from', file, '--diff-code'], 'every edit'] as const]
      : []),
    [['apply', file, '--dry-run'], 'try it on a copy'],
    [['apply', file], open.length === 0 ? 'carry it out' : 'asks what is open first'],
  ];
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
