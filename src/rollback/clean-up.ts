/**
 * What a process left that was ended in the middle of a batch: temporaries, second names, halves of files written in place. Taken away
 * before a rollback looks at the paths. What somebody else put there is not touched.
 */
import type { ProjectGround } from '../apply/ground.ts';
import type { KnownRun } from '../apply/known-runs.ts';
import { folderSet } from '../disk/folder-set.ts';
import { folderOf } from '../disk/paths.ts';
import { readRun } from '../journal/run-folder.ts';
import { settleRun } from '../journal/settle-run.ts';
import { gitIndex, indexPath } from '../steps/git-index-file.ts';
import { primitiveOf } from '../steps/index.ts';
import { placeOf } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import { transitionsOf } from '../steps/step.ts';
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
    // What it did is seen, and need not be on the disk: a power cut later would bring a temporary back.
    const dirty = folderSet();
    for (const step of run.steps.between(range.to, range.from)) {
      primitiveOf(step).clean(step, on);
      if (step.op === 'git-index') dirty.add(folderOf(indexPath(step.index)));
      // A new name before an old one goes.
      for (const { path } of transitionsOf(step).toReversed()) dirty.add(folderOf(placeOf(on, path)));
    }
    dirty.sync(disk);
  } finally {
    run.steps.close();
  }
}
