/** Finishes a run that was interrupted, from its own files: the plan may have been edited since, and is not read. */
import { DesprawlError } from '../errors.ts';
import type { Run } from '../journal/run-folder.ts';
import { statusOf } from '../journal/run-status.ts';
import { openSegment, type Taking } from '../journal/segment.ts';
import { settleRun } from '../journal/settle-run.ts';
import type { Step } from '../steps/step.ts';
import type { Objects } from '../vault/model.ts';
import { type Outcome, runSteps, type Work } from './run-steps.ts';

export interface Continuing extends Omit<Work, 'run' | 'segment' | 'from' | 'inDoubt' | 'on'> {
  readonly on: Work['on'] & { readonly objects: Pick<Objects, 'verify'> };
  readonly taking: Taking;
}

/**
 * The caller holds the state, has read `run` since, and closes its steps. A run that was prepared only is carried out as a whole.
 * Throws `DSP-JOURNAL-DAMAGED`, `DSP-VAULT-DAMAGED`, `DSP-STATE` before anything begins, and what `runSteps` throws.
 */
export async function continueRun(run: Run, work: Continuing): Promise<Outcome> {
  const { root, disk, objects } = work.on;
  if (run.header.project.root !== root) {
    throw new DesprawlError('DSP-STATE', `The run ${run.id} is of ${run.header.project.root}, and this is ${root}.`, {
      hint: 'Run the command in the folder that the run was made for, or move the project back.',
    });
  }
  const { done, inDoubt } = statusOf(run, [run], []);
  assertWhole(run.steps.between(done + 1, run.steps.count), done < run.steps.count, objects);
  settleRun(disk, run);
  const segment = openSegment(disk, run, work.taking);
  try {
    return await runSteps({ ...work, run, segment, from: done + 1, inDoubt });
  } finally {
    segment.close();
  }
}

/** Every content that is still to be written, before the first is. What is written in place needs the old one as well. */
function assertWhole(steps: Iterable<Step>, any: boolean, objects: Pick<Objects, 'verify'>): void {
  if (!any) return;
  const good = new Set<string>();
  for (const step of steps) {
    if (step.op !== 'put') continue;
    for (const state of step.how === 'in-place' ? [step.before, step.after] : [step.after]) {
      if (state.kind !== 'file' || good.has(state.sha256)) continue;
      if (!objects.verify(state.sha256)) {
        throw new DesprawlError(
          'DSP-VAULT-DAMAGED',
          `The content ${state.sha256.slice(0, 12)}… that the run still needs is missing in the vault or damaged.`,
        );
      }
      good.add(state.sha256);
    }
  }
}
