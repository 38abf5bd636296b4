/**
 * Runs the real command line in a child process, as a user would, with folders of its own for cache, state and private
 * copies. Never runs in-process: what a test wants to see is what another process sees.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Diff } from '../src/audit/diff-model.ts';
import type { Audit } from '../src/audit/model.ts';

/** `DESPRAWL_BIN`: the same tests for an installed package. */
export const BIN: string =
  process.env.DESPRAWL_BIN ?? fileURLToPath(new URL('../dist/bin/desprawl.js', import.meta.url));

export interface CliOptions {
  readonly cwd?: string;
  readonly uid?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Sent once `signalAfter` resolves. */
  readonly signal?: NodeJS.Signals;
  readonly signalAfter?: (pid: number) => Promise<void>;
  /** A run that takes longer is killed and fails the test. */
  readonly limitMs?: number;
}

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** From the signal to the end. */
  readonly msAfterSignal: number | null;
}

/** A design decision: nothing that a user can do to the tool takes longer than this in a test. */
const LIMIT_MS = 60_000;

export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const home = mkdtempSync(join(tmpdir(), 'cli-home-'));
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...environment } = process.env;
  const env = {
    ...environment,
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
    NO_COLOR: '1',
    ...options.env,
  };
  const started = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let late = false;
  let signalled: number | null = null;
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, options.limitMs ?? LIMIT_MS);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  try {
    if (options.signalAfter !== undefined && child.pid !== undefined) {
      await Promise.race([options.signalAfter(child.pid), ended]);
      signalled = performance.now();
      child.kill(options.signal ?? 'SIGINT');
    }
    const code = await ended;
    const now = performance.now();
    expect(late, `desprawl ${args.join(' ')} did not end in time; stderr: ${stderr}`).toBe(false);
    return { code, stdout, stderr, ms: now - started, msAfterSignal: signalled === null ? null : now - signalled };
  } finally {
    clearTimeout(timer);
    rmSync(home, { recursive: true, force: true });
  }
}

/** A stack trace on stderr is a bug, whatever the exit code. */
export function expectNoTrace(run: CliRun): void {
  expect(`${run.stderr}${run.stdout.startsWith('{') ? '' : run.stdout}`).not.toMatch(
    /\n\s+at (?:\S+ \()?(?:file:|node:|\/)|\bnode:internal\b|Unhandled|UnhandledPromise/,
  );
}

export async function runAudit(dir: string, args: readonly string[] = [], options: CliOptions = {}): Promise<Audit> {
  const run = await runCli(['-C', dir, 'audit', '--json', '--no-cache', ...args], options);
  return parsed<Audit>(run);
}

export async function runDiff(dir: string, args: readonly string[], options: CliOptions = {}): Promise<Diff> {
  return parsed<Diff>(await runCli(['-C', dir, 'diff', ...args, '--json'], options));
}

function parsed<T extends { readonly version: number }>(run: CliRun): T {
  expectNoTrace(run);
  expect([0, 1], `exit ${run.code}; stderr: ${run.stderr}`).toContain(run.code);
  const document = JSON.parse(run.stdout) as T;
  expect(document.version).toBe(1);
  return document;
}
