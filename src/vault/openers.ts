/**
 * Who has a file open: asked of `/proc`, since an idle connection in rollback mode holds no lock. *No* is said only where every
 * process was looked at; what cannot be looked into is named.
 */
import { type BigIntStats, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Path } from '../disk/disk.ts';
import { shownPath } from '../disk/paths.ts';

export interface Opener {
  readonly pid: number;
  readonly program: string;
  /** One of the paths asked for. */
  readonly path: string;
}

export interface Openers {
  readonly answer: 'yes' | 'no' | 'cannot tell';
  readonly who: readonly Opener[];
  /** Why a *no* cannot be said; empty where everybody was seen. */
  readonly unseen: readonly string[];
}

export interface OpenersOptions {
  /** Processes of our own that hold the store. */
  readonly without?: readonly number[];
  /** For tests. */
  readonly proc?: string;
}

/** The first process namespace of a machine has this number; in any other one, processes outside are not seen. */
const FIRST_NAMESPACE = 'pid:[4026531836]';

/** `paths`: of stores; their sidecars are looked for too. */
export function whoHasOpen(paths: readonly Path[], options: OpenersOptions = {}): Openers {
  const { proc = '/proc', without = [] } = options;
  const wanted = new Map<string, string>();
  for (const path of paths) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) {
      const stat = statIfThere(typeof path === 'string' ? path + suffix : Buffer.concat([path, Buffer.from(suffix)]));
      if (stat !== null) wanted.set(inodeOf(stat), shownPath(path));
    }
  }
  const pids = pidsOf(proc);
  if (pids === null) return { answer: 'cannot tell', who: [], unseen: ['this system has no /proc to ask'] };
  const who: Opener[] = [];
  const first = isFirstNamespace(proc);
  let closed = 0;
  for (const pid of pids) {
    // The machine's init starts programs and opens no stores; elsewhere process 1 may be the application.
    if (pid === process.pid || without.includes(pid) || (pid === 1 && first)) continue;
    const found = openedBy(proc, pid, wanted);
    if (found === null) closed += isKernelThread(proc, pid) ? 0 : 1;
    else who.push(...found.map((path) => ({ pid, program: programOf(proc, pid), path })));
  }
  const unseen = [
    ...(closed === 0
      ? []
      : [`${closed} ${closed === 1 ? 'process' : 'processes'} of other users could not be looked into`]),
    ...(first ? [] : ['programs outside this container are not seen']),
  ];
  return { answer: who.length > 0 ? 'yes' : unseen.length > 0 ? 'cannot tell' : 'no', who, unseen };
}

/** `python3 (4711)`: how messages name them. */
export function namesOf(who: readonly Opener[]): string {
  return [...new Set(who.map(({ pid, program }) => `${program} (${pid})`))].join(', ');
}

function pidsOf(proc: string): readonly number[] | null {
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return null;
  }
}

/** Which of the wanted files; `null`: this user may not know. A process that ended meanwhile has nothing open. */
function openedBy(proc: string, pid: number, wanted: ReadonlyMap<string, string>): readonly string[] | null {
  const folder = `${proc}/${pid}/fd`;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return isGone(error) ? [] : null;
  }
  const found = new Set<string>();
  for (const name of names) {
    try {
      // Sockets and pipes have no path; asking for what they are would cost most of the time.
      if (!readlinkSync(`${folder}/${name}`).startsWith('/')) continue;
      const path = wanted.get(inodeOf(statSync(`${folder}/${name}`, { bigint: true })));
      if (path !== undefined) found.add(path);
    } catch (error) {
      if (!isGone(error)) return null;
    }
  }
  return [...found];
}

/** Has no memory of its own and opens no files. */
function isKernelThread(proc: string, pid: number): boolean {
  try {
    return !/^VmSize:/m.test(readFileSync(`${proc}/${pid}/status`, 'latin1'));
  } catch (error) {
    return isGone(error);
  }
}

function programOf(proc: string, pid: number): string {
  try {
    const [command = ''] = readFileSync(`${proc}/${pid}/cmdline`, 'utf8').split('\0');
    return basename(command) || readFileSync(`${proc}/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'a process';
  }
}

function isFirstNamespace(proc: string): boolean {
  try {
    return readlinkSync(`${proc}/self/ns/pid`) === FIRST_NAMESPACE;
  } catch {
    return false;
  }
}

function statIfThere(path: Path): BigIntStats | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
}

function inodeOf(stat: BigIntStats): string {
  return `${stat.dev}:${stat.ino}`;
}

function isGone(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ESRCH';
}
