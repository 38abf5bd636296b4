/**
 * Compiles a plan: each action becomes a draft, the drafts of a phase become steps, and the next phase sees the project as this one
 * leaves it. A function of the plan and of what was measured: neither order in the file nor time nor place is seen in the result.
 */
import { typeOf } from '../actions/index.ts';
import { digest } from '../digest.ts';
import type { LockedAction } from '../lock-model.ts';
import type { Measured } from '../measured.ts';
import type { Action, Plan } from '../model.ts';
import { applies, inOrder, phasesOf } from '../what-applies.ts';
import { afterChanges } from './after-changes.ts';
import type { Compiling, Draft, Drafted, DraftOf } from './draft.ts';
import { lockedAction } from './locked-action.ts';
import { mergeDrafts } from './merge.ts';
import type { Compiled, CompiledAction, CompiledPhase } from './model.ts';
import { type ChangesSoFar, NO_CHANGES, withChanges } from './project-changes.ts';
import { forbidden, losesItsProof } from './refused.ts';
import { changesUnplanned } from './unplanned.ts';

/** Throws `DSP-PLAN-INVALID` where two actions want two things of one place. */
export async function compile(plan: Plan, measured: Measured): Promise<Compiled> {
  const actions = new Map<string, CompiledAction>();
  const phases: CompiledPhase[] = [];
  let on = measured;
  let so = NO_CHANGES;
  for (const phase of phasesOf(plan)) {
    const own = inOrder(plan.actions.filter((action) => action.phase === phase));
    const drafts = await draftsOf(own, plan, on, actions, so);
    const merged = mergeDrafts(drafts, on);
    so = withChanges(so, merged);
    for (const { action, draft } of drafts) {
      const locked = lockedAction(action, plan, draft, merged, on);
      actions.set(action.id, { is: 'ready', why: null, locked });
    }
    if (merged.steps.length > 0 || merged.archived.length > 0) {
      const { steps, contents, archived, merges, exports, edited } = merged;
      phases.push({ phase, steps, contents, archived, merges, exports, edited });
    }
    on = afterChanges(on, merged);
  }
  return { actions, phases, code: codeOf(actions), digest: digestOf(actions) };
}

/** Those that can be applied; of the others it is said in `actions` why not. */
async function draftsOf(
  own: readonly Action[],
  plan: Plan,
  on: Measured,
  actions: Map<string, CompiledAction>,
  so: ChangesSoFar,
): Promise<readonly DraftOf[]> {
  const not = (is: CompiledAction['is'], why: string): CompiledAction => ({ is, why, locked: null });
  const settle = async (without: ReadonlyMap<string, string>): Promise<readonly DraftOf[]> => {
    const drafts: DraftOf[] = [];
    const earlier = new Map<string, Draft>();
    for (const action of own) {
      const waits = waitsFor(action, actions);
      const asked = applies(action, plan);
      if (asked.is !== 'ready') {
        actions.set(action.id, not(asked.is, asked.why));
      } else if (waits !== null) {
        actions.set(action.id, waits);
      } else {
        const stop = without.get(action.id);
        const drafted = stop === undefined ? await draftOf(action, { ...on, plan, earlier }) : { blocked: stop };
        if ('draft' in drafted) {
          drafts.push({ action, draft: drafted.draft });
          earlier.set(action.id, drafted.draft);
          actions.set(action.id, { is: 'ready', why: null, locked: null });
        } else if ('done' in drafted) {
          actions.set(action.id, not('already so', drafted.done));
        } else {
          actions.set(action.id, not('blocked', drafted.blocked));
        }
      }
    }
    return drafts;
  };
  // What is blocked takes those with it that come after it, and with them the reason of others may go: until nothing changes.
  const blocked = new Map<string, string>();
  for (;;) {
    const drafts = await settle(blocked);
    const lost = losesItsProof(drafts);
    const more = lost.size > 0 ? lost : await changesUnplanned(drafts, plan, so, on);
    if (more.size === 0) return drafts;
    for (const [id, why] of more) blocked.set(id, why);
  }
}

async function draftOf(action: Action, on: Compiling): Promise<Drafted> {
  const drafted = await typeOf(action).compile(action, on);
  if (!('draft' in drafted)) return drafted;
  const why = forbidden(drafted.draft, on);
  return why === null ? drafted : { blocked: why };
}

/** What it comes after must be applied, or be so already. */
function waitsFor({ kind, after }: Action, actions: ReadonlyMap<string, CompiledAction>): CompiledAction | null {
  for (const id of [...after].sort()) {
    const before = actions.get(id);
    if (before === undefined || before.is === 'ready' || before.is === 'already so') continue;
    // A table that is not merged into after all is what it is: its export is made of that.
    if (kind === 'export' && before.is === 'skipped') continue;
    const why =
      before.is === 'undecided'
        ? `waits for ${id}, which waits for a decision`
        : `comes after ${id}, which is ${before.is === 'blocked' ? 'blocked' : 'left out'}`;
    return { is: before.is, why, locked: null };
  }
  return null;
}

type Ready = readonly [id: string, locked: Omit<LockedAction, 'seconds'>];

function readyOf(actions: ReadonlyMap<string, CompiledAction>): readonly Ready[] {
  return [...actions]
    .flatMap(([id, { locked }]): readonly Ready[] => (locked === null ? [] : [[id, locked]]))
    .sort(([x], [y]) => (x < y ? -1 : 1));
}

/** The same in every checkout of the same code. */
function codeOf(actions: ReadonlyMap<string, CompiledAction>): string {
  const hunks = readyOf(actions)
    .flatMap(([, { hunks }]) => hunks)
    .map(({ path, at: [start, end], from, to }) => ({ path, start, end, from, to }))
    .sort((x, y) =>
      x.path < y.path ? -1 : x.path > y.path ? 1 : x.start - y.start || x.end - y.end || (x.to < y.to ? -1 : 1),
    );
  return digest('desprawl code 1\n', hunks);
}

function digestOf(actions: ReadonlyMap<string, CompiledAction>): string {
  return digest(
    'desprawl lock 1\n',
    readyOf(actions).map(([id, locked]) => [id, locked.digest]),
  );
}
