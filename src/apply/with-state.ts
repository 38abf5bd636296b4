/**
 * Takes the state of a project for a command that writes to it: made where it is not there, held against every other desprawl, given
 * back at the end, however it ends. What crashed runs left before they began is removed on the way.
 */
import { spawnSync } from 'node:child_process';
import { sweepCopies } from '../copy/copies.ts';
import { DesprawlError } from '../errors.ts';
import { removeUnbegun } from '../journal/run-folder.ts';
import { GIT_ENV, GIT_SAFE } from '../project/git.ts';
import { type Held, hold } from '../state/hold.ts';
import { prepareState } from '../state/state-folder.ts';
import { copiesFolder } from './copies-of.ts';
import type { ProjectGround } from './ground.ts';
import { type KnownRuns, knownRuns } from './known-runs.ts';

const GIT_MS = 20_000;

/** Throws `DSP-LOCKED`, `DSP-STATE`. */
export async function withState<T>(ground: ProjectGround, work: (known: KnownRuns) => Promise<T>): Promise<T> {
  const { disk, root, state, identity, command } = ground;
  const stat = disk.lstat(root);
  if (stat?.kind !== 'folder') throw new DesprawlError('DSP-PROJECT-MISSING', `There is no folder ${root}.`);
  prepareState(disk, state, {
    root,
    dev: String(stat.dev),
    ino: String(stat.ino),
    firstCommit: () => firstCommitOf(root),
  });
  const at = new Date(ground.now()).toISOString();
  const held = hold(disk, state, { ...identity, command, at }, ground.random(8));
  try {
    removeUnbegun(disk, state);
    sweepCopies(disk, copiesFolder(state), identity.pid);
    return await work(knownRuns(disk, state));
  } finally {
    letGo(held);
  }
}

/** A disk that fails now has told so already; who ends holds nothing, and the next one sees that. */
function letGo(held: Held): void {
  try {
    held.release();
  } catch {
    // See above.
  }
}

/** By which a repository is known again after its folder was renamed. */
function firstCommitOf(root: string): string | null {
  const args = [...GIT_SAFE, 'rev-list', '--max-parents=0', '--max-count=1', 'HEAD'];
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    timeout: GIT_MS,
    env: { ...process.env, ...GIT_ENV },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.trim() || null : null;
}
