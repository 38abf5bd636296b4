/** Which actions of a plan are to be applied, as far as its answers tell: before anything is compiled. */
import type { Action, Decision, Plan } from './model.ts';

export type Applies = { readonly is: 'ready' } | { readonly is: 'skipped' | 'undecided'; readonly why: string };

/** Without regard to the actions that it comes after. */
export function applies(action: Action, plan: Plan): Applies {
  if (action.skip) return { is: 'skipped', why: 'left out: skip' };
  for (const { decision, choices } of action.needs) {
    const chosen = plan.decisions.find(({ id }) => id === decision)?.chosen ?? null;
    if (chosen === null) return { is: 'undecided', why: `${decision} is not decided` };
    if (!choices.includes(chosen)) return { is: 'skipped', why: `${decision} was answered ${chosen}` };
  }
  return { is: 'ready' };
}

export function openDecisions(plan: Plan): readonly Decision[] {
  return plan.decisions.filter(({ chosen }) => chosen === null);
}

/** Decisions without an answer get their proposal, those without a proposal stay open. */
export function withProposals(plan: Plan): Plan {
  const decisions = plan.decisions.map((one) => (one.chosen === null ? { ...one, chosen: one.proposal } : one));
  return { ...plan, decisions };
}

/** By phase, then each behind those that it comes after, then by id: the order in which they are compiled and shown. */
export function inOrder(actions: readonly Action[]): readonly Action[] {
  const sorted = [...actions].sort((x, y) => x.phase - y.phase || (x.id < y.id ? -1 : 1));
  const known = new Map(sorted.map((action) => [action.id, action]));
  const ordered = new Set<Action>();
  const visit = (action: Action): void => {
    if (ordered.has(action)) return;
    for (const before of [...action.after].sort()) {
      const other = known.get(before);
      if (other !== undefined) visit(other);
    }
    ordered.add(action);
  };
  for (const action of sorted) visit(action);
  // What another one waits for may be of an earlier phase, never of a later one.
  return [...ordered].sort((x, y) => x.phase - y.phase);
}

export function phasesOf(plan: Plan): readonly number[] {
  return [...new Set(plan.actions.map(({ phase }) => phase))].sort((x, y) => x - y);
}
