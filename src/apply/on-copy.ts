/**
 * Work on a copy of a project, with a state of its own: what a dry run of a plan and of a rollback have in common. Knows no plan. Nothing
 * of the copy is left.
 */
import { spawnSync } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import type { Copies } from '../copy/copies.ts';
import { copyProject, type ProjectCopy } from '../copy/copy-project.ts';
import { diffTrees } from '../copy/diff-trees.ts';
import { shownPath } from '../disk/paths.ts';
import { GIT_ENV, GIT_SAFE } from '../project/git.ts';
import { openHolder, storeBusy } from '../vault/hold-store.ts';
import { copiesOf } from './copies-of.ts';
import { copyState, stateAt } from './copy-state.ts';
import type { ProjectGround } from './ground.ts';
import type { ApplyResult, NotVerified } from './model.ts';

export interface OnCopy {
  readonly ground: ProjectGround;
  readonly copy: ProjectCopy;
  readonly notVerified: readonly NotVerified[];
}

/** `withRuns`: the copy's state knows the runs of the project, pointed at the copy. The caller holds the state. */
export async function onCopy<T>(
  ground: ProjectGround,
  withRuns: boolean,
  work: (on: OnCopy) => Promise<T>,
): Promise<T> {
  const { disk, root, signal } = ground;
  const copies = copiesOf(ground);
  const holder = openHolder(disk, { tempDir: ground.scratchDir, signal });
  try {
    const copy = await copyProject({
      disk,
      root,
      to: copies.fresh('project'),
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress) => ground.onProgress?.({ phase: 'copy', ...progress }),
      hold: async (store) => {
        const hold = await holder.hold(store);
        if (hold.is === 'held') return hold.store;
        throw storeBusy(store);
      },
    });
    const own = await groundOn(ground, copy, copies, withRuns);
    const notVerified = [
      ...copy.notCopied.map(({ what, why }) => ({ what: `${what} in the copy`, why })),
      ...copy.outward.map(({ path, to }) => ({
        what: `${shownPath(path)} in the copy`,
        why: `it leads out of the project, to ${to}, from the copy as well`,
      })),
    ];
    return await work({ ground: own, copy, notVerified });
  } finally {
    await holder.done();
    copies.close();
  }
}

async function groundOn(
  ground: ProjectGround,
  copy: ProjectCopy,
  copies: Copies,
  withRuns: boolean,
): Promise<ProjectGround> {
  const { disk, root, state } = ground;
  const own = stateAt(copies.fresh('state'));
  if (withRuns) copyState(disk, state, own, { root, copy: copy.root, index: indexOf(copy.root) });
  const cacheDir = copies.fresh('cache');
  disk.mkdir(cacheDir, 0o700);
  return { ...ground, root: copy.root, state: own, cacheDir };
}

/** Of the copy's repository, wherever it lies. */
function indexOf(root: string): string {
  const args = [...GIT_SAFE, 'rev-parse', '--git-path', 'index'];
  const { status, stdout } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...GIT_ENV },
  });
  const path = stdout.trim();
  return status !== 0 || path === '' ? join(root, '.git', 'index') : isAbsolute(path) ? path : join(root, path);
}

/** The paths that differ and no step told of, or the other way round. A program that works in the project meanwhile is one reason. */
export function differsFrom(ground: ProjectGround, copy: ProjectCopy, result: ApplyResult): readonly NotVerified[] {
  const linked = new Set([...copy.linked, ...copy.notCopied.map(({ what }) => what.replace(/\/$/, ''))]);
  const differing = diffTrees(ground.disk, ground.root, copy.root, {
    linksOf: { before: ground.root, after: copy.root },
  }).filter(
    ({ path }) => !linked.has(shownPath(path)) && ![...linked].some((one) => shownPath(path).startsWith(`${one}/`)),
  );
  const found = new Set(
    differing.flatMap(({ path, from }) => [shownPath(path), ...(from === undefined ? [] : [shownPath(from)])]),
  );
  const told = new Set(result.changes.flatMap(({ path, from }) => [path, ...(from === undefined ? [] : [from])]));
  // Where one file left and another one came, both may be alike.
  const left = new Set(result.changes.map(({ from }) => from));
  const alike = new Set(result.changes.flatMap(({ path, is }) => (is === 'made' && left.has(path) ? [path] : [])));
  return [
    ...[...found]
      .filter((path) => !told.has(path))
      .map((path) => ({ what: path, why: 'it differs between project and copy, and no step says so' })),
    ...[...told]
      .filter((path) => !found.has(path) && !alike.has(path))
      .map((path) => ({ what: path, why: 'a step says that it differs, and it does not' })),
  ];
}
