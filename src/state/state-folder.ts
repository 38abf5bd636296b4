/**
 * Where runs, backups and locks of a project lie: never inside it, where `git clean` and a Docker build would reach them. Looking at
 * where that is makes nothing.
 */
import { createHash, randomBytes } from 'node:crypto';
import { basename, dirname, resolve } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { readIfThere } from '../disk/read-file.ts';
import { isWithin, realPath } from '../disk/real-path.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';

/** Paths; none of them need be there. */
export interface StateFolder {
  readonly path: string;
  readonly runs: string;
  readonly vault: string;
  /** Locks of plans. */
  readonly lock: string;
  /** Who works with the state now. */
  readonly held: string;
}

export interface StatePlace {
  /** The user's folder for state of programs. */
  readonly stateDir: string;
  /** `state:` of the configuration, relative to the project. */
  readonly configured?: string;
  readonly root: string;
}

/** `project.json`: which folder this is the state of. */
export interface ProjectFile {
  readonly version: 1;
  readonly root: string;
  /** By which a project that was moved or renamed is known again. */
  readonly dev: string;
  readonly ino: string;
  readonly firstCommit: string | null;
}

/** What is written of a project that has no state yet: git is asked for its first commit only then. */
export interface ProjectFacts extends Pick<ProjectFile, 'root' | 'dev' | 'ino'> {
  firstCommit(): string | null;
}

const PROJECT = 'project.json';
/** Only the owner: what lies there are the project's contents. */
const MODE = 0o700;

/** Throws `DSP-STATE` where that would be inside the project. */
export function stateFolder(disk: Disk, { stateDir, configured, root }: StatePlace): StateFolder {
  const real = realPath(disk, root);
  const base = configured === undefined ? `${stateDir}/desprawl` : resolve(root, configured);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 8);
  const name = basename(real).replaceAll(/[^\w.-]/g, '_') || 'root';
  const path = realPath(disk, `${base}/${name}-${hash}`);
  if (isWithin(path, real)) {
    throw new DesprawlError(
      'DSP-STATE',
      `${path} is inside the project: runs and backups would go where the project goes.`,
      {
        hint: 'Name a folder outside it with `state:` in `desprawl.yaml`, or set XDG_STATE_HOME.',
      },
    );
  }
  return { path, runs: `${path}/runs`, vault: `${path}/vault`, lock: `${path}/lock`, held: `${path}/held` };
}

/** Makes what is missing. Throws `DSP-STATE` where it cannot, or where it is the state of another project. */
export function prepareState(disk: Disk, state: StateFolder, project: ProjectFacts): void {
  try {
    for (const folder of [state.path, state.runs, state.lock, state.held]) makeFolders(disk, folder);
    closeToOthers(disk, state.path);
    const known = projectOf(disk, state);
    if (known === null) putProject(disk, state, project);
    else assertSame(state, known, project);
  } catch (cause) {
    if (cause instanceof DesprawlError) throw cause;
    const { message } = cause as Error;
    throw new DesprawlError('DSP-STATE', `${state.path} cannot be used: ${message}.`, { cause });
  }
}

/** `null`: there is no state, or a crash left it without its first file. */
export function projectOf(disk: Disk, state: StateFolder): ProjectFile | null {
  const bytes = readIfThere(disk, `${state.path}/${PROJECT}`);
  if (bytes === null) return null;
  try {
    return JSON.parse(bytes.toString('utf8')) as ProjectFile;
  } catch {
    throw new DesprawlError('DSP-STATE', `${state.path}/${PROJECT} is damaged.`, {
      hint: 'It says which folder this is the state of. Check the disk; then remove that file only.',
    });
  }
}

function assertSame(state: StateFolder, known: ProjectFile, { root }: Pick<ProjectFile, 'root'>): void {
  if (known.version !== 1) {
    throw new DesprawlError(
      'DSP-STATE',
      `${state.path} has version ${String(known.version)}, which this desprawl cannot read.`,
      {
        hint: 'Use the version of desprawl that made it, or a newer one.',
      },
    );
  }
  if (known.root !== root) {
    throw new DesprawlError('DSP-STATE', `${state.path} is the state of ${known.root}, not of ${root}.`, {
      hint: 'Give each project a state of its own with `state:` in `desprawl.yaml`.',
    });
  }
}

/** Written beside and given its name when it is whole: two that begin at the same time agree on one. */
function putProject(disk: Disk, state: StateFolder, project: ProjectFacts): void {
  const path = `${state.path}/${PROJECT}`;
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  const file: ProjectFile = { version: 1, ...project, firstCommit: project.firstCommit() };
  writeNewFile(disk, part, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
  try {
    disk.link(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const known = projectOf(disk, state);
    if (known !== null) assertSame(state, known, project);
  } finally {
    disk.unlink(part);
  }
  disk.syncFolder(state.path);
}

/** One that was made by hand may be open to all. */
function closeToOthers(disk: Disk, path: string): void {
  const mode = disk.lstat(path)?.mode ?? MODE;
  if ((mode & 0o077) !== 0) disk.setAttributes(path, { mode: mode & 0o700 });
}

/** Each that is made is on the disk: an fsynced file in a lost folder is lost. */
function makeFolders(disk: Disk, path: string): void {
  const stat = disk.lstat(path);
  if (stat?.kind === 'folder') return;
  if (stat !== null) throw new DesprawlError('DSP-STATE', `${path} is no folder.`);
  makeFolders(disk, dirname(path));
  try {
    disk.mkdir(path, MODE);
  } catch (error) {
    // Another desprawl was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  disk.syncFolder(dirname(path));
}
