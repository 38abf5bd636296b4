/**
 * A dry run is the run itself on a copy: the same code measures, compiles, compares, backs up, changes and verifies, with a state of its
 * own. What then differs between project and copy must be what the steps said. Nothing of it is left.
 */
import { apply } from './apply.ts';
import type { ProjectGround } from './ground.ts';
import type { ApplyResult } from './model.ts';
import { differsFrom, onCopy } from './on-copy.ts';
import { assertReviewed, type PrepareRequest, prepareApply } from './prepare-apply.ts';
import { withState } from './with-state.ts';

export interface DryRunRequest extends Omit<PrepareRequest, 'measured'> {
  readonly planText: string;
  readonly consent: boolean;
  /** Edits of the plan since it was measured are before a person's eyes, who may apply it as it is. */
  readonly editsSeen: boolean;
}

/** Of a plan. Throws what applying it unasked would: of `prepareApply`, `assertReviewed` and `apply`; the project is not changed. The caller holds the state. */
export function dryRun(ground: ProjectGround, request: DryRunRequest): Promise<ApplyResult> {
  const { planText, consent, name, editsSeen } = request;
  // Ledgers of earlier runs are asked only where something of them is to be settled.
  const withRuns = request.plan.actions.some(({ kind, skip }) => kind === 'settle' && !skip);
  return onCopy(ground, withRuns, async ({ ground: own, copy, notVerified }) => {
    const result = await withState(own, async (known) => {
      const prepared = await prepareApply(own, request);
      if (!editsSeen) assertReviewed(prepared, name);
      return apply(own, { prepared, planText, known, consent, dryRun: true, notVerified });
    });
    // The run, its backups and the state that they lie in go with the copy.
    return {
      ...result,
      run: null,
      backups: [],
      notVerified: [...result.notVerified, ...differsFrom(ground, copy, result)],
    };
  });
}
