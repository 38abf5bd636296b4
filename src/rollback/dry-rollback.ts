/** A dry run of a rollback is the rollback itself on a copy of the project, with a copy of its runs. Nothing of it is left. */
import type { ProjectGround } from '../apply/ground.ts';
import type { ApplyResult } from '../apply/model.ts';
import { differsFrom, onCopy } from '../apply/on-copy.ts';
import { withState } from '../apply/with-state.ts';
import { chooseRuns } from './choose-runs.ts';
import { type RollbackRequest, rollback } from './rollback.ts';

/** The caller holds the state. Throws what `rollback` throws; the project is not changed. */
export function dryRollback(
  ground: ProjectGround,
  { chosen, later }: Pick<RollbackRequest, 'chosen' | 'later'>,
): Promise<ApplyResult> {
  return onCopy(ground, true, async ({ ground: own, copy, notVerified }) => {
    const result = await withState(own, (known) => {
      const same = chooseRuns(known, chosen.run.id, true);
      return rollback(own, { chosen: same, known, later, dryRun: true, notVerified });
    });
    return {
      ...result,
      run: null,
      backups: [],
      changedSince: result.changedSince.map((one) => ({ ...one, backup: null })),
      later: result.later.map((one) => ({ ...one, file: null })),
      notVerified: [...result.notVerified, ...differsFrom(ground, copy, result)],
    };
  });
}
