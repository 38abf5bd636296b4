/**
 * Child processes for everything that opens SQLite: bounded in time and memory, killed when they exceed either. The
 * parent itself never opens a database, so it may read any file's bytes (trap S19).
 */
import type { ChildProcess } from 'node:child_process';
import { DesprawlError } from '../../errors.ts';
import { UnreadableStore } from '../reader.ts';
import type { Op, Reply, Requests, Responses } from './protocol.ts';
import { HEAP_MIB, startChild } from './start-child.ts';

export interface Pool {
  /** Throws `UnreadableStore` where the store cannot be read, takes too long or too much memory. */
  ask<K extends PooledOp>(op: K, input: Requests[K], seconds: number): Promise<Responses[K]>;
  /** Kills all children at once. Requests under way are rejected. */
  close(): void;
}

export interface PoolOptions {
  readonly size: number;
  /** SQLite's temporary files go here. */
  readonly tempDir: string;
  readonly signal?: AbortSignal | undefined;
}

/** A child that holds a store does nothing else and is killed: it is never one of the pool. */
type PooledOp = Exclude<Op, 'hold'>;

interface Job {
  readonly message: { readonly op: PooledOp; readonly input: Requests[PooledOp] };
  readonly seconds: number;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export function openPool(options: PoolOptions): Pool {
  const idle: ChildProcess[] = [];
  const running = new Set<ChildProcess>();
  const waiting: Job[] = [];
  let closed = false;

  const start = (): ChildProcess => {
    const child = startChild(options.tempDir);
    running.add(child);
    // A message that it can no longer take fails once more after its end was told.
    child.on('error', () => {});
    child.on('exit', () => {
      running.delete(child);
      const at = idle.indexOf(child);
      if (at !== -1) idle.splice(at, 1);
    });
    return child;
  };

  const next = (): void => {
    if (closed || waiting.length === 0) return;
    const child = idle.pop() ?? (running.size < options.size ? start() : undefined);
    if (child === undefined) return;
    const job = waiting.shift();
    if (job !== undefined) run(child, job);
  };

  const run = (child: ChildProcess, job: Job): void => {
    let stderr = '';
    const onStderr = (chunk: Buffer): void => {
      stderr = (stderr + chunk.toString('utf8')).slice(-4_000);
    };
    const finish = (settle: () => void, alive: boolean): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      child.off('error', onError);
      child.stderr?.off('data', onStderr);
      if (alive) idle.push(child);
      settle();
      next();
    };
    const timer = setTimeout(() => {
      child.off('exit', onExit);
      child.kill('SIGKILL');
      running.delete(child);
      const message = `reading it took longer than ${job.seconds} s and was stopped (--timeout)`;
      finish(() => job.reject(new UnreadableStore('timeout', message)), false);
    }, job.seconds * 1000);
    const onMessage = (reply: Reply): void => finish(() => settleJob(job, reply), true);
    const onExit = (code: number | null, signal: string | null): void => {
      running.delete(child);
      finish(() => job.reject(closed ? cancelled() : deathOf(code, signal, stderr)), false);
    };
    // One that never started tells of no end: its place is given back here.
    const onError = (error: Error): void => {
      running.delete(child);
      child.kill('SIGKILL');
      finish(() => job.reject(closed ? cancelled() : notStarted(error)), false);
    };
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.on('error', onError);
    child.stderr?.on('data', onStderr);
    child.send(job.message);
  };

  const close = (): void => {
    closed = true;
    options.signal?.removeEventListener('abort', close);
    for (const child of running) child.kill('SIGKILL');
    for (const job of waiting.splice(0)) job.reject(cancelled());
  };
  options.signal?.addEventListener('abort', close, { once: true });

  return {
    ask: (op, input, seconds) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(cancelled());
          return;
        }
        waiting.push({ message: { op, input }, seconds, resolve: resolve as (result: never) => void, reject });
        next();
      }),
    close,
  };
}

function cancelled(): DesprawlError {
  return new DesprawlError('DSP-CANCELLED', 'Interrupted.');
}

function notStarted({ message }: Error): DesprawlError {
  return new DesprawlError('DSP-DRIVER', `The process that reads stores could not be started or asked: ${message}`);
}

function settleJob(job: Job, reply: Reply): void {
  if (reply.ok) job.resolve(reply.result as never);
  else if ('reason' in reply) job.reject(new UnreadableStore(reply.reason, reply.message));
  else job.reject(bugOf(reply.bug));
}

/** What the child threw, with the child's stack. */
function bugOf(stack: string): Error {
  const [message = ''] = stack.split('\n');
  return Object.assign(new Error(message), { stack });
}

/** A child that ended without an answer. */
function deathOf(code: number | null, signal: string | null, stderr: string): unknown {
  if (/heap out of memory|Allocation failed/i.test(stderr) || signal === 'SIGABRT') {
    return new UnreadableStore('memory', `reading it takes more than ${HEAP_MIB} MiB of memory`);
  }
  if (/Cannot find (module|package)|No native build|ERR_DLOPEN/i.test(stderr)) {
    return new DesprawlError(
      'DSP-DRIVER',
      `The SQLite driver did not start: ${stderr.trim().split('\n').at(-1) ?? ''}`,
    );
  }
  return new UnreadableStore('error', `the reading process ended unexpectedly (${signal ?? `exit code ${code}`})`);
}
