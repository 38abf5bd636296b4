/**
 * Keeps two desprawls apart: who changes a project has a file of its own in `held/`, and sees no other of a process that may live.
 * Two that meet may both fail; they never both go on. Looking needs no hold.
 */
import type { Disk } from '../disk/disk.ts';
import { readIfThere } from '../disk/read-file.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import { type Aliveness, isAlive as isAliveHere, type ProcessIdentity } from './processes.ts';
import type { StateFolder } from './state-folder.ts';

export interface Holder extends ProcessIdentity {
  readonly command: string;
  /** ISO 8601, for people. */
  readonly at: string;
}

export interface HolderFile {
  readonly path: string;
  /** `null`: it cannot be read; then nobody can tell who it is. */
  readonly holder: Holder | null;
  readonly alive: Aliveness;
}

export interface Held {
  release(): void;
}

/** Each time another one must have taken the state in between. */
const ATTEMPTS = 10;

type IsAlive = (one: ProcessIdentity) => Aliveness;

/**
 * Takes the state, whose folder is there. `random`: some hex digits. Throws `DSP-LOCKED`; then everything is as it was. What gone
 * processes left is removed.
 */
export function hold(
  disk: Disk,
  state: Pick<StateFolder, 'held'>,
  me: Holder,
  random: string,
  isAlive: IsAlive = isAliveHere,
): Held {
  const own = `${state.held}/${me.pid}-${random}.json`;
  announce(disk, own, me);
  const release = (): void => {
    // Somebody who was told to may have removed it.
    if (disk.lstat(own) !== null) disk.unlink(own);
  };
  try {
    for (const other of holders(disk, state, isAlive)) {
      if (other.path === own) continue;
      if (other.alive !== 'no') throw locked(other);
      remove(disk, other.path);
    }
    // One that is not whole is of a process that was killed while it wrote it, or of one that will find the state taken.
    for (const { path, holder, alive } of filesOf(disk, state, '.part', isAlive)) {
      if (alive === 'no' || holder === null) remove(disk, path);
    }
    return { release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Whole when it is seen. Who takes the state at this moment may take it away before it has its name; then it is written again. */
function announce(disk: Disk, own: string, me: Holder): void {
  const part = `${own}.part`;
  for (let attempt = 1; ; attempt++) {
    writeNewFile(disk, part, Buffer.from(`${JSON.stringify(me)}\n`));
    try {
      disk.rename(part, own);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Who has a file in `held/`, gone ones too. */
export function holders(
  disk: Disk,
  state: Pick<StateFolder, 'held'>,
  isAlive: IsAlive = isAliveHere,
): readonly HolderFile[] {
  return filesOf(disk, state, '.json', isAlive);
}

function filesOf(disk: Disk, state: Pick<StateFolder, 'held'>, end: string, isAlive: IsAlive): readonly HolderFile[] {
  if (disk.lstat(state.held) === null) return [];
  return disk
    .readdir(state.held)
    .map((name) => name.toString('utf8'))
    .filter((name) => name.endsWith(end))
    .sort()
    .flatMap((name) => {
      const path = `${state.held}/${name}`;
      const bytes = readIfThere(disk, path);
      if (bytes === null) return [];
      const holder = parse(bytes);
      return [{ path, holder, alive: holder === null ? ('cannot tell' as const) : isAlive(holder) }];
    });
}

function parse(bytes: Buffer): Holder | null {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as Partial<Holder> | null;
    return typeof value?.pid === 'number' && typeof value.host === 'string' ? (value as Holder) : null;
  } catch {
    return null;
  }
}

function locked({ path, holder, alive }: HolderFile): DesprawlError {
  const who =
    holder === null
      ? `somebody (${path} cannot be read)`
      : `\`${holder.command}\`, process ${holder.pid} on ${holder.host}, since ${holder.at}`;
  return new DesprawlError('DSP-LOCKED', `Another desprawl works on this project: ${who}.`, {
    hint:
      alive === 'yes'
        ? 'Wait until it ends.'
        : `Whether it still runs cannot be told from here. If it is gone, delete ${path} and run the command again.`,
  });
}

function remove(disk: Disk, path: string): void {
  try {
    disk.unlink(path);
  } catch (error) {
    // Another desprawl removed it first.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
