/** What every report of a plan shows: its actions with what becomes of them, what they add up to, what is asked, what is left alone. */
import { list } from '../../audit/wording.ts';
import type { CompiledAction } from '../../plan/compile/model.ts';
import type { LockedAction } from '../../plan/lock-model.ts';
import type { Action, Decision, Left, Plan } from '../../plan/model.ts';
import { inOrder } from '../../plan/what-applies.ts';
import type { Structure } from './structure.ts';

export interface PlanView {
  readonly project: string;
  readonly plan: Plan;
  /** Where it was written, as the user would type it; `null`: nowhere. */
  readonly file: string | null;
  readonly hash: string;
  readonly code: string;
  readonly actions: readonly ActionView[];
  readonly decisions: readonly Decision[];
  readonly left: readonly Left[];
  /** Findings that no action is proposed for, by code: people's work. The worst first. */
  readonly others: readonly { readonly code: string; readonly findings: number }[];
  /** Of what would be applied now; and of that with every open decision answered as proposed. */
  readonly totals: PlanTotals;
  readonly withProposals: PlanTotals;
  readonly structure: Structure;
}

/** `several-migration-systems, near-copy ×8 and 3 more`. */
export function othersInWords({ others }: PlanView, most = 8): string {
  const shown = others.slice(0, most).map(({ code, findings }) => (findings === 1 ? code : `${code} ×${findings}`));
  return list(others.length > most ? [...shown, `${others.length - most} more`] : shown, most + 1);
}

export interface ActionView {
  readonly action: Action;
  readonly is: CompiledAction['is'];
  readonly why: string | null;
  /** What it comes to, were it applied; `null` where it cannot be. */
  readonly locked: LockedAction | null;
}

export interface PlanTotals {
  readonly actions: number;
  readonly removed: number;
  readonly moved: number;
  readonly edited: number;
  readonly made: number;
  /** Entries of git's index. */
  readonly entries: number;
  readonly bytes: { readonly freed: number; readonly vault: number };
  readonly seconds: number;
}

export function actionViews(
  plan: Plan,
  compiled: ReadonlyMap<string, CompiledAction>,
  locked: Readonly<Record<string, LockedAction>>,
): readonly ActionView[] {
  return inOrder(plan.actions).map((action) => {
    const one = compiled.get(action.id);
    return { action, is: one?.is ?? 'blocked', why: one?.why ?? null, locked: locked[action.id] ?? null };
  });
}

/** A file that several actions edit counts once. */
export function totalsOf(actions: readonly ActionView[]): PlanTotals {
  const edited = new Set<string>();
  const made = new Set<string>();
  let [removed, moved, entries, freed, vault, seconds] = [0, 0, 0, 0, 0, 0];
  for (const { locked } of actions) {
    if (locked === null) continue;
    for (const step of locked.steps) {
      if (step.op === 'remove') removed++;
      else if (step.op === 'rename') moved++;
      else if (step.op === 'git-index') entries += step.entries.length;
      else if (step.op === 'put') (step.before === null ? made : edited).add(JSON.stringify(step.path));
    }
    freed += locked.bytes.freed;
    vault += locked.bytes.vault;
    seconds += locked.seconds;
  }
  const bytes = { freed, vault };
  return { actions: actions.length, removed, moved, edited: edited.size, made: made.size, entries, bytes, seconds };
}

/** `256 files leave, 1 is edited, 1 is made`. */
export function totalsInWords({ removed, moved, edited, made, entries }: PlanTotals): string {
  const files = (n: number): string => `${n.toLocaleString('en-US')} ${n === 1 ? 'file' : 'files'}`;
  const parts: string[] = [];
  if (removed > 0) parts.push(`${files(removed)} ${removed === 1 ? 'leaves' : 'leave'}`);
  if (moved > 0) parts.push(`${files(moved)} ${moved === 1 ? 'moves' : 'move'}`);
  if (edited > 0) parts.push(`${files(edited)} ${edited === 1 ? 'is' : 'are'} edited`);
  if (made > 0) parts.push(`${files(made)} ${made === 1 ? 'is' : 'are'} made`);
  if (entries > 0)
    parts.push(
      `${entries.toLocaleString('en-US')} ${entries === 1 ? 'entry' : 'entries'} of git’s index ${entries === 1 ? 'changes' : 'change'}`,
    );
  return parts.length === 0 ? 'nothing changes' : parts.join(', ');
}
