/** Opens a segment of a run and carries out its steps: what a plan, a rollback and a continuation have in common. */

import type { JournalRecord } from '../journal/records.ts';
import type { Run } from '../journal/run-folder.ts';
import { openSegment } from '../journal/segment.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { openObjects } from '../vault/objects.ts';
import type { ProjectGround } from './ground.ts';
import { type Outcome, runSteps, type Work } from './run-steps.ts';

export interface CarryOut extends Pick<Work, 'from' | 'inDoubt' | 'assertHeld' | 'atEnd'> {
  readonly run: Run;
  /** Told to the journal before the first step. */
  readonly first?: readonly JournalRecord[];
}

export async function carryOut(ground: ProjectGround, { run, first = [], ...rest }: CarryOut): Promise<Outcome> {
  const { disk, root, state, identity, signal, onProgress } = ground;
  const { pid, started, boot, host } = identity;
  const at = new Date(ground.now()).toISOString();
  const segment = openSegment(disk, run, { pid, started, boot, host, tool: ground.tool, at });
  try {
    if (first.length > 0) segment.append(...first);
    return await runSteps({
      run,
      segment,
      on: { root, disk, objects: openObjects(disk, state.vault), run: run.id, git: gitIndex(disk) },
      now: () => ground.now(),
      ...rest,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress({ phase: 'steps', ...progress }) }),
    });
  } finally {
    segment.close();
  }
}
