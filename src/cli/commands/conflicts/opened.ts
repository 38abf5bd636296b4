/** The plan that `desprawl conflicts --plan` is about, with its project, and an audit of that. */
import { audit } from '../../../audit/audit.ts';
import type { Audit } from '../../../audit/model.ts';
import { PLAN_NAME } from '../../../plan/read-plan.ts';
import type { Context } from '../../context.ts';
import type { LedgerOptions } from '../../ledger-options.ts';
import { type OpenedState, openState } from '../../open-state.ts';
import { type PlanFile, readPlanFile } from '../../plan-file.ts';
import { progressLine } from '../../progress.ts';

export interface OpenedPlan extends OpenedState {
  readonly file: PlanFile;
}

/** `true`: that of the project. Throws `DSP-PLAN-MISSING`, `DSP-PLAN-INVALID`. */
export async function openPlan(context: Context, options: LedgerOptions, plan: string | true): Promise<OpenedPlan> {
  const opened = await openState(context, options);
  const file =
    plan === true
      ? readPlanFile(opened.root, PLAN_NAME, opened.config)
      : readPlanFile(context.cwd, plan, opened.config);
  return { ...opened, file };
}

export function auditOf(
  context: Context,
  options: LedgerOptions,
  { config, root }: Pick<OpenedState, 'config' | 'root'>,
): Promise<Audit> {
  const { cacheDir, scratchDir, signal } = context;
  const { exact, timeout } = config.audit;
  const { report, done } = progressLine(context, options);
  const asked = { root, config, exact, timeoutSeconds: timeout, cacheDir, scratchDir, now: context.now(), signal };
  return audit({ ...asked, onProgress: report }).finally(done);
}
