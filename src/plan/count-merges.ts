/** What would come of the merges of a plan, as it is answered and edited: counts for people, and the rules by which rows stay out for the lock. */
import { countsOf, reviewedRules } from '../merge/propose/counted.ts';
import { plainCounts } from '../merge/propose/propose.ts';
import type { Store } from '../stores/model.ts';
import { compileProblem } from './compile/merge-stores.ts';
import type { Measured } from './measured.ts';
import { mergeMeant } from './merge-intent.ts';
import type { Action, Merge, Plan } from './model.ts';

/** Action → rules. */
export type MergeRules = ReadonlyMap<string, readonly string[]>;

export async function countMerges(
  plan: Plan,
  on: Measured,
): Promise<{ readonly actions: readonly Action[]; readonly rules: MergeRules }> {
  const rules = new Map<string, readonly string[]>();
  const actions: Action[] = [];
  for (const action of plan.actions) {
    const counted = action.kind === 'merge' && !action.skip ? await countMerge(action, plan, on) : null;
    if (counted !== null && counted.rules !== null) rules.set(action.id, counted.rules);
    actions.push(counted?.action ?? action);
  }
  return { actions, rules };
}

/** `null`: it cannot be done as it stands; compiling says why. */
async function countMerge(
  action: Merge,
  plan: Plan,
  on: Measured,
): Promise<{ readonly action: Merge; readonly rules: readonly string[] | null } | null> {
  const { merging } = on;
  if (merging === undefined || compileProblem(action, on) !== null) return null;
  const meant = await mergeMeant(action, plan, on, { proposals: true });
  if (meant === null || meant.spec.tables.length === 0) return null;
  const tried = await merging.tryOut(meant.asked, meant.spec, meant.ancestors);
  const storeOf = (path: string): Store | undefined => on.audit.stores.find((one) => one.path === path);
  const target = storeOf(meant.asked.target) ?? null;
  const sources = meant.asked.sources.flatMap((path) => storeOf(path) ?? []);
  const tables = action.tables.map((said) => ({
    ...said,
    rows: 'result' in tried ? (countsOf(said.table, tried.result) ?? said.rows) : plainCounts(said, target, sources),
  }));
  return {
    action: { ...action, tables },
    rules: 'result' in tried ? reviewedRules(tried.result, tried.declared) : null,
  };
}
