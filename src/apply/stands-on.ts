/** Which earlier runs a new one stands on: those in force that touched a path, or an entry of git's index, of its own. */
import { keyOf } from '../disk/paths.ts';
import { readRun } from '../journal/run-folder.ts';
import { stackedOn } from '../journal/stack.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';
import type { ProjectGround } from './ground.ts';
import { type KnownRun, stackOf } from './known-runs.ts';
import type { RunId } from './model.ts';

/** `after` of its header. */
export function standsOn(
  { disk, state }: Pick<ProjectGround, 'disk' | 'state'>,
  runs: readonly KnownRun[],
  steps: Iterable<PlannedStep>,
): readonly RunId[] {
  const stack = stackOf(runs).map((one) => {
    const run = readRun(disk, state, one.id);
    try {
      return { ...one, paths: run === null ? new Set<string>() : pathsOf(run.steps.between(1, run.steps.count)) };
    } finally {
      run?.steps.close();
    }
  });
  return stackedOn(stack, pathsOf(steps));
}

function pathsOf(steps: Iterable<PlannedStep>): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const step of steps) {
    for (const { path } of transitionsOf(step)) paths.add(keyOf(path));
    // Two runs that change one entry stand on each other as well.
    if (step.op === 'git-index') for (const { path } of step.entries) paths.add(`index ${keyOf(path)}`);
  }
  return paths;
}
