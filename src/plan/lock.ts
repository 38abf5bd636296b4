/**
 * Makes the lock of a plan, and says of a plan that is compiled again whether it is what was reviewed. A lock is compared, never carried
 * out; the rules are those of `docs/lock-file.md`, "Stale".
 */
import { shownPath } from '../disk/paths.ts';
import type { ProjectMark } from '../vault/model.ts';
import type { Compiled, CompiledAction } from './compile/model.ts';
import { secondsOf } from './estimate.ts';
import { intentOf, planHash, questionHash } from './intent.ts';
import type { Before, Lock, LockedAction, Rates, Reliance } from './lock-model.ts';
import type { Plan } from './model.ts';

export interface LockInput {
  readonly plan: Plan;
  readonly compiled: Compiled;
  /** Each action with the answers that it needs, so that who gives them applies what was reviewed. */
  readonly asIf: ReadonlyMap<string, CompiledAction>;
  /** Of merges: by which rules rows stay out. */
  readonly rules?: ReadonlyMap<string, readonly string[]>;
  readonly before: Before;
  readonly project: ProjectMark;
  readonly rates: Rates;
  readonly tool: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export function makeLock({ plan, compiled, asIf, rules, before, project, rates, tool, at }: LockInput): Lock {
  const actions: Record<string, LockedAction> = {};
  for (const { id } of [...plan.actions].sort((x, y) => (x.id < y.id ? -1 : 1))) {
    const locked = compiled.actions.get(id)?.locked ?? asIf.get(id)?.locked ?? null;
    const own = rules?.get(id);
    if (locked !== null)
      actions[id] = { ...locked, seconds: secondsOf(locked, rates), ...(own === undefined ? {} : { rules: own }) };
  }
  const decisions = plan.decisions.map(({ id, question, choices }) => [
    id,
    { question: questionHash(question), choices: Object.keys(choices) },
  ]);
  return {
    version: 1,
    plan: plan.plan,
    hash: planHash(plan),
    at,
    tool,
    project,
    rates,
    actions,
    decisions: Object.fromEntries(decisions),
    before,
    code: compiled.code,
    digest: compiled.digest,
  };
}

export interface Comparison {
  /** Its intent and its digest are the lock's. */
  readonly reviewed: readonly string[];
  /** The plan was edited there since it was measured. */
  readonly edited: readonly string[];
  /** The project changed under it: nothing of the plan may be applied. */
  readonly stale: readonly StaleAction[];
}

export interface StaleAction {
  readonly action: string;
  readonly changed: readonly { readonly path: string; readonly what: string }[];
}

/** Of the actions that are to be applied; `phase`: only of this one. `compiled` is of the plan as it is now. */
export function compareWithLock(lock: Lock, plan: Plan, compiled: Compiled, phase?: number): Comparison {
  const [reviewed, edited, stale]: [string[], string[], StaleAction[]] = [[], [], []];
  const isEdited = (id: string): boolean => {
    const action = plan.actions.find((one) => one.id === id);
    return action === undefined || lock.actions[id]?.intent !== intentOf(action, plan);
  };
  // One that was taken out, or answered otherwise, is an edit too: what it edited is edited no more.
  const touched = new Set([...Object.keys(lock.actions), ...plan.actions.map(({ id }) => id)].filter(isEdited));
  const filesOf = (id: string): readonly string[] => {
    const hunks = [...(lock.actions[id]?.hunks ?? []), ...(compiled.actions.get(id)?.locked?.hunks ?? [])];
    return hunks.map(({ path }) => path);
  };
  const phaseOf = (id: string): number => plan.actions.find((one) => one.id === id)?.phase ?? 1;
  for (const { id, phase: own, after } of plan.actions) {
    const locked = compiled.actions.get(id)?.locked ?? null;
    if (locked === null || (phase !== undefined && own !== phase)) continue;
    const was = lock.actions[id];
    if (was === undefined || was.intent !== locked.intent) {
      edited.push(id);
    } else if (was.digest === locked.digest) {
      reviewed.push(id);
    } else {
      const files = new Set(filesOf(id));
      const because = [...touched].some(
        (other) =>
          other !== id &&
          (phaseOf(other) < own || after.includes(other) || filesOf(other).some((path) => files.has(path))),
      );
      if (because) edited.push(id);
      else stale.push({ action: id, changed: differences(was, locked) });
    }
  }
  // What was ready when it was reviewed and cannot be applied now is as stale as what would be done otherwise.
  for (const { id, phase: own } of plan.actions) {
    const now = compiled.actions.get(id);
    if (now?.is !== 'blocked' || lock.actions[id] === undefined || touched.has(id)) continue;
    if (phase === undefined || own === phase) stale.push({ action: id, changed: [{ path: '', what: now.why ?? '' }] });
  }
  return { reviewed, edited, stale };
}

const RESPECTS: Readonly<Record<Reliance['on'], string>> = {
  bytes: 'has another content',
  export: 'is declared otherwise, or would lose something else',
  text: 'was edited',
  names: 'has other names, or of another kind',
  schema: 'has other tables or columns',
  binding: 'is opened by other lines',
  absent: 'is there now',
  subset: 'holds rows that the other one lacks',
  git: 'is tracked or ignored otherwise',
  only: 'matches other files',
};

function differences(was: LockedAction, now: Omit<LockedAction, 'seconds'>): StaleAction['changed'] {
  const key = (one: Reliance): string => `${one.on}\n${shownPath(one.path)}`;
  const before = new Map(was.relies.map((one) => [key(one), JSON.stringify(one)]));
  const after = new Map(now.relies.map((one) => [key(one), JSON.stringify(one)]));
  const changed = [...now.relies, ...was.relies]
    .filter((one) => before.get(key(one)) !== after.get(key(one)))
    .map((one) => ({
      path: shownPath(one.path),
      what:
        after.has(key(one)) && before.has(key(one))
          ? RESPECTS[one.on]
          : before.has(key(one))
            ? 'is not as it was'
            : 'is new',
    }));
  const unique = [...new Map(changed.map((one) => [`${one.path}\n${one.what}`, one])).values()];
  if (unique.length > 0) return unique;
  const paths = new Set([...was.hunks, ...now.hunks].map(({ path }) => path));
  return [...paths].length > 0
    ? [...paths].map((path) => ({ path, what: 'would be edited otherwise' }))
    : [{ path: '', what: 'it would do other steps than those that were reviewed' }];
}
