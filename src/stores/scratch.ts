/**
 * The private folder of one process, outside the project: copies of live stores, staged text stores, temporary
 * files of SQLite. 0700, removed on close; what a killed process left behind is removed by the next one.
 */
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DesprawlError } from '../errors.ts';

const PREFIX = 'desprawl-';

export interface Scratch {
  readonly dir: string;
  /** A path in the folder that was not given out before. */
  file(suffix: string): string;
  /** Bytes that may still be written there. */
  free(): number;
  close(): void;
}

/** Makes the folder below `parent` (usually the system's temporary folder). Throws `DSP-SCRATCH`. */
export function openScratch(parent: string): Scratch {
  removeAbandoned(parent);
  let dir: string;
  try {
    dir = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`));
  } catch (cause) {
    throw new DesprawlError('DSP-SCRATCH', `No private folder could be made in ${parent}: ${explain(cause)}.`, {
      cause,
    });
  }
  let given = 0;
  return {
    dir,
    file: (suffix) => join(dir, `${++given}${suffix}`),
    free: () => {
      const fs = statfsSync(dir);
      return fs.bavail * fs.bsize;
    },
    close: () => rmSync(dir, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 }),
  };
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such folder';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return 'this user may not write there';
  return code === 'ENOSPC' ? 'the disk is full' : message;
}

/** Removes folders of processes that no longer exist (a `kill -9` leaves no other chance). Never of other users. */
function removeAbandoned(parent: string): void {
  let names: string[];
  try {
    names = readdirSync(parent);
  } catch {
    return;
  }
  for (const name of names) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || Number(pid) === process.pid || isAlive(Number(pid))) continue;
    const path = join(parent, name);
    try {
      if (statSync(path).uid === process.getuid?.()) rmSync(path, { recursive: true, force: true });
    } catch {
      // Another desprawl removed it first.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
