/** Makes a fixture a git checkout. The times of its files are set afterwards, so git's index is stale, as in a fresh copy. */
import { execFileSync } from 'node:child_process';

/** `tracked`: paths that are committed, also where an ignore rule matches them. Everything else stays untracked. */
export function makeRepository(dir: string, tracked: readonly string[]): void {
  git(dir, 'init', '--quiet', '--initial-branch=main');
  if (tracked.length > 0) git(dir, 'add', '--force', '--', ...tracked);
  commit(dir, 'Start');
}

export function commit(dir: string, message: string): void {
  git(dir, 'commit', '--quiet', '--allow-empty', '--message', message);
}

/** git without the configuration of whoever runs the tests, at a fixed time. */
export function git(dir: string, ...args: readonly string[]): string {
  const at = '2025-09-16T08:30:00Z';
  const who = { NAME: 'Kim Nord', EMAIL: 'kim@kiosk-nord.de', DATE: at };
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  for (const [key, value] of Object.entries(who)) {
    env[`GIT_AUTHOR_${key}`] = value;
    env[`GIT_COMMITTER_${key}`] = value;
  }
  return execFileSync('git', ['-C', dir, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
