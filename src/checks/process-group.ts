/**
 * Runs a command of the project so that it cannot outlive its check: in a process group of its own, without a terminal and without
 * input, limited in time and in what is kept of its output. What leaves the group is found by a mark in its environment.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GroupRequest {
  /** For `/bin/sh`. */
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** A command that is under way. */
export interface Group {
  readonly pid: number;
  /** When it ends by itself: its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** The end of what it wrote to both channels. */
  output(): string;
  /** Ends it and everything that it started. */
  end(): Promise<void>;
}

const OUTPUT_BYTES = 1024 * 1024;
const MARK = 'DESPRAWL_CHECK';
/** For a killed process to be gone, and for what it wrote last to arrive. */
const GONE_MS = 2000;

export function startGroup({ command, cwd, env, signal }: GroupRequest): Group {
  const mark = randomBytes(12).toString('hex');
  const child = spawn('/bin/sh', ['-c', command], {
    cwd,
    env: { ...env, [MARK]: mark },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const tail = new Tail();
  child.stdout.on('data', (chunk: Buffer) => tail.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => tail.add(chunk));
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, by) => resolve(code ?? by ?? 'no exit code'));
  });
  // Whoever only ends it does not ask how it ended.
  ended.catch(() => {});
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const kill = (): void => {
    if (child.pid !== undefined) signalTo(-child.pid);
    for (const pid of marked(mark)) signalTo(pid);
  };
  signal?.addEventListener('abort', kill, { once: true });
  if (signal?.aborted === true) kill();
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => tail.text(),
    end: async () => {
      signal?.removeEventListener('abort', kill);
      const until = Date.now() + GONE_MS;
      do {
        kill();
        if (!isAlive(child) && marked(mark).length === 0) break;
        await sleep(10);
      } while (Date.now() < until);
      // What was written last arrives after the end. A process that nobody can find may hold the other end of the pipe.
      await Promise.race([closed, sleep(GONE_MS, undefined, { ref: false })]);
      child.stdout.destroy();
      child.stderr.destroy();
    },
  };
}

export interface Ended {
  readonly how: number | string | 'timeout';
  readonly seconds: number;
  readonly output: string;
}

/** Waits for its end, at most `timeout` seconds; nothing of it is left on return. */
export async function runGroup(
  request: GroupRequest,
  timeout: number,
  whileRunning?: (group: Group) => { stop(): void },
): Promise<Ended> {
  const began = performance.now();
  const group = startGroup(request);
  const watch = whileRunning?.(group);
  const timer = new AbortController();
  try {
    const late = sleep(timeout * 1000, 'timeout' as const, { signal: timer.signal, ref: true }).catch(() => 'timeout');
    const how = await Promise.race([group.ended, late]);
    const seconds = (performance.now() - began) / 1000;
    await group.end();
    return { how, seconds, output: group.output() };
  } finally {
    watch?.stop();
    timer.abort();
    await group.end();
    request.signal?.throwIfAborted();
  }
}

/** The last bytes of a stream of any length. */
class Tail {
  #chunks: Buffer[] = [];
  #length = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < OUTPUT_BYTES * 2) return;
    const kept = Buffer.concat(this.#chunks).subarray(-OUTPUT_BYTES);
    this.#chunks = [kept];
    this.#length = kept.length;
  }

  text(): string {
    return Buffer.concat(this.#chunks).subarray(-OUTPUT_BYTES).toString('utf8');
  }
}

function isAlive({ pid }: ChildProcess): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, 0);
    // A group of which only the dead are left, that nobody asked about yet, counts as gone.
    return !onlyDead(pid);
  } catch {
    return false;
  }
}

function onlyDead(group: number): boolean {
  const states = membersOf(group).map(({ state }) => state);
  return states.length > 0 && states.every((state) => state === 'Z' || state === 'X');
}

export interface Member {
  readonly pid: number;
  readonly state: string;
}

/** Processes of a group, where `/proc` tells; none elsewhere. */
export function membersOf(group: number): readonly Member[] {
  return processes().flatMap((pid) => {
    // The name stands in parentheses and may hold any character.
    const [, state = '', , pgrp = ''] = /^.*\) (\S) (\S+) (\S+)/s.exec(read(`/proc/${pid}/stat`)) ?? [];
    return Number(pgrp) === group ? [{ pid, state }] : [];
  });
}

function marked(mark: string): readonly number[] {
  return processes().filter(
    (pid) => pid !== process.pid && read(`/proc/${pid}/environ`).split('\0').includes(`${MARK}=${mark}`),
  );
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 0);
  } catch {
    return [];
  }
}

/** Nothing where it is gone, or another user's. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function signalTo(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
