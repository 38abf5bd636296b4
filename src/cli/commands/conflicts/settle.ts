/** `desprawl conflicts --take`: after a run a plan that lets another value win, before one a line in the plan. */
import { basename } from 'node:path';
import { measure } from '../../../apply/measure.ts';
import { planAgain, planProject } from '../../../apply/plan-project.ts';
import { EXIT } from '../../../errors.ts';
import type { Context } from '../../context.ts';
import { type LedgerOptions, ledgerGround } from '../../ledger-options.ts';
import { planStem, ratesOf, showPlan, viewOf, writePlanned } from '../plan/planned.ts';
import { auditOf, type OpenedPlan } from './opened.ts';
import { placeOf, policiesInto, refusal, settlePlan } from './settle-plan.ts';

export interface SettleOptions extends LedgerOptions {
  readonly out?: string;
}

/** To be looked at and applied like any other: with a backup, a ledger and a way back. */
export async function settleAfter(
  context: Context,
  run: string | null,
  options: SettleOptions,
  take: readonly string[],
): Promise<number> {
  const ground = await ledgerGround(context, options);
  const { root, config, state } = ground;
  const out = placeOf(options.out, root, context);
  const name = planStem(basename(root));
  const plan = settlePlan(ground, { name, run, action: options.action ?? null, take });
  const audit = await auditOf(context, options, ground);
  const rates = await ratesOf(context, state, root);
  const { disk, cacheDir, scratchDir, signal } = context;
  const settled = await planAgain(plan, measure({ audit, config, disk, cacheDir, scratchDir, signal, state }), rates);
  const refused = refusal(settled.plan);
  if (refused !== null) throw refused;
  const isNothing = settled.plan.actions.every(({ done }) => done !== null);
  const written = isNothing ? null : await writePlanned(settled, null, out, state, context);
  await showPlan(await viewOf(settled, written), context, options);
  return isNothing ? EXIT.no : EXIT.ok;
}

/** The plan says it from now on; it is measured again, as after any other edit. */
export async function settleBefore(
  context: Context,
  { root, config, state, file }: OpenedPlan,
  options: LedgerOptions,
  take: readonly string[],
): Promise<void> {
  const from = policiesInto(file, take, options.action ?? null);
  const audit = await auditOf(context, options, { root, config });
  const rates = await ratesOf(context, state, root);
  const { disk, cacheDir, scratchDir, signal } = context;
  const asked = { audit, config, disk, rates, cacheDir, scratchDir, signal, state, policy: {}, from, id: from.plan };
  const settled = await planProject(asked);
  const refused = refusal(settled.plan, file.plan);
  if (refused !== null) throw refused;
  await writePlanned(settled, file, file, state, context);
}
