/** Finishes a run that was interrupted, and verifies it: the plan may have been edited since, and is not read. */

import { type RecordedPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { readRun } from '../journal/run-folder.ts';
import { readAbout } from '../rollback/about-rollback.ts';
import { readRuns } from '../rollback/read-runs.ts';
import { restoreTimes } from '../rollback/restore-times.ts';
import { rollbackResult } from '../rollback/result.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { openObjects } from '../vault/objects.ts';
import { continueRun } from './continue.ts';
import type { ProjectGround } from './ground.ts';
import { holdStores, storesTouched } from './hold-stores.ts';
import type { KnownRun } from './known-runs.ts';
import type { ApplyResult } from './model.ts';
import { verifiedResult } from './verified-result.ts';

/** The caller holds the state. */
export async function finishRun(ground: ProjectGround, waiting: KnownRun, consent: boolean): Promise<ApplyResult> {
  const began = ground.now();
  const { disk, state, root, identity, signal, onProgress } = ground;
  const run = readRun(disk, state, waiting.id);
  if (run === null) throw new DesprawlError('DSP-RUN-UNKNOWN', `The run ${waiting.id} never began.`);
  let left: readonly RecordedPath[];
  try {
    const steps = [...run.steps.between(1, run.steps.count)];
    const read = run.header.kind === 'rollback' ? readRuns(disk, state, run.header.undoes) : null;
    const held = await holdStores(ground, storesTouched(steps));
    try {
      const { pid, started, boot, host } = identity;
      const outcome = await continueRun(run, {
        on: { root, disk, objects: openObjects(disk, state.vault), run: run.id, git: gitIndex(disk) },
        taking: { pid, started, boot, host, tool: ground.tool, at: new Date(ground.now()).toISOString() },
        now: () => ground.now(),
        assertHeld: (step) => held.assertHeld(step),
        ...(read === null ? {} : { atEnd: () => restoreTimes(disk, root, read, true) }),
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress({ phase: 'steps', ...progress }) }),
      });
      left = outcome.left;
    } finally {
      await held.release();
    }
    if (read === null) return await verifiedResult(ground, { id: run.id, left, consent, dryRun: false, began });
    const about = readAbout(ground, run.id);
    const shown = left.map((path) => shownPath(path));
    return rollbackResult(ground, { header: run.header, about, read, steps, left: shown, dryRun: false, began });
  } finally {
    run.steps.close();
  }
}
