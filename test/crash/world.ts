/**
 * The engine on the simulated disk, command by command, with nothing left out that changes anything: contents into the vault, the run
 * prepared, carried out, continued, taken back. Each command may be the one that is interrupted, and finds what another one left.
 */
import { continueRun } from '../../src/apply/continue.ts';
import { foldersTouched } from '../../src/apply/folders-touched.ts';
import type { ProjectGround } from '../../src/apply/ground.ts';
import { knownRuns } from '../../src/apply/known-runs.ts';
import type { RunHeader, RunStatus } from '../../src/apply/model.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { joinPath } from '../../src/disk/paths.ts';
import { prepareRun, type Run, readRun, removeUnbegun, runIds } from '../../src/journal/run-folder.ts';
import { statusOf } from '../../src/journal/run-status.ts';
import { cleanUp } from '../../src/rollback/clean-up.ts';
import { assertWhole } from '../../src/rollback/keep-changed.ts';
import { folderStates, readRuns } from '../../src/rollback/read-runs.ts';
import { restoreTimes } from '../../src/rollback/restore-times.ts';
import { assertNoLater, stepsBack } from '../../src/rollback/steps-back.ts';
import type { Ground } from '../../src/steps/primitive.ts';
import type { PlannedStep } from '../../src/steps/step.ts';
import { openObjects, type StoredObjects } from '../../src/vault/objects.ts';
import { buildProject, type Made, makeSteps, ROOT, type Scenario } from './scenarios.ts';
import { SimulatedDisk } from './simulated/simulated-disk.ts';
import { simulatedGit } from './simulated/simulated-git.ts';

const STATE = '/s';
const PLACE = { runs: `${STATE}/runs` };
export const VAULT: string = `${STATE}/vault`;
export const APPLY = '2026-11-21T143617Z-0001';
export const ROLLBACK = '2026-11-21T143618Z-0002';

export interface World extends Made {
  readonly disk: SimulatedDisk;
}

export type Direction = 'continue' | 'roll back';

/** The command that goes in a direction. */
export function go(disk: Disk, direction: Direction, world: Made): Promise<void> {
  return direction === 'continue' ? apply(disk, world) : rollBack(disk);
}

/** Nothing was begun; the project and its state lie on the disk. */
export function buildWorld(scenario: Scenario): World {
  const disk = new SimulatedDisk();
  for (const folder of [STATE, PLACE.runs, `${STATE}/held`]) disk.mkdir(folder, 0o700);
  buildProject(disk);
  return { disk: disk.settle(), ...makeSteps(disk, scenario) };
}

/** `desprawl apply`, or `apply --continue` where a run waits. */
export async function apply(disk: Disk, world: Made): Promise<void> {
  removeUnbegun(disk, PLACE);
  const ids = runIds(disk, PLACE);
  if (!ids.includes(APPLY)) await prepareApply(disk, world);
  await finish(disk, ids.includes(ROLLBACK) ? ROLLBACK : APPLY);
}

/** `desprawl rollback`; of a rollback that was interrupted, `apply --continue`. */
export async function rollBack(disk: Disk): Promise<void> {
  removeUnbegun(disk, PLACE);
  const ids = runIds(disk, PLACE);
  if (!ids.includes(APPLY)) return;
  if (!ids.includes(ROLLBACK)) prepareRollback(disk);
  await finish(disk, ROLLBACK);
}

/** What a run's status is, as `desprawl status` says it; `null`: it never began. */
export function statusIn(disk: Disk, id: string): RunStatus | null {
  const runs = runIds(disk, PLACE).flatMap((one) => {
    const run = readRun(disk, PLACE, one);
    run?.steps.close();
    return run ?? [];
  });
  const run = runs.find((one) => one.id === id);
  return run === undefined ? null : statusOf(run, runs, []);
}

function groundOf(disk: Disk, run: string): Ground & { readonly objects: StoredObjects } {
  return { root: ROOT, disk, objects: openObjects(disk, VAULT), run, git: simulatedGit(disk) };
}

function headerOf(disk: Disk, run: string, steps: readonly PlannedStep[]): Omit<RunHeader, 'version' | 'steps'> {
  return {
    run,
    kind: run === APPLY ? 'apply' : 'rollback',
    tool: '0',
    project: { root: ROOT, git: null },
    plan: null,
    undoes: run === APPLY ? [] : [APPLY],
    after: [],
    backups: [],
    folders: foldersTouched(disk, ROOT, steps),
    at: 'now',
  };
}

async function prepareApply(disk: Disk, { steps, contents }: Made): Promise<void> {
  const { objects } = groundOf(disk, APPLY);
  await objects.putAll(contents);
  for (const step of steps) {
    if (!('before' in step) || step.before.kind !== 'file') continue;
    if (disk.lstat(joinPath(ROOT, step.path)) !== null) objects.put({ file: joinPath(ROOT, step.path) });
  }
  prepareRun(disk, PLACE, headerOf(disk, APPLY, steps), steps).steps.close();
}

function prepareRollback(disk: Disk): void {
  const ground = projectGround(disk);
  for (const run of knownRuns(disk, ground.state).runs) cleanUp(ground, run);
  const read = readRuns(disk, PLACE, [APPLY]);
  const { steps, changedSince } = stepsBack(groundOf(disk, APPLY), { ...read, folders: folderStates(read) });
  assertNoLater(changedSince);
  assertWhole(ground, steps);
  prepareRun(disk, PLACE, headerOf(disk, ROLLBACK, steps), steps).steps.close();
}

/** As much of it as a rollback asks for that needs no store and no git. */
function projectGround(disk: Disk): ProjectGround {
  const state = { path: STATE, ...PLACE, vault: VAULT, lock: `${STATE}/lock`, held: `${STATE}/held` };
  return { disk, root: ROOT, state } as unknown as ProjectGround;
}

async function finish(disk: Disk, id: string): Promise<void> {
  const run = read(disk, id);
  try {
    if (run.journal.records.some(({ t }) => t === 'end')) return;
    await continueRun(run, {
      on: groundOf(disk, id),
      taking: { pid: 1, started: '1', boot: 'b', host: 'h', tool: '0', at: 'now' },
      now: () => 0,
      ...(id === ROLLBACK ? { atEnd: () => restoreTimes(disk, ROOT, readRuns(disk, PLACE, [APPLY])) } : {}),
    });
  } finally {
    run.steps.close();
  }
}

function read(disk: Disk, id: string): Run {
  const run = readRun(disk, PLACE, id);
  if (run === null) throw new Error(`${id} never began`);
  return run;
}
