/**
 * Which phase of a plan may be applied: each is a run of its own, and a later one waits until the earlier ones are verified and in
 * force. A phase with nothing to do stands in nobody's way. Pure.
 */
import { DesprawlError } from '../errors.ts';
import type { RunHeader, RunId, RunStatus } from './model.ts';

export interface PhaseRun {
  readonly id: RunId;
  readonly header: Pick<RunHeader, 'kind' | 'plan'>;
  readonly status: Pick<RunStatus, 'is'>;
}

export interface PhasesInput {
  readonly plan: string;
  /** All phases of the plan, ascending. */
  readonly phases: readonly number[];
  /** Those that have something to do now. */
  readonly toDo: ReadonlySet<number>;
  /** Newest first. */
  readonly runs: readonly PhaseRun[];
  /** What was asked for; `null`: the first one that is to be done. */
  readonly asked: number | null;
}

/** `null`: nothing is to be done. Throws `DSP-PHASE-LOCKED`, `DSP-USAGE`. */
export function phaseToApply({ plan, phases, toDo, runs, asked }: PhasesInput): number | null {
  if (asked !== null && !phases.includes(asked)) {
    throw new DesprawlError('DSP-USAGE', `The plan ${plan} has no phase ${asked}; it has ${phases.join(', ')}.`);
  }
  const phase = asked ?? phases.find((one) => toDo.has(one)) ?? null;
  if (phase === null || !toDo.has(phase)) return null;
  for (const earlier of phases.filter((one) => one < phase)) {
    const last = lastOf(runs, plan, earlier);
    if (last?.status.is === 'applied') {
      throw locked(phase, `phase ${earlier} is applied and not verified`, `Run \`desprawl verify ${last.id}\`.`);
    }
    if (!toDo.has(earlier)) continue;
    const why = last?.status.is === 'rolled back' ? 'was rolled back' : 'is not applied';
    throw locked(phase, `phase ${earlier} ${why}`, `Run \`desprawl apply --phase ${earlier}\` first.`);
  }
  return phase;
}

/** The newest run of a phase that was not taken back, else the newest that was. */
function lastOf(runs: readonly PhaseRun[], plan: string, phase: number): PhaseRun | undefined {
  const own = runs.filter(
    ({ header }) => header.kind === 'apply' && header.plan?.id === plan && header.plan.phase === phase,
  );
  return own.find(({ status }) => status.is !== 'rolled back') ?? own[0];
}

function locked(phase: number, why: string, hint: string): DesprawlError {
  return new DesprawlError('DSP-PHASE-LOCKED', `Phase ${phase} cannot be applied: ${why}.`, { hint });
}
