/**
 * One batch of steps, in the order that makes it safe: everything is looked at before anything begins, everything is made and on the
 * disk before anything takes effect, and what takes old names away waits until the new ones are on the disk.
 */
import type { File } from '../disk/disk.ts';
import { type FolderSet, folderSet } from '../disk/folder-set.ts';
import { folderOf } from '../disk/paths.ts';
import type { DesprawlError } from '../errors.ts';
import { indexPath } from '../steps/git-index-file.ts';
import { primitiveOf } from '../steps/index.ts';
import { codeOf, foreignError, lookTogether, placeOf } from '../steps/place.ts';
import type { Ground, Inspection, Staged } from '../steps/primitive.ts';
import { timeOf } from '../steps/put.ts';
import type { Step } from '../steps/step.ts';
import type { Batch } from './batches.ts';

/** A step that met what is neither its before nor its after. */
export class ForeignStep extends Error {
  readonly step: Step;
  readonly seen: Inspection;
  readonly error: DesprawlError;
  constructor(step: Step, seen: Inspection, error?: DesprawlError) {
    super('foreign');
    this.step = step;
    this.seen = seen;
    this.error = error ?? foreignError(step.op === 'git-index' ? step.index : step.path, seen.found, seen.why);
  }
}

export interface Inspected {
  readonly step: Step;
  readonly seen: Inspection;
}

/** Before anything of the batch begins. Throws `ForeignStep`. A folder that is not empty stays: no other step needs it gone. */
export function inspectBatch(batch: Batch, on: Ground): readonly Inspected[] {
  const together = lookTogether(on);
  return batch.map((step) => {
    const seen = primitiveOf(step).inspect(step, together);
    if (seen.is === 'foreign' && !isFullFolder(step, seen)) throw new ForeignStep(step, seen);
    return { step, seen };
  });
}

/** From what a process left that was killed in this batch to *before* or *after*. Throws `ForeignStep`. */
export function cleanBatch(batch: Batch, on: Ground): void {
  for (const { step } of inspectBatch(batch, on)) primitiveOf(step).clean(step, on);
}

/** Returns the folders that stay since something of others is in them. Throws `ForeignStep`, and what the disk throws. */
export async function carryOutBatch(
  inspected: readonly Inspected[],
  on: Ground,
  assertHeld: (step: Step) => void,
): Promise<readonly Step[]> {
  const dirty = folderSet();
  const left = inspected.filter(({ seen }) => seen.is === 'foreign').map(({ step }) => step);
  const todo = inspected.filter(({ seen }) => seen.is === 'before' || seen.is === 'partial');
  try {
    const staged = await stageAll(todo, on);
    for (const one of inspected) if (one.seen.is === 'after') makeSure(one, on, dirty);
    todo.forEach(({ step }, i) => {
      assertHeld(step);
      try {
        primitiveOf(step).commit(step, staged[i] as Staged, on, dirty);
      } catch (error) {
        const seen = foreignNow(step, error, on);
        if (seen === null) throw error;
        if (!isFullFolder(step, seen)) throw new ForeignStep(step, seen, error as DesprawlError);
        left.push(step);
      }
    });
    await dirty.syncAll(on.disk);
    const emptied = folderSet();
    for (const { step } of inspected) {
      try {
        primitiveOf(step).finish?.(step, on, emptied);
      } catch (error) {
        const seen = foreignNow(step, error, on);
        throw seen === null ? error : new ForeignStep(step, seen, error as DesprawlError);
      }
    }
    await emptied.syncAll(on.disk);
    return left;
  } catch (error) {
    cleanUp(todo, on);
    throw error;
  }
}

/** So many files that were made are fsynced while the next ones are. */
const SYNC_TOGETHER = 32;

/** Makes all; those that are made go to the disk meanwhile, and it is waited for once. */
async function stageAll(todo: readonly Inspected[], on: Ground): Promise<readonly Staged[]> {
  const files: File[] = [];
  const syncing: Promise<unknown>[] = [];
  let given = 0;
  const syncRest = (): void => {
    const some = files.slice(given);
    given = files.length;
    if (some.length > 0) syncing.push(on.disk.syncAll(some));
  };
  try {
    const staged = todo.map(({ step, seen }) => {
      const one = primitiveOf(step).stage(step, seen, on);
      if (one.file !== null) files.push(one.file);
      if (files.length - given >= SYNC_TOGETHER) syncRest();
      return one;
    });
    syncRest();
    await Promise.all(syncing);
    return staged;
  } finally {
    // None is closed while it is on its way, also where another one failed.
    await Promise.allSettled(syncing);
    for (const file of files) file.close();
  }
}

/** What a killed process did is seen, and need not be on the disk. */
function makeSure({ step, seen }: Inspected, on: Ground, dirty: FolderSet): void {
  if (step.op === 'put' && step.how === 'in-place') {
    // Written anew: after an fsync that failed, another one would say that all is well.
    primitiveOf(step).commit(step, { stamp: seen.stamp, file: null }, on, dirty);
    return;
  }
  if (step.op === 'git-index') {
    dirty.add(folderOf(indexPath(step.index)));
    return;
  }
  // A link cannot be fsynced before it gets its name, so its time may be lost.
  if (step.op === 'put' && step.after.kind === 'link') {
    on.disk.setAttributes(placeOf(on, step.path), timeOf(step.after));
  }
  // The new name first: with the old one gone and the new one lost, the file would be.
  if (step.op === 'rename') dirty.add(folderOf(placeOf(on, step.to)));
  if (step.op === 'make-folder') dirty.add(placeOf(on, step.path));
  dirty.add(folderOf(placeOf(on, step.path)));
}

/** What could not be cleaned is cleaned by whoever goes on: the batch is in doubt. */
function cleanUp(todo: readonly Inspected[], on: Ground): void {
  for (const { step } of todo) {
    try {
      primitiveOf(step).clean(step, on);
    } catch {
      // The reason why the run stops is the first error, not this one.
    }
  }
}

function foreignNow(step: Step, error: unknown, on: Ground): Inspection | null {
  if (codeOf(error) !== 'DSP-RUN-FOREIGN') return null;
  const seen = primitiveOf(step).inspect(step, on);
  return seen.is === 'foreign' ? seen : { ...seen, is: 'foreign' };
}

function isFullFolder(step: Step, { found, why }: Inspection): boolean {
  return step.op === 'remove-folder' && found.kind === 'folder' && why !== undefined;
}
