/** A plan that was measured: written as a file with its lock in the state, and shown. */
import type { Planned } from '../../../apply/plan-project.ts';
import type { Rates } from '../../../plan/lock-model.ts';
import type { PlanView } from '../../../report/plan/view.ts';
import type { StateFolder } from '../../../state/state-folder.ts';
import { type CommonOptions, type Context, page } from '../../context.ts';
import type { PlanFile } from '../../plan-file.ts';

export interface ShowOptions extends CommonOptions {
  readonly format?: 'terminal' | 'md' | 'html' | 'json';
  readonly phase?: number;
}

/** Where a plan is written. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  /** As a command names it. */
  readonly name: string;
}

/** What the id of a plan begins with: the name of its project, as a word. */
export function planStem(project: string): string {
  return project.replace(/[^\w.-]+/g, '-').replace(/^[^\w]+/, '') || 'project';
}

export async function ratesOf(context: Context, state: StateFolder, root: string): Promise<Rates> {
  const [{ prepareState }, { measureRates }] = await Promise.all([
    import('../../../state/state-folder.ts'),
    import('../../../apply/measure-rates.ts'),
  ]);
  const stat = context.disk.lstat(root);
  const [dev, ino] = [String(stat?.dev ?? 0), String(stat?.ino ?? 0)];
  prepareState(context.disk, state, { root, dev, ino, firstCommit: () => null });
  return measureRates(context.disk, state.path, () => performance.now() / 1000);
}

export async function writePlanned(
  planned: Planned,
  from: PlanFile | null,
  out: Place,
  state: StateFolder,
  context: Context,
): Promise<string> {
  const [{ writePlan }, { updatePlan }, { putNewFile }, { putOwnFile }, { writeLock }, { titleOf }] = await Promise.all(
    [
      import('../../../plan/write-plan.ts'),
      import('../../../plan/update-plan.ts'),
      import('../../../steps/put-new-file.ts'),
      import('../../../steps/put-own-file.ts'),
      import('../../../apply/lock-files.ts'),
      import('../../../report/plan/title.ts'),
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

export async function viewOf(
  { plan, compiled, asIf, lock, measured }: Planned,
  file: string | null,
): Promise<PlanView> {
  const { viewOf: make } = await import('../../../report/plan/make-view.ts');
  return make({ plan, compiled, asIf, lock, audit: measured.audit, file });
}

export async function showPlan(view: PlanView, context: Context, options: ShowOptions): Promise<void> {
  const format = options.format ?? (options.json === true ? 'json' : 'terminal');
  switch (format) {
    case 'json': {
      const [{ planDocument }, { toJson }] = await Promise.all([
        import('../../../report/plan/json.ts'),
        import('../../../report/json.ts'),
      ]);
      return context.out.write(toJson(planDocument(view)));
    }
    case 'md':
      return context.out.write((await import('../../../report/plan/markdown.ts')).planToMarkdown(view));
    case 'html':
      return context.out.write((await import('../../../report/plan/html.ts')).planToHtml(view));
    case 'terminal': {
      const { planToTerminal } = await import('../../../report/plan/terminal.ts');
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
