/** `about.json` of a rollback: what it found and was about, written once before its first step, so that whoever finishes it can tell. */
import type { ProjectGround } from '../apply/ground.ts';
import type { ActionOutcome, ChangedSince, LaterLine, LeftPlace, NotVerified, RunId } from '../apply/model.ts';
import { keyOf, shownPath } from '../disk/paths.ts';
import { readIfThere } from '../disk/read-file.ts';
import type { PlannedStep } from '../steps/step.ts';
import type { AboutRun } from '../verify/model.ts';
import type { Carried } from './later/model.ts';

export const ABOUT_ROLLBACK = 'about.json';

export interface AboutRollback {
  readonly version: 1;
  /** Of the runs that are taken back. */
  readonly actions: readonly ActionOutcome[];
  readonly changedSince: readonly ChangedSince[];
  readonly left: readonly LeftPlace[];
  readonly notVerified: readonly NotVerified[];
  readonly later: readonly LaterLine[];
  /** Stores that are put back with later rows in them. */
  readonly carried: readonly Carried[];
}

/** What a run says of itself, as much as a rollback asks for. */
type About = Partial<AboutRollback & Pick<AboutRun, 'severalNames'>>;

/** What is put back, and was one of several names of a file. `abouts`: of the runs that are taken back. */
export function partedFrom(abouts: readonly About[], steps: readonly PlannedStep[]): readonly NotVerified[] {
  const put = new Set(steps.flatMap((step) => (step.op === 'put' ? [keyOf(step.path)] : [])));
  return abouts.flatMap(({ severalNames }) =>
    (severalNames ?? []).flatMap((path) =>
      put.has(keyOf(path))
        ? [{ what: shownPath(path), why: 'it was one of several names of one file, and is a file of its own now' }]
        : [],
    ),
  );
}

/** `null`: it cannot be read; the rollback does not need it. It holds all that was measured before a plan was applied: read once. */
export function readAbout({ disk, state }: Pick<ProjectGround, 'disk' | 'state'>, run: RunId): About | null {
  try {
    const bytes = readIfThere(disk, `${state.runs}/${run}/${ABOUT_ROLLBACK}`);
    return bytes === null ? null : (JSON.parse(bytes.toString('utf8')) as About);
  } catch {
    return null;
  }
}

/** What becomes of the actions of the runs: those that were applied are taken back, those that were taken back are in force again. */
export function actionsOf(abouts: readonly About[]): readonly ActionOutcome[] {
  return abouts.flatMap(({ actions }) =>
    (actions ?? []).flatMap(({ id, is, paths, reason }): ActionOutcome[] => {
      if (is !== 'applied' && is !== 'taken back') return [];
      const now = is === 'applied' ? 'taken back' : 'applied';
      return [{ id, is: now, paths, ...(reason === undefined ? {} : { reason }) }];
    }),
  );
}
