/** Git as these tests use it: to commit, and as a program on the PATH that ends its parent in the middle of its work. */
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function commitAll(root: string, paths: readonly string[]): void {
  const git = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('git', ['-C', root, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  git('init', '-q');
  git('add', '-f', ...paths);
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'all');
}

/**
 * A `git` that kills who started it in its k-th command on an index of its own, goes on with it, and says when it is done. Returns the
 * folder for the PATH.
 */
export function killingGit(
  folder: string,
  k: number,
): { readonly path: string; readonly counter: string; readonly ended: string } {
  const real = spawnSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).stdout.trim();
  const [counter, ended] = [join(folder, 'counter'), join(folder, 'ended')];
  writeFileSync(counter, '');
  const script = `#!/bin/sh
[ -n "$GIT_INDEX_FILE" ] || exec '${real}' "$@"
printf x >> '${counter}'
[ "$(wc -c < '${counter}')" -eq ${k} ] || exec '${real}' "$@"
kill -9 $PPID
'${real}' "$@"
touch '${ended}'
`;
  writeFileSync(join(folder, 'git'), script);
  chmodSync(join(folder, 'git'), 0o755);
  return { path: folder, counter, ended };
}
