/**
 * Makes a plan of what an audit found. Planners propose, compiling disposes: what cannot be done is not in the plan, but among what is
 * left alone, with the reason.
 */
import { keptExports } from '../exports/kept-at.ts';
import { ACTION_KINDS } from './actions/index.ts';
import { compile } from './compile/index.ts';
import { membersOf } from './compile/members.ts';
import type { Compiled, CompiledAction } from './compile/model.ts';
import { countMerges, type MergeRules } from './count-merges.ts';
import { withExportQuestions } from './export-questions.ts';
import { fillIn } from './fill-in.ts';
import type { Rates } from './lock-model.ts';
import type { Measured } from './measured.ts';
import { type MergesFound, type MergeWishes, mergeProposals } from './merge-proposals.ts';
import type { Action, Decision, Left, Plan, Policy } from './model.ts';
import { withOpenQuestions } from './open-questions.ts';
import { planners } from './planners/index.ts';
import { askWhoNames } from './still-named.ts';
import { inOrder } from './what-applies.ts';

export interface MakeOptions {
  /** Id of the plan. */
  readonly id: string;
  /** What was asked for on the command line. */
  readonly policy: Policy;
  readonly rates: Rates;
}

export interface Made {
  readonly plan: Plan;
  /** As it is: open decisions hold what needs them. */
  readonly compiled: Compiled;
  /** Each action as it would be, were its decisions answered so that it is applied. */
  readonly asIf: ReadonlyMap<string, CompiledAction>;
  /** Of its merges. */
  readonly rules: MergeRules;
}

export async function makePlan(on: Measured, { id, policy, rates }: MakeOptions): Promise<Made> {
  const wishes = { target: policy.target ?? on.config.plan.target, keep: keepOf(on, policy) };
  const merges = await mergeProposals(on, wishes);
  const stays = new Map<string, string>();
  for (;;) {
    const made = await possible(proposals(on, { ...wishes, merges, stays }), on, { id, policy, rates });
    // A store that was to go after its merge and cannot: what else is to be said of it is proposed then.
    const more = made.stay.filter(({ path }) => !stays.has(path));
    if (more.length === 0) return made.made;
    for (const { path, why } of more) stays.set(path, why);
  }
}

interface Possible {
  readonly made: Made;
  /** Sources of merges that cannot go. */
  readonly stay: readonly Left[];
}

async function possible(
  { actions, decisions, left, sources }: Proposals,
  on: Measured,
  { id, policy, rates }: MakeOptions,
): Promise<Possible> {
  const empty = {
    version: 1,
    plan: id,
    policy,
    checks: Object.keys(on.config.checks),
    measures: Object.keys(on.config.measures),
  } as const;
  const proposed = { ...empty, actions, decisions, left, approvals: [] };
  let plan = askWhoNames(withOpenQuestions(await withExportQuestions(proposed, on), on), on);
  // What is dropped may have been what another one waits for, or what kept it from being possible.
  for (;;) {
    const asIf = await compileAsIf(plan, on);
    const next = withoutImpossible(plan, asIf);
    if (next.actions.length === plan.actions.length) {
      const stay = sources.flatMap((path): Left[] => {
        if (plan.actions.some(({ kind, subject }) => kind === 'archive' && subject === path)) return [];
        const reason = plan.left.findLast((one) => one.path === path)?.why ?? 'something needs it';
        return [{ path, why: `its rows can come in, and it stays: ${reason}` }];
      });
      return { made: await finish(plan, asIf, rates, on), stay };
    }
    plan = next;
  }
}

/** Compiles a plan that is to be shown, and writes into it what is generated. */
export async function completePlan(plan: Plan, rates: Rates, on: Measured): Promise<Made> {
  const asked = askWhoNames(withOpenQuestions(await withExportQuestions(plan, on), on), on);
  return finish(asked, await compileAsIf(asked, on), rates, on);
}

async function finish(
  plan: Plan,
  asIf: ReadonlyMap<string, CompiledAction>,
  rates: Rates,
  on: Measured,
): Promise<Made> {
  const counted = await countMerges(plan, on);
  const actions = inOrder(counted.actions).map((action) => fillIn(action, asIf.get(action.id), rates, on));
  // Positions in a file are a person's: only what desprawl adds comes in this order.
  const filled = new Map(actions.map((action) => [action.id, action]));
  const complete = {
    ...plan,
    actions: plan.actions.map((action) => filled.get(action.id) ?? action),
    decisions: [...plan.decisions, ...counted.decisions],
  };
  return { plan: complete, compiled: await compile(complete, on), asIf, rules: counted.rules };
}

interface Proposals {
  readonly actions: readonly Action[];
  readonly decisions: readonly Decision[];
  readonly left: readonly Left[];
  /** Of its merges, as they were proposed to go. */
  readonly sources: readonly string[];
}

interface Wishes extends MergeWishes {
  readonly merges: MergesFound;
  /** Sources of merges that stay, whatever is proposed. */
  readonly stays: ReadonlyMap<string, string>;
}

