/**
 * What applying a plan would come to now: the project is measured and the plan compiled anew, then compared with what was reviewed. A
 * lock's steps are never carried out unseen.
 */
import type { Audit } from '../audit/model.ts';
import { DesprawlError } from '../errors.ts';
import { compile } from '../plan/compile/index.ts';
import type { Compiled, CompiledPhase } from '../plan/compile/model.ts';
import { planHash } from '../plan/intent.ts';
import { type Comparison, compareWithLock } from '../plan/lock.ts';
import type { Lock } from '../plan/lock-model.ts';
import type { Measured } from '../plan/measured.ts';
import type { Plan } from '../plan/model.ts';
import { openDecisions, phasesOf } from '../plan/what-applies.ts';
import { look, type ProjectGround } from './ground.ts';
import type { KnownRun } from './known-runs.ts';
import { measure } from './measure.ts';
import { phaseToApply } from './phases.ts';

export interface PrepareRequest {
  readonly plan: Plan;
  /** As messages name it. */
  readonly name: string;
  /** `null`: the plan was never measured on this machine. */
  readonly lock: Lock | null;
  readonly runs: readonly KnownRun[];
  /** What was asked for; `null`: the first one that has something to do. */
  readonly phase: number | null;
  /** Measured already: after an answer, the project need not be looked at again. */
  readonly measured?: Measured;
}

export interface Prepared {
  readonly plan: Plan;
  readonly lock: Lock;
  readonly measured: Measured;
  readonly audit: Audit;
  readonly compiled: Compiled;
  /** `null`: there is nothing to do. */
  readonly phase: CompiledPhase | null;
  /** Actions of the phase that are not as they were reviewed, since the plan was edited. */
  readonly edited: readonly string[];
}

/** Throws `DSP-PLAN-UNLOCKED`, `DSP-PLAN-STALE`, `DSP-PLAN-UNDECIDED`, `DSP-PHASE-LOCKED`, `DSP-PLAN-INVALID`. */
export async function prepareApply(ground: ProjectGround, request: PrepareRequest): Promise<Prepared> {
  const { plan, name, lock } = request;
  if (lock === null) {
    throw new DesprawlError('DSP-PLAN-UNLOCKED', `${name} was never measured on this machine.`, {
      hint: `Run \`desprawl plan --from ${name}\`; decisions are carried over.`,
    });
  }
  const measured = request.measured ?? measure({ ...ground, audit: await look(ground) });
  const compiled = await compile(plan, measured);
  const toDo = new Map(compiled.phases.map((phase) => [phase.phase, phase]));
  const phase = phaseToApply({
    plan: plan.plan,
    phases: phasesOf(plan),
    toDo: new Set(toDo.keys()),
    runs: request.runs,
    asked: request.phase,
  });
  const comparison = compareWithLock(lock, plan, compiled, phase ?? undefined);
  assertFresh(comparison, name);
  const prepared = { plan, lock, measured, audit: measured.audit, compiled, edited: comparison.edited };
  if (phase !== null) return { ...prepared, phase: toDo.get(phase) ?? null };
  assertDecided(plan, compiled);
  return { ...prepared, phase: null };
}

/** How many places of stale actions a message names. */
const SHOWN = 5;

function assertFresh({ stale }: Comparison, name: string): void {
  if (stale.length === 0) return;
  const places = stale.flatMap(({ action, changed }) =>
    changed.map(({ path, what }) => (path === '' ? `${action}: ${what}` : `${path} ${what} (${action})`)),
  );
  const more = places.length > SHOWN ? `; and ${places.length - SHOWN} more` : '';
  throw new DesprawlError(
    'DSP-PLAN-STALE',
    `${name} is stale: ${places.slice(0, SHOWN).join('; ')}${more}. Nothing was applied.`,
    {
      hint: `Run \`desprawl plan --from ${name}\`, look at what changed with \`--diff\`, then apply.`,
    },
  );
}

/** What was not reviewed is not applied unseen, and not tried out as if it were. Throws `DSP-PLAN-STALE`. */
export function assertReviewed({ edited }: Pick<Prepared, 'edited'>, name: string): void {
  if (edited.length === 0) return;
  throw new DesprawlError(
    'DSP-PLAN-STALE',
    `${name} was edited since it was measured: ${edited.join(', ')}. Nothing was applied.`,
    {
      hint: `Run \`desprawl plan --from ${name}\` and look at it, or \`desprawl apply ${name}\` in a terminal.`,
    },
  );
}

/** Where all that is left to do waits for answers, doing nothing is no success. */
function assertDecided(plan: Plan, compiled: Compiled): void {
  const waiting = [...compiled.actions.values()].filter(({ is }) => is === 'undecided');
  if (waiting.length === 0) return;
  const open = openDecisions(plan).map(({ id }) => id);
  throw new DesprawlError('DSP-PLAN-UNDECIDED', `Nothing can be applied before these are decided: ${open.join(', ')}.`);
}

/** Throws `DSP-PLAN-UNAPPROVED` where the policy asks for an approval and none counts. `who`: the one who applies. */
export function assertApproved({ plan, compiled }: Prepared, approval: 'none' | 'self' | 'other', who: string): void {
  const required = approval !== 'none' || plan.policy.requireApproval === true;
  if (!required) return;
  const hash = planHash(plan);
  const counts = plan.approvals.filter((one) => one.hash === hash && one.code === compiled.code);
  const others = approval === 'self' ? counts : counts.filter(({ by }) => by !== who);
  if (others.length > 0) return;
  const why =
    counts.length > 0
      ? 'it was approved only by the one who applies it'
      : plan.approvals.length > 0
        ? 'its approvals are of an earlier state of it'
        : 'nobody approved it';
  throw new DesprawlError('DSP-PLAN-UNAPPROVED', `The plan ${plan.plan} must be approved, and ${why}.`);
}
