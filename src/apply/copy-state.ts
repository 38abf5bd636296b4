/**
 * A second state for a copy of a project, so that what happens to the copy is written there. Runs come along where they are asked for,
 * pointed at the copy; contents of the vault are second names of the same files, which nobody ever changes.
 */
import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { bytesOf, type RecordedPath, recordedPath } from '../disk/paths.ts';
import { readWhole } from '../disk/read-file.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { openSteps, writeSteps } from '../journal/steps-file.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { PlannedStep, Step } from '../steps/step.ts';
import type { RunHeader } from './model.ts';

/** Where a state would lie; nothing is made. */
export function stateAt(path: string): StateFolder {
  return { path, runs: `${path}/runs`, vault: `${path}/vault`, lock: `${path}/lock`, held: `${path}/held` };
}

export interface Pointed {
  /** The project, and its copy. */
  readonly root: string;
  readonly copy: string;
  /** The index of the copy's repository: that of the project may lie outside of it. */
  readonly index: string;
}

/** `to` is not there; its parent is. */
export function copyState(disk: Disk, from: StateFolder, to: StateFolder, at: Pointed): void {
  for (const folder of [to.path, to.runs, to.lock, to.held]) disk.mkdir(folder, 0o700);
  if (disk.lstat(from.runs)?.kind === 'folder') {
    for (const name of disk.readdir(from.runs).map(String))
      copyRun(disk, join(from.runs, name), join(to.runs, name), at);
  }
  if (disk.lstat(from.vault)?.kind === 'folder') sameFiles(disk, from.vault, to.vault);
}

function copyRun(disk: Disk, from: string, to: string, at: Pointed): void {
  if (disk.lstat(from)?.kind !== 'folder' || disk.lstat(join(from, 'run.json')) === null) return;
  disk.mkdir(to, 0o700);
  const header = JSON.parse(readWhole(disk, join(from, 'run.json')).toString('utf8')) as RunHeader;
  for (const name of disk.readdir(from).map(String)) {
    if (name !== 'run.json' && name !== 'steps') writeNewFile(disk, join(to, name), readWhole(disk, join(from, name)));
  }
  const steps = openSteps(disk, join(from, 'steps'), header.steps);
  // What is damaged stays so: the copy tells as much of it.
  if (steps === null) return;
  try {
    const written = writeSteps(disk, join(to, 'steps'), pointed(steps.between(1, steps.count), at));
    const project = { ...header.project, root: at.copy };
    writeNewFile(disk, join(to, 'run.json'), Buffer.from(JSON.stringify({ ...header, project, steps: written })));
  } finally {
    steps.close();
  }
}

/** Only an index is named absolutely. */
function* pointed(steps: Iterable<Step>, at: Pointed): Generator<PlannedStep> {
  for (const { n: _n, ...step } of steps) {
    yield step.op === 'git-index' ? { ...step, index: inCopy(step.index, at) } : step;
  }
}

function inCopy(index: RecordedPath, { root, copy, index: own }: Pointed): RecordedPath {
  const text = bytesOf(index).toString('latin1');
  const [from, to] = [Buffer.from(root).toString('latin1'), Buffer.from(copy).toString('latin1')];
  return text.startsWith(`${from}/`) ? recordedPath(Buffer.from(to + text.slice(from.length), 'latin1')) : own;
}

function sameFiles(disk: Disk, from: string, to: string): void {
  disk.mkdir(to, 0o700);
  for (const name of disk.readdir(from).map(String)) {
    const stat = disk.lstat(join(from, name));
    if (stat?.kind === 'folder') sameFiles(disk, join(from, name), join(to, name));
    else if (stat?.kind === 'file') disk.link(join(from, name), join(to, name));
  }
}
