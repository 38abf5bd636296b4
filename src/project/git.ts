/**
 * Asks git about a project without changing anything: no index refresh, no hooks, no filters, no monitors, no fetching.
 * Only plumbing commands that read are used; a repository that git refuses to read counts as none.
 */
import { execFile, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { GitState } from '../stores/model.ts';
import { UnreadableStore } from '../stores/reader.ts';

export interface FileVersion {
  readonly commit: string;
  /** Commit date, ISO 8601 UTC. */
  readonly at: string;
  readonly blob: string;
  readonly bytes: number;
}

export interface Git {
  /** `null` before the first commit. */
  readonly head: string | null;
  readonly branch: string | null;
  state(path: string): GitState;
  /** Distinct contents of a path, newest first. Where git cannot tell: none. */
  history(path: string, max: number): Promise<readonly FileVersion[]>;
  /** Renames, newest first, as `--name-status -z` prints them; '' where git cannot tell. */
  renames(): Promise<string>;
  /** Writes a blob into a new 0600 file. Throws `UnreadableStore` where this clone lacks it. */
  extract(blob: string, to: string): Promise<void>;
}

const TIMEOUT_MS = 20_000;
const OUTPUT_BYTES = 256 * 1024 * 1024;

export const GIT_ENV: Readonly<Record<string, string>> = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C',
};
/** A repository's own configuration must not make git run anything. */
export const GIT_SAFE: readonly string[] = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.untrackedCache=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'log.showSignature=false',
  '--no-pager',
];

const HEAD = ['rev-parse', '--verify', '-q', 'HEAD'];
const BRANCH = ['symbolic-ref', '--short', '-q', 'HEAD'];
const RENAMES = [
  'log',
  '--diff-filter=R',
  '--find-renames',
  '--name-status',
  '--format=',
  '--max-count=5000',
  '--relative',
  '--no-textconv',
  '--no-ext-diff',
  '-z',
];

/** `null` where the project is in no repository or git cannot be asked. `paths`: what `state` will be asked about. */
export async function openGit(root: string, paths: readonly string[]): Promise<Git | null> {
  if (!isInRepository(root)) return null;
  const run = (args: readonly string[], input?: string): Promise<string> => git(root, args, input);
  let tracked: ReadonlySet<string>;
  try {
    tracked = new Set((await run(['ls-files', '-z', '--cached'])).split('\0').filter((path) => path !== ''));
  } catch {
    return null;
  }
  const [ignored, head, branch] = await Promise.all([
    ignoredAmong(run, paths),
    optional(run(HEAD)),
    optional(run(BRANCH)),
  ]);
  return {
    head,
    branch,
    state: (path) => {
      if (path.startsWith('/') || path.startsWith('../')) return 'outside';
      if (tracked.has(path)) return ignored.has(path) ? 'ignored-tracked' : 'tracked';
      return ignored.has(path) ? 'ignored' : 'untracked';
    },
    history: async (path, max) => (head === null ? [] : await history(run, path, max)),
    renames: async () => (head === null ? '' : ((await optional(run(RENAMES))) ?? '')),
    extract: (blob, to) => extract(root, blob, to),
  };
}

/** Where a project stands, and nothing else of git; two short processes, side by side. `null` as of `openGit`. Never rejects. */
export async function gitMark(root: string): Promise<Pick<Git, 'head' | 'branch'> | null> {
  if (!isInRepository(root)) return null;
  const ask = async (args: readonly string[]): Promise<string | null> => {
    try {
      return (await git(root, args)).trim() || null;
    } catch (error) {
      // No commit yet, no branch: that is an answer. Anything else is a refusal.
      if ((error as { readonly code?: unknown }).code === 1) return null;
      throw error;
    }
  };
  try {
    const [head, branch] = await Promise.all([ask(HEAD), ask(BRANCH)]);
    return { head, branch };
  } catch {
    return null;
  }
}

/** Never searched beyond the file system; git itself would ask the same question. */
function isInRepository(root: string): boolean {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true;
    if (folder === parse(folder).root) return false;
  }
}

function git(root: string, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, ...GIT_ENV }, timeout: TIMEOUT_MS, maxBuffer: OUTPUT_BYTES };
    const child = execFile('git', [...GIT_SAFE, ...args], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    // git may end before it has read everything; its exit code says what that meant.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input ?? '');
  });
}

async function optional(asked: Promise<string>): Promise<string | null> {
  try {
    return (await asked).trim() || null;
  } catch {
    return null;
  }
}

/** Rules are asked without the index, so that a tracked file that a rule ignores is seen (trap S10). */
async function ignoredAmong(
  run: (args: readonly string[], input?: string) => Promise<string>,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  if (paths.length === 0) return new Set();
  try {
    const output = await run(['check-ignore', '-z', '--stdin', '--no-index'], `${paths.join('\0')}\0`);
    return new Set(output.split('\0').filter((path) => path !== ''));
  } catch {
    // Exit code 1: none of them is ignored.
    return new Set();
  }
}

async function history(
  run: (args: readonly string[]) => Promise<string>,
  path: string,
  max: number,
): Promise<readonly FileVersion[]> {
  let log: string;
  try {
    log = await run(['log', `--max-count=${max * 4}`, '--format=%H %cI', '--no-textconv', '--no-ext-diff', '--', path]);
  } catch {
    return [];
  }
  const versions: FileVersion[] = [];
  const seen = new Set<string>();
  for (const line of log.split('\n')) {
    const [commit = '', at = ''] = line.split(' ');
    if (commit === '' || versions.length >= max) continue;
    const entry = await optional(run(['ls-tree', '-l', '-z', '--full-name', commit, '--', path]));
    const match = /^\d+ blob ([0-9a-f]+)\s+(\d+|-)/.exec(entry ?? '');
    if (match?.[1] === undefined || seen.has(match[1])) continue;
    seen.add(match[1]);
    versions.push({ commit, at: new Date(at).toISOString(), blob: match[1], bytes: Number(match[2] ?? 0) || 0 });
  }
  return versions;
}

async function extract(root: string, blob: string, to: string): Promise<void> {
  const child = spawn('git', [...GIT_SAFE, 'cat-file', 'blob', blob], {
    cwd: root,
    env: { ...process.env, ...GIT_ENV },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIMEOUT_MS,
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', resolve);
    child.on('error', () => resolve(-1));
  });
  await pipeline(child.stdout, createWriteStream(to, { flags: 'wx', mode: 0o600 }));
  if ((await ended) !== 0)
    throw new UnreadableStore('missing-content', `this clone does not have the object ${blob.slice(0, 10)}`);
}
