/** A run does not begin in the middle of a merge or a rebase. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DesprawlError } from '../errors.ts';
import { GIT_ENV, GIT_SAFE } from '../project/git.ts';

/** In the middle of a merge or rebase nobody knows to which state a project would go back. */
const UNDER_WAY: Readonly<Record<string, string>> = {
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
  MERGE_HEAD: 'merge',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
};

/** Throws `DSP-GIT-BUSY`. */
export function assertGitAtRest(root: string): void {
  const names = Object.keys(UNDER_WAY);
  const args = [...GIT_SAFE, 'rev-parse', ...names.flatMap((name) => ['--git-path', name])];
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...GIT_ENV },
  });
  if (status !== 0) return;
  const at = stdout
    .split('\n')
    .findIndex((path) => path !== '' && existsSync(path.startsWith('/') ? path : join(root, path)));
  const name = names[at];
  if (name === undefined) return;
  throw new DesprawlError('DSP-GIT-BUSY', `A ${UNDER_WAY[name]} is under way in ${root}.`, {
    hint: `Finish it, or take it back with \`git ${UNDER_WAY[name]} --abort\`, then run the command again.`,
  });
}
