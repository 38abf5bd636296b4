/**
 * A plan measured again, after edits or on another machine: what people wrote and decided stays, what is generated is written anew, and
 * only what is new is asked. `docs/plan-file.md`, "On another machine".
 */
import { typeOf } from './actions/index.ts';
import { membersOf } from './compile/members.ts';
import { replaceDecision } from './export-meant.ts';
import { ACTION_KEYS } from './keys.ts';
import { completePlan, type Made, type MakeOptions, makePlan } from './make-plan.ts';
import type { Measured } from './measured.ts';
import type { Action, Decision, Plan } from './model.ts';

export async function remeasure(old: Plan, on: Measured, options: Omit<MakeOptions, 'id'>): Promise<Made> {
  const policy = { ...old.policy, ...options.policy };
  const made = await makePlan(on, { ...options, policy, id: old.plan });
  const fresh = besides(old, made.plan, on);
  const actions = [
    ...old.actions.map((action) =>
      ofBoth(
        action,
        fresh.actions.find(({ id }) => id === action.id),
      ),
    ),
    ...fresh.actions.filter(({ id }) => !old.actions.some((action) => action.id === id)),
  ];
  const asked = new Set(actions.flatMap(({ needs }) => needs.map(({ decision }) => decision)));
  // Whoever asks these compares column by column whether it is the same question.
  const ofExports = new Set(actions.flatMap((one) => (one.kind === 'export' ? [replaceDecision(one)] : [])));
  const decisions = [
    ...old.decisions.map((decision) =>
      ofExports.has(decision.id)
        ? decision
        : askedAgain(
            decision,
            fresh.decisions.find(({ id }) => id === decision.id),
          ),
    ),
    ...fresh.decisions.filter(({ id }) => asked.has(id) && !old.decisions.some((decision) => decision.id === id)),
  ];
  return completePlan({ ...old, policy, actions, decisions, left: fresh.left }, options.rates, on);
}

/**
 * Proposals without those about copies that an action of the plan moves or takes away: both would edit the same lines, and a person cannot leave out
 * what no file of theirs holds. They are proposed again when that is done.
 */
function besides(old: Plan, fresh: Plan, on: Measured): Plan {
  const ids = new Set(old.actions.map(({ id }) => id));
  const by = new Map(
    old.actions.flatMap((action) =>
      action.skip || !(action.kind === 'move' || action.kind === 'archive' || action.kind === 'remove')
        ? []
        : membersOf(action, on).files.map((path) => [path, action.id] as const),
    ),
  );
  const isExported = ({ kind, subject }: Action): boolean =>
    kind === 'export' && old.actions.some((one) => one.kind === 'export' && one.subject === subject);
  const isTaken = (action: Action): boolean => isExported(action) || pathsOf(action).some((path) => by.has(path));
  const dropped = new Set(fresh.actions.filter((one) => !ids.has(one.id) && isTaken(one)).map(({ id }) => id));
  // A copy that stays keeps its importers, and what comes after something that is not done is not done.
  for (let size = -1; size !== dropped.size; ) {
    size = dropped.size;
    for (const { id, kind, after } of fresh.actions) {
      if (ids.has(id)) continue;
      if (after.some((one) => dropped.has(one))) dropped.add(id);
      else if (kind === 'repoint' && fresh.actions.some((one) => dropped.has(one.id) && one.after.includes(id)))
        dropped.add(id);
    }
  }
  const left = fresh.actions.flatMap((action) => {
    const own = dropped.has(action.id) ? pathsOf(action).flatMap((path) => by.get(path) ?? []) : [];
    return own[0] === undefined ? [] : [{ path: action.subject, why: `${own[0]} comes first: plan again after it` }];
  });
  return {
    ...fresh,
    actions: fresh.actions.filter(({ id }) => !dropped.has(id)),
    left: [...fresh.left, ...new Map(left.map((one) => [one.path, one])).values()],
  };
}

/** Copies that an action is about, and the ones that it relies on. */
function pathsOf(action: Action): readonly string[] {
  if (action.kind === 'export') return [action.subject];
  if (action.kind === 'repoint') return [action.subject, action.to];
  if (action.kind === 'remove') return [action.subject, ...(action.because === null ? [] : [action.because])];
  return [];
}

/** What has an effect or is a note is the person's; what is generated is new. */
function ofBoth(old: Action, fresh: Action | undefined): Action {
  if (fresh === undefined || fresh.kind !== old.kind) return old;
  const merged: Record<string, unknown> = { ...fresh, subject: old.subject, reason: old.reason, finding: old.finding };
  const was = old as unknown as Readonly<Record<string, unknown>>;
  for (const { name, as } of [...typeOf(old).keys, ...ACTION_KEYS]) {
    if (as === 'generated') continue;
    if (name in was) merged[name] = was[name];
    else delete merged[name];
  }
  return merged as unknown as Action;
}

/** A question that is the same keeps its answer; numbers in it may have grown. Another one is asked again, with what was said. */
function askedAgain(old: Decision, fresh: Decision | undefined): Decision {
  if (fresh === undefined) return old;
  const same = (x: string, y: string): boolean => withoutNumbers(x) === withoutNumbers(y);
  const choices = Object.keys(fresh.choices);
  const isSame =
    same(old.question, fresh.question) &&
    choices.join('\n') === Object.keys(old.choices).join('\n') &&
    choices.every((choice) => same(old.choices[choice] ?? '', fresh.choices[choice] ?? ''));
  if (isSame) return { ...fresh, chosen: old.chosen };
  const said = old.chosen === null ? [] : [`answered ${old.chosen} when it was asked otherwise`];
  return { ...fresh, evidence: [...fresh.evidence, ...said], chosen: null };
}

const withoutNumbers = (text: string): string => text.replace(/\d[\d.,:]*/g, '0');
