/** Puts together what reports of a plan show. */
import type { Audit } from '../../audit/model.ts';
import type { Compiled, CompiledAction } from '../../plan/compile/model.ts';
import { planHash } from '../../plan/intent.ts';
import type { Lock } from '../../plan/lock-model.ts';
import type { Plan } from '../../plan/model.ts';
import { applies, withProposals } from '../../plan/what-applies.ts';
import { structureOf } from './structure.ts';
import { actionViews, type PlanView, totalsOf } from './view.ts';

export interface ViewInput {
  readonly plan: Plan;
  readonly compiled: Compiled;
  readonly asIf: ReadonlyMap<string, CompiledAction>;
  readonly lock: Lock;
  readonly audit: Audit;
  /** As the user would type it; `null`: it was not written. */
  readonly file: string | null;
}

/** In the order of the audit: by severity. */
function othersOf({ findings }: Audit, { actions }: Plan): PlanView['others'] {
  const settled = new Set(actions.map(({ finding }) => finding));
  const found = new Map<string, number>();
  for (const { code } of findings) if (!settled.has(code)) found.set(code, (found.get(code) ?? 0) + 1);
  return [...found].map(([code, count]) => ({ code, findings: count }));
}

export function viewOf({ plan, compiled, lock, audit, file, asIf }: ViewInput): PlanView {
  const actions = actionViews(plan, compiled.actions, lock.actions);
  const ready = actions.filter(({ is }) => is === 'ready');
  const proposed = withProposals(plan);
  // Ready now, or ready with the proposals: what waits for another one waits for its answers too.
  const settled = new Set<string>();
  const later = actions.filter(({ action, locked }) => {
    const isOne =
      locked !== null &&
      asIf.get(action.id)?.is === 'ready' &&
      applies(action, proposed).is === 'ready' &&
      action.after.every((id) => settled.has(id) || compiled.actions.get(id)?.is === 'already so');
    if (isOne) settled.add(action.id);
    return isOne;
  });
  return {
    project: audit.project.name,
    plan,
    file,
    hash: planHash(plan),
    code: compiled.code,
    actions,
    decisions: plan.decisions,
    left: plan.left,
    others: othersOf(audit, plan),
    totals: totalsOf(ready),
    withProposals: totalsOf(later),
    structure: structureOf(
      audit.stores,
      later.flatMap(({ locked }) => locked?.steps ?? []),
    ),
  };
}
