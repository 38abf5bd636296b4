/** Places that only the owner can decide become decisions of the plan, and what edits code waits for them. */
import type { Compiling } from './compile/draft.ts';
import { moveSites } from './compile/move.ts';
import { repointSites } from './compile/repoint.ts';
import type { Measured } from './measured.ts';
import type { Action, Decision, Plan } from './model.ts';
import type { OpenSite } from './sites/model.ts';
import { siteDecisions, siteNeeds } from './sites/questions.ts';

/** Questions that are in the plan already stay as they are, with their answers. */
export function withOpenQuestions(plan: Plan, on: Measured): Plan {
  const decisions = new Map<string, Decision>(plan.decisions.map((one) => [one.id, one]));
  const actions = plan.actions.map((action): Action => {
    const open = openSites(action, { ...on, plan, earlier: new Map() });
    if (open.length === 0) return action;
    const needs = siteNeeds(action.id, open);
    for (const decision of siteDecisions(action.id, open))
      if (!decisions.has(decision.id)) decisions.set(decision.id, decision);
    const others = action.needs.filter(({ decision }) => !needs.some((need) => need.decision === decision));
    return { ...action, needs: [...others, ...needs] };
  });
  return { ...plan, actions, decisions: [...decisions.values()] };
}

function openSites(action: Action, on: Compiling): readonly OpenSite[] {
  if (action.kind === 'repoint') return repointSites(action, on).open;
  if (action.kind === 'move') return moveSites(action, on).open;
  return [];
}
