/**
 * What would come of the merges of a plan, as it is answered and edited: counts for people, the rules by which rows stay out for the lock, and
 * questions that only show when the rows are together, also of a merge that a person wrote.
 */
import { countsOf, reviewedRules, triedQuestions } from '../merge/propose/counted.ts';
import { plainCounts } from '../merge/propose/propose.ts';
import { topicIn } from '../merge/propose/topics.ts';
import type { Store } from '../stores/model.ts';
import { compileProblem } from './compile/merge-stores.ts';
import { followedInWords, followMeant } from './follow-meant.ts';
import type { Measured } from './measured.ts';
import { mergeMeant } from './merge-intent.ts';
import { decisionOf, needsOf } from './merge-questions.ts';
import type { Action, Decision, Follow, Merge, Plan, Settle } from './model.ts';
import { settledInWords, settleMeant } from './settle-meant.ts';
import { withProposals } from './what-applies.ts';

/** Action → rules. */
export type MergeRules = ReadonlyMap<string, readonly string[]>;

export async function countMerges(plan: Plan, on: Measured): Promise<Counted> {
  const rules = new Map<string, readonly string[]>();
  const decisions: Decision[] = [];
  const actions: Action[] = [];
  for (const action of plan.actions) {
    const counted = action.kind === 'merge' && !action.skip ? await countMerge(action, plan, on) : null;
    if (counted !== null && counted.rules !== null) rules.set(action.id, counted.rules);
    actions.push(counted?.action ?? (action.skip ? action : await countValues(action, plan, on)));
    const asked = new Set([...plan.decisions, ...decisions].map(({ id }) => id));
    decisions.push(...(counted?.decisions ?? []).filter(({ id }) => !asked.has(id)));
  }
  return { actions, decisions, rules };
}

interface Counted {
  readonly actions: readonly Action[];
  /** That the plan does not have. */
  readonly decisions: readonly Decision[];
  readonly rules: MergeRules;
}

function countValues(action: Action, plan: Plan, on: Measured): Action | Promise<Action> {
  if (action.kind === 'settle') return countSettle(action, on);
  return action.kind === 'follow' ? countFollow(action, plan, on) : action;
}

/** With what is open answered as it is proposed. */
async function countFollow(action: Follow, plan: Plan, on: Measured): Promise<Follow> {
  const merge = plan.actions.find((one): one is Merge => one.kind === 'merge' && one.id === action.of && !one.skip);
  const merged = merge === undefined ? null : await mergeMeant(merge, plan, on, { proposals: true });
  if (merged === null) return action;
  const { asked, spec, ancestors } = merged;
  const meant = await followMeant(action, { target: asked.target, spec, ancestors }, withProposals(plan), on);
  const tried = meant === null || 'why' in meant || 'why' in meant.tried ? null : meant.tried;
  return { ...action, rows: tried === null ? [] : tried.columns.map(followedInWords) };
}

async function countSettle(action: Settle, on: Measured): Promise<Settle> {
  const meant = await settleMeant(action, on);
  const tried = 'why' in meant || 'why' in meant.tried ? null : meant.tried;
  return { ...action, rows: tried === null ? action.rows : tried.values.map(settledInWords) };
}

interface CountedMerge {
  readonly action: Merge;
  readonly decisions: readonly Decision[];
  readonly rules: readonly string[] | null;
}

/** `null`: it cannot be done as it stands; compiling says why. */
async function countMerge(action: Merge, plan: Plan, on: Measured): Promise<CountedMerge | null> {
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
  if (!('result' in tried)) return { action: { ...action, tables }, decisions: [], rules: null };
  const known = action.needs.flatMap(({ decision }) => topicIn(action.id, decision) ?? []);
  const open = triedQuestions({ target: meant.asked.target, spec: meant.spec }, tried, known);
  return {
    action: { ...action, tables, needs: [...action.needs, ...needsOf(action.id, open)] },
    decisions: open.map((one) => decisionOf(action.id, one)),
    rules: reviewedRules(tried.result, tried.declared),
  };
}
