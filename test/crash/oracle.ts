/** What a project and its state must be after every recovery. Knows nothing of journals: compares with what was to be. */
import type { Disk } from '../../src/disk/disk.ts';
import { joinPath } from '../../src/disk/paths.ts';
import { type PlannedStep, transitionsOf } from '../../src/steps/step.ts';
import { openObjects } from '../../src/vault/objects.ts';
import { treeState } from '../tree-state.ts';
import { ROOT } from './scenarios.ts';
import type { SimulatedDisk } from './simulated/simulated-disk.ts';
import { NOTHING } from './simulated/survival.ts';
import { APPLY, apply, type Direction, ROLLBACK, statusIn, VAULT, type World } from './world.ts';

export interface Expected {
  readonly first: readonly string[];
  readonly planned: readonly string[];
}

/** The trees before and after a run that nothing disturbs. */
export async function expectedOf(world: World): Promise<Expected> {
  const done = world.disk.fork();
  await apply(done, world);
  return { first: projectOf(world.disk), planned: withoutFreeTimes(projectOf(done), world.steps) };
}

/** After the last command: the tree as it is seen, and as it is on the disk should the power go now. Empty: all is well. */
export function problemsOf(
  disk: SimulatedDisk,
  last: Direction,
  expected: Expected,
  { steps }: Pick<World, 'steps'>,
): readonly string[] {
  const back = last === 'roll back' || statusIn(disk, ROLLBACK) !== null;
  const wanted = back ? expected.first : expected.planned;
  const problems: string[] = [];
  const on = disk.crash(NOTHING);
  for (const [when, one] of [
    ['', disk],
    ['after a power cut ', on],
  ] as const) {
    const found = back ? projectOf(one) : withoutFreeTimes(projectOf(one), steps);
    problems.push(...difference(wanted, found).map((line) => `${when}${line}`));
    problems.push(...leftovers(one).map((what) => `${when}left: ${what}`));
  }
  problems.push(...damagedObjects(on));
  const [applied, rolledBack] = [statusIn(disk, APPLY), statusIn(disk, ROLLBACK)];
  if (applied?.damaged === true || rolledBack?.damaged === true) problems.push('the journal is damaged');
  const is = back ? [null, 'prepared', 'rolled back'] : ['applied'];
  if (!is.includes(applied?.is ?? null)) problems.push(`the run is ${applied?.is}`);
  return problems;
}

/** Every path with kind, mode, owner, time to the microsecond and content; the stand-in's index is a file among them. */
function projectOf(disk: Disk): readonly string[] {
  // Nobody promises the time of git's own folder.
  return treeState(ROOT, { disk, without: [] }).map((line) => line.replace(/^("\.\/\.git" \S+ \S+ \S+) \S+/, '$1'));
}

/** The same, less the times that no plan names: of folders, and of what got a new content. */
function withoutFreeTimes(lines: readonly string[], steps: readonly PlannedStep[]): readonly string[] {
  const free = new Set<string>();
  for (const step of steps) {
    for (const { path, after } of transitionsOf(step)) {
      if (after.kind !== 'absent' && after.kind !== 'special' && after.mtime === undefined)
        free.add(`"./${String(path)}"`);
    }
  }
  return lines.map((line) => {
    const [name = '', kind = '', mode, owner, _time, ...rest] = line.split(' ');
    return kind === 'folder' || free.has(name) ? [name, kind, mode, owner, ...rest].join(' ') : line;
  });
}

/** Temporary names, and files that still have a second one. */
function leftovers(disk: Disk): readonly string[] {
  const found: string[] = [];
  const visit = (path: string): void => {
    const stat = disk.lstat(path);
    if (stat?.kind === 'folder') for (const name of disk.readdir(path)) visit(String(joinPath(path, String(name))));
    if (path.includes('/.desprawl-') || path.endsWith('.lock')) found.push(path);
    if (stat?.kind === 'file' && stat.nlink !== 1) found.push(`${path} has ${stat.nlink} names`);
  };
  visit(ROOT);
  return found;
}

/** Contents of the vault that are not what they are named. */
function damagedObjects(disk: Disk): readonly string[] {
  if (disk.lstat(`${VAULT}/objects`) === null) return [];
  const objects = openObjects(disk, VAULT);
  const damaged: string[] = [];
  for (const prefix of disk.readdir(`${VAULT}/objects`)) {
    for (const name of disk.readdir(joinPath(`${VAULT}/objects`, prefix))) {
      if (!objects.verify(String(name))) damaged.push(`object ${String(name)} is damaged`);
    }
  }
  return damaged;
}

function difference(wanted: readonly string[], found: readonly string[]): readonly string[] {
  const [a, b] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((line) => !b.has(line)).map((line) => `- ${line}`),
    ...found.filter((line) => !a.has(line)).map((line) => `+ ${line}`),
  ];
}
