/**
 * What a process left that was ended in the middle of a batch: temporaries, second names, halves of files written in place. Taken away
 * before a rollback looks at the paths. What somebody else put there is not touched.
 */
import type { ProjectGround } from '../apply/ground.ts';
import type { KnownRun } from '../apply/known-runs.ts';
import { readRun } from '../journal/run-folder.ts';
import { settleRun } from '../journal/settle-run.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { primitiveOf } from '../steps/index.ts';
import type { Ground } from '../steps/primitive.ts';
import { openObjects } from '../vault/objects.ts';

/** Does nothing for a run that ended. Of one whose journal is damaged, any step may have begun. */
export function cleanUp({ disk, root, state }: ProjectGround, { id, status }: KnownRun): void {
  if (status.is !== 'interrupted' && status.is !== 'running') return;
  const run = readRun(disk, state, id);
  if (run === null) return;
  try {
    settleRun(disk, run);
    const range = status.damaged && run.steps.count > 0 ? { from: 1, to: run.steps.count } : status.inDoubt;
    if (range === null) return;
    const on: Ground = { root, disk, objects: openObjects(disk, state.vault), run: id, git: gitIndex(disk) };
    for (const step of run.steps.between(range.to, range.from)) primitiveOf(step).clean(step, on);
  } finally {
    run.steps.close();
  }
}
