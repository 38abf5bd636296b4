/**
 * Exchanges entries of a git index, under git's own lock. The new index is made beside the old one; its second name is the lock, so
 * that one left by a crash is known to be ours by its inode.
 */
import type { Path, Stat } from '../disk/disk.ts';
import { stampedStateOf, stampOf } from '../disk/path-state.ts';
import { folderOf, joinPath, shownPath } from '../disk/paths.ts';
import { DesprawlError } from '../errors.ts';
import { dropIndex, indexPath, lockOf, sameEntry } from './git-index-file.ts';
import { codeOf, foreignError, isOneInode } from './place.ts';
import type { Ground, Inspection, Primitive } from './primitive.ts';
import type { GitIndexStep } from './step.ts';

/** Commands that take the lock are done in a moment; an editor for a commit message does not hold it. */
const WAIT_MS = 5_000;
const LOOK_AGAIN_MS = 50;
/** Other entries may change between making the new index and taking the lock. */
const ATTEMPTS = 4;

export const gitIndexPrimitive: Primitive<GitIndexStep> = {
  inspect,
  stage: (step, _seen, on) => {
    const index = indexPath(step.index);
    const stamp = stampOf(on.disk.lstat(index));
    on.git.write(step.index, copyOf(step, on), step.entries);
    // Opened to be written: some systems fsync nothing else.
    return { stamp, file: on.disk.open(copyOf(step, on), 'write') };
  },
  commit: (step, staged, on, dirty) => {
    const index = indexPath(step.index);
    const copy = copyOf(step, on);
    let { stamp } = staged;
    // A lock that came through a power cut without the copy would be nobody's, and in everybody's way.
    on.disk.syncFolder(folderOf(index));
    for (let attempt = 1; ; attempt++) {
      takeLock(on, index, copy);
      if (stampOf(on.disk.lstat(index)) === stamp) break;
      on.disk.unlink(lockOf(index));
      if (attempt === ATTEMPTS) throw busy(index);
      const now = inspect(step, on);
      if (now.is !== 'before' && now.is !== 'partial') throw foreignError(step.index, now.found, now.why);
      stamp = stampOf(on.disk.lstat(index));
      on.git.write(step.index, copy, step.entries);
      sync(on, copy);
    }
    on.disk.rename(lockOf(index), index);
    dirty.add(folderOf(index));
  },
  finish: (step, on, dirty) => {
    const copy = copyOf(step, on);
    if (on.disk.lstat(copy) === null) return;
    on.disk.unlink(copy);
    dirty.add(folderOf(copy));
  },
  clean: (step, on) => {
    const index = indexPath(step.index);
    const copy = copyOf(step, on);
    const [ours, lock] = [on.disk.lstat(copy), on.disk.lstat(lockOf(index))];
    if (ours === null && on.disk.lstat(lockOf(copy)) === null) return;
    // The lock first: without the copy nobody could tell that it is ours.
    if (isOneInode(ours, lock)) {
      on.disk.unlink(lockOf(index));
      on.disk.syncFolder(folderOf(index));
    }
    dropIndex(on.disk, copy);
    on.disk.syncFolder(folderOf(index));
  },
};

function inspect(step: GitIndexStep, on: Ground): Inspection {
  const index = indexPath(step.index);
  const copy = copyOf(step, on);
  const ours = on.disk.lstat(copy);
  waitForOthers(on, index, ours);
  const { state: found, stamp } = stampedStateOf(on.disk, index);
  const now = on.git.entriesOf(
    step.index,
    step.entries.map(({ path }) => path),
  );
  const all = (which: 'before' | 'after'): boolean =>
    step.entries.every((one, i) => sameEntry(now[i] ?? null, one[which]));
  if (all('after')) return { is: 'after', found, stamp };
  if (all('before')) return { is: ours === null ? 'before' : 'partial', found, stamp };
  const other = step.entries.find(
    (one, i) => !sameEntry(now[i] ?? null, one.before) && !sameEntry(now[i] ?? null, one.after),
  );
  const why =
    other === undefined
      ? 'some of its entries are as they were, some as they are to be'
      : `its entry of ${shownPath(other.path)} is neither what it was nor what it is to be`;
  return { is: 'foreign', found, stamp, why };
}

/** In the folder of the index, so that it can become the index by a rename. */
function copyOf(step: GitIndexStep, on: Ground): Path {
  return joinPath(folderOf(indexPath(step.index)), `.desprawl-${on.run}-${step.n}`);
}

/** Another git has the lock for a moment, or left it. Throws `DSP-GIT-BUSY`. */
function waitForOthers(on: Ground, index: Path, ours: Stat | null): void {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    const lock = on.disk.lstat(lockOf(index));
    if (lock === null || isOneInode(ours, lock)) return;
    if (waited >= WAIT_MS) throw busy(index);
    wait();
  }
}

function takeLock(on: Ground, index: Path, copy: Path): void {
  for (let waited = 0; ; waited += LOOK_AGAIN_MS) {
    try {
      on.disk.link(copy, lockOf(index));
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (waited >= WAIT_MS) throw busy(index);
      wait();
    }
  }
}

/** Everything of a run is synchronous: nothing of ours could happen in between. */
function wait(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
}

function sync(on: Ground, path: Path): void {
  const file = on.disk.open(path, 'write');
  try {
    file.sync();
  } finally {
    file.close();
  }
}

function busy(index: Path): DesprawlError {
  return new DesprawlError('DSP-GIT-BUSY', `Another git works with ${shownPath(index)}.`);
}
