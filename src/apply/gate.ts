/**
 * What must hold before a run is written: this user may change what it changes; and when all stores are held and all is backed up, every
 * path is as it was when the plan was compiled, and what is there is in the vault. Whatever fails here, nothing was begun.
 */
import { accessSync, constants } from 'node:fs';
import type { Disk, Path } from '../disk/disk.ts';
import { same } from '../disk/path-state.ts';
import { folderOf, joinPath, keyOf, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { indexPath, sameEntry } from '../steps/git-index-file.ts';
import { lookAt, lookTogether, shownState } from '../steps/place.ts';
import type { Ground } from '../steps/primitive.ts';
import { type PlannedStep, transitionsOf } from '../steps/step.ts';
import { pathsAbove } from '../steps/steps-between.ts';
import type { Objects } from '../vault/model.ts';

/** How many places a message names. */
const SHOWN = 5;

/** Asked before anything takes time. Throws `DSP-WRITE-FAILED`. */
export function assertRight(disk: Disk, root: string, steps: Iterable<PlannedStep>): void {
  const folders = new Map<string, Path>();
  const add = (folder: Path): void => {
    folders.set(keyOf(Buffer.from(folder)), folder);
  };
  const known = new Map<string, Path>();
  const nearest = (folder: Path): Path => {
    const key = keyOf(Buffer.from(folder));
    const found = known.get(key) ?? nearestThere(disk, root, folder);
    known.set(key, found);
    return found;
  };
  for (const step of steps) {
    if (step.op === 'git-index') add(folderOf(indexPath(step.index)));
    else if (step.op === 'put' && step.how === 'in-place') assertMay(joinPath(root, step.path), constants.W_OK);
    else for (const { path } of transitionsOf(step)) add(nearest(folderOf(joinPath(root, path))));
  }
  for (const folder of folders.values()) assertMay(folder, constants.W_OK | constants.X_OK);
}

/** Folders that the run makes are not there yet, or a file is in their place: the one that they are made in counts. */
function nearestThere(disk: Disk, root: string, folder: Path): Path {
  let at = folder;
  while (disk.lstat(at)?.kind !== 'folder' && at.length > root.length) at = folderOf(at);
  return at;
}

function assertMay(path: Path, how: number): void {
  try {
    accessSync(path, how);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // It is gone, or no folder: that is for the comparison to say.
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return;
    const why = code === 'EROFS' ? 'its file system is read-only' : `this user may not (${code})`;
    throw new DesprawlError(
      'DSP-WRITE-FAILED',
      `${shownPath(path as string)} cannot be written: ${why}. Nothing was begun.`,
      {
        cause,
        hint: 'Run desprawl as a user who may write there, or make the folder writable, then run the command again.',
      },
    );
  }
}

/** The last look, when nobody else can write to the stores any more. Throws `DSP-PLAN-STALE`, `DSP-VAULT-DAMAGED`. */
export function assertAsCompiled(
  on: Ground & { readonly objects: Pick<Objects, 'has'> },
  steps: readonly PlannedStep[],
): void {
  const together = lookTogether(on);
  const seen = new Set<string>();
  const changed: string[] = [];
  for (const step of steps) {
    if (step.op === 'git-index') changed.push(...changedEntries(on, step));
    for (const { path, before } of transitionsOf(step)) {
      const key = keyOf(path);
      if (seen.has(key)) continue;
      seen.add(key);
      // What a folder is to hold that takes a file's place: the file is what is compared.
      if (before.kind === 'absent' && [...pathsAbove(key)].some((above) => seen.has(above))) continue;
      const { state, stray } = lookAt(together, path);
      const isFolder = before.kind === 'folder' && state.kind === 'folder';
      if (stray !== undefined || (!same(before, state) && !isFolder)) {
        changed.push(
          `${shownPath(path)}: ${stray ?? `there was ${shownState(before)}, now there is ${shownState(state)}`}`,
        );
      } else if (before.kind === 'file' && !on.objects.has(before.sha256)) {
        throw new DesprawlError(
          'DSP-VAULT-DAMAGED',
          `What is at ${shownPath(path)} is not in the vault. Nothing was begun.`,
        );
      }
    }
  }
  if (changed.length === 0) return;
  const more = changed.length > SHOWN ? `; and ${changed.length - SHOWN} more` : '';
  throw new DesprawlError(
    'DSP-PLAN-STALE',
    `Changed while the run was prepared: ${changed.slice(0, SHOWN).join('; ')}${more}. Nothing was applied.`,
    { hint: 'Run the command again: what it comes to now is compared with what was reviewed.' },
  );
}

function changedEntries(on: Ground, { index, entries }: Extract<PlannedStep, { op: 'git-index' }>): readonly string[] {
  const now = on.git.entriesOf(
    index,
    entries.map(({ path }) => path),
  );
  return entries.flatMap(({ path, before }, i) =>
    sameEntry(before, now[i] ?? null) ? [] : [`${shownPath(path)}: its entry in git's index is another`],
  );
}
