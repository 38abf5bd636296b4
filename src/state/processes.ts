/**
 * Who a process is, and whether it still lives. A pid alone does not tell: it is given again, counts anew in each namespace, and means
 * nothing on another host. Where it cannot be told, that is the answer; nothing is ever decided by age.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in the words of the system. */
  readonly started: string;
  readonly boot: string;
  /** Of pids; '' where there are none. */
  readonly namespace: string;
  readonly host: string;
}

/** Where it is asked from. */
export type Here = Omit<ProcessIdentity, 'pid' | 'started'>;

export type Aliveness = 'yes' | 'no' | 'cannot tell';

const ASK_MS = 5_000;

/** This process. */
export function processIdentity(): ProcessIdentity {
  return { pid: process.pid, started: startOf(process.pid).started, ...here() };
}

export function here(): Here {
  return process.platform === 'darwin'
    ? { boot: asked('sysctl', '-n', 'kern.boottime'), namespace: '', host: hostname() }
    : { boot: read('/proc/sys/kernel/random/boot_id'), namespace: link('/proc/self/ns/pid'), host: hostname() };
}

export function isAlive(one: ProcessIdentity, from: Here = here()): Aliveness {
  if (one.host !== from.host) return 'cannot tell';
  // No process outlives its kernel.
  if (one.boot !== from.boot) return one.boot === '' || from.boot === '' ? 'cannot tell' : 'no';
  if (one.namespace !== from.namespace) return 'cannot tell';
  const { started, gone } = startOf(one.pid);
  if (gone) return 'no';
  if (started === '' || one.started === '') return 'cannot tell';
  return started === one.started ? 'yes' : 'no';
}

/** `gone`: no process has the pid, or one that has ended and was not waited for. `started` is '' where the system does not say. */
function startOf(pid: number): { readonly started: string; readonly gone: boolean } {
  const started = process.platform === 'darwin' ? asked('ps', '-o', 'lstart=', '-p', String(pid)) : linuxStart(pid);
  if (started === 'ended') return { started: '', gone: true };
  return { started, gone: started === '' && !exists(pid) };
}

/** proc(5): the name, which may hold anything, ends with the last parenthesis; then come the state and, as field 22, the start. */
function linuxStart(pid: number): string {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : (fields[19] ?? '');
}

/** One of another user, which may not be asked, is there. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function asked(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      timeout: ASK_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    }).trim();
  } catch {
    return '';
  }
}
