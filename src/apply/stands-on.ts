/** Which earlier runs a new one stands on: those in force that touched a path, or an entry of git's index, of its own. */
import type { Disk } from '../disk/disk.ts';
import { keyOf } from '../disk/paths.ts';
import { type RunsPlace, readRun } from '../journal/run-folder.ts';
import { stackedOn } from '../journal/stack.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';
import type { ProjectGround } from './ground.ts';
import { type KnownRun, stackOf } from './known-runs.ts';
import type { RunId } from './model.ts';

/** `after` of its header. `read`: the paths of runs that were read a moment ago. */
export function standsOn(
  { disk, state }: Pick<ProjectGround, 'disk' | 'state'>,
  runs: readonly KnownRun[],
  steps: Iterable<PlannedStep>,
  read: ReadonlyMap<RunId, ReadonlySet<string>> = new Map(),
): readonly RunId[] {
  const stack = stackOf(runs).map((one) => {
    // On what is not in force nothing stands.
    const paths = one.inForce ? (read.get(one.id) ?? readPaths(disk, state, one.id)) : new Set<string>();
    return { ...one, paths };
  });
  const touched = new Set<string>();
  for (const step of steps) addPaths(touched, step);
  return stackedOn(stack, touched);
}

/** What a step touches, as runs are compared by it. */
export function addPaths(paths: Set<string>, step: PlannedStep): void {
  for (const { path } of transitionsOf(step)) paths.add(keyOf(path));
  // Two runs that change one entry stand on each other as well.
  if (step.op === 'git-index') for (const { path } of step.entries) paths.add(`index ${keyOf(path)}`);
}

function readPaths(disk: Disk, place: RunsPlace, id: RunId): ReadonlySet<string> {
  const paths = new Set<string>();
  const run = readRun(disk, place, id);
  try {
    if (run !== null) for (const step of run.steps.between(1, run.steps.count)) addPaths(paths, step);
  } finally {
    run?.steps.close();
  }
  return paths;
}