const keepOf = (on: Measured, policy: Policy): readonly string[] => [
  ...new Set([...on.config.plan.keep, ...(policy.keep ?? [])]),
];

function proposals(on: Measured, { target, keep, merges, stays }: Wishes): Proposals {
  const going = new Set<string>();
  const kept = new Set<string>();
  // What somebody wants to be there is made anew, never taken away.
  const declared = new Set(keptExports(on.config.exports).map(({ path }) => path));
  const actions = new Map<string, Action>();
  const decisions = new Map<string, Decision>();
  const left: Left[] = [];
  for (const planner of planners) {
    const found = planner({ ...on, target, keep, merges, stays, kinds: ACTION_KINDS, going, kept });
    for (const action of found.actions) {
      const own = goingBy(action, on);
      if (actions.has(action.id) || own.some((path) => going.has(path) || declared.has(path))) continue;
      actions.set(action.id, action);
      for (const path of own) going.add(path);
      if (action.kind === 'repoint') kept.add(action.to);
      if (action.kind === 'merge') kept.add(action.subject);
      if (action.kind === 'remove' && action.because !== null) kept.add(action.because);
    }
    for (const decision of found.decisions) if (!decisions.has(decision.id)) decisions.set(decision.id, decision);
    left.push(...found.left);
  }
  const merged = new Set([...actions.values()].flatMap((one) => (one.kind === 'merge' ? one.from : [])));
  const sources = [...going].filter((path) => merged.has(path));
  return {
    actions: inOrder([...actions.values()]),
    decisions: [...decisions.values()],
    left: unique(left, going),
    sources,
  };
}

function goingBy(action: Action, on: Measured): readonly string[] {
  return action.kind === 'archive' || action.kind === 'remove' ? membersOf(action, on).files : [];
}

/** One reason per path; what goes is not left. */
function unique(left: readonly Left[], going: ReadonlySet<string>): readonly Left[] {
  const found = new Map<string, Left>();
  for (const one of left) if (!going.has(one.path) && !found.has(one.path)) found.set(one.path, one);
  return [...found.values()];
}

/**
 * Each decision takes its first choice, then each its second, and so on: every action is ready in one of these plans, if it can be.
 * Choices that exclude each other are never compiled together.
 */
async function compileAsIf(plan: Plan, on: Measured): Promise<ReadonlyMap<string, CompiledAction>> {
  const rounds = Math.max(1, ...plan.decisions.map(({ choices }) => Object.keys(choices).length));
  const found = new Map<string, CompiledAction>();
  const asked = plan.actions.map((action) => ({ ...action, skip: false }));
  // What is left out may change what another one does: first without it, as it will be done.
  const variants = plan.actions.some(({ skip }) => skip) ? [plan.actions, asked] : [asked];
  for (const actions of variants) {
    for (let round = 0; round < rounds; round++) {
      const decisions = plan.decisions.map((one) => {
        const choices = Object.keys(one.choices);
        return { ...one, chosen: choices[Math.min(round, choices.length - 1)] ?? null };
      });
      const compiled = await compile({ ...plan, actions, decisions }, on);
      for (const [id, one] of compiled.actions) {
        const known = found.get(id);
        if (known === undefined || rank(one) > rank(known)) found.set(id, one);
      }
    }
  }
  return found;
}

const RANKS: readonly CompiledAction['is'][] = ['skipped', 'undecided', 'blocked', 'already so', 'ready'];
const rank = ({ is }: CompiledAction): number => RANKS.indexOf(is);

/** What cannot be done, with what comes after it and the questions that nothing hangs on any more. */
function withoutImpossible(plan: Plan, asIf: ReadonlyMap<string, CompiledAction>): Plan {
  const can = ({ id }: Action): boolean => asIf.get(id)?.is === 'ready';
  // Pointing importers from one copy to another is for the sake of the copy that goes: where it cannot go, they stay as well.
  const isInVain = ({ id, kind }: Action): boolean =>
    kind === 'repoint' &&
    plan.actions.some(
      (other) => other.kind === 'remove' && other.after.includes(id) && asIf.get(other.id)?.is === 'blocked',
    );
  const actions = plan.actions.filter((action) => can(action) && !isInVain(action));
  const untracks = actions.some(({ kind }) => kind === 'untrack');
  const kept = actions.filter(
    (action) => untracks || action.kind !== 'write-file' || action.template !== 'untracked-note',
  );
  const ids = new Set(kept.map(({ id }) => id));
  const impossible = plan.actions.flatMap((action): readonly Left[] => {
    const one = asIf.get(action.id);
    const isReason = one?.is === 'blocked' && !(one.why ?? '').startsWith('comes after ');
    return isReason ? [{ path: action.subject, why: one.why ?? '' }] : [];
  });
  return {
    ...plan,
    // What is so already need not be waited for.
    actions: kept.map((action) => ({ ...action, after: action.after.filter((id) => ids.has(id)) })),
    decisions: plan.decisions.filter(({ id }) =>
      kept.some(({ needs }) => needs.some(({ decision }) => decision === id)),
    ),
    left: [...plan.left, ...impossible],
  };
}
