/** What becomes of each action, decision and place of a plan, as reports tell it. Pure. */
import { shownPath } from '../disk/paths.ts';
import type { Compiled, CompiledAction } from '../plan/compile/model.ts';
import type { Plan } from '../plan/model.ts';
import { inOrder } from '../plan/what-applies.ts';
import type { ActionOutcome, DecisionTaken, LeftPlace } from './model.ts';

/** `phase`: that which is applied; `null`: none. */
export function actionsOf(plan: Plan, compiled: Compiled, phase: number | null): readonly ActionOutcome[] {
  return inOrder(plan.actions).map(({ id, phase: own, reason }) => {
    const one = compiled.actions.get(id);
    const is = one?.is === 'ready' ? (own === phase ? 'applied' : 'later phase') : (one?.is ?? 'blocked');
    const why = is === 'later phase' ? `phase ${own}` : (one?.why ?? null);
    return {
      id,
      is,
      ...(why === null ? {} : { why }),
      paths: is === 'applied' ? pathsOf(one) : 0,
      reason,
    };
  });
}

/** A file that several actions edit counts for each of them. */
function pathsOf(one: CompiledAction | undefined): number {
  const paths = new Set<string>();
  for (const step of one?.locked?.steps ?? []) {
    if (step.op === 'git-index') for (const { path } of step.entries) paths.add(shownPath(path));
    else paths.add(shownPath(step.path));
  }
  for (const { path } of one?.locked?.hunks ?? []) paths.add(path);
  return paths.size;
}

export function decisionsOf({ decisions }: Plan): readonly DecisionTaken[] {
  return decisions.map(({ id, question, choices, proposal, chosen }) => {
    const means = chosen === null ? undefined : choices[chosen];
    return {
      id,
      question,
      chosen,
      ...(means === undefined ? {} : { means }),
      proposed: chosen !== null && chosen === proposal,
    };
  });
}

/** Of what is applied. */
export function leftOf(plan: Plan, compiled: Compiled, phase: number): readonly LeftPlace[] {
  const own = new Set(plan.actions.filter((one) => one.phase === phase).map(({ id }) => id));
  const places = [...compiled.actions].flatMap(([action, { is, locked }]) =>
    is !== 'ready' || locked === null || !own.has(action)
      ? []
      : locked.left.map(({ path, line, why }) => ({ path, ...(line === undefined ? {} : { line }), why, action })),
  );
  return places.sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : (x.line ?? 0) - (y.line ?? 0)));
}
