/**
 * What each kind of step can do: be compared with the disk, be prepared, take effect, be cleaned up after. A rollback is made of
 * steps itself, so there is no undo. Neither the clock nor the process is seen from here.
 */
import type { Disk, File, Path } from '../disk/disk.ts';
import type { FolderSet } from '../disk/folder-set.ts';
import type { PathState } from '../disk/path-state.ts';
import type { RecordedPath } from '../disk/paths.ts';
import type { Objects } from '../vault/model.ts';
import type { IndexChange, IndexEntry, Step } from './step.ts';

/** What steps stand on. */
export interface Ground {
  /** The real path of the project. */
  readonly root: string;
  readonly disk: Disk;
  readonly objects: Pick<Objects, 'open'>;
  /** Names what is temporary. */
  readonly run: string;
  readonly git: GitIndex;
  /** Folders that were found to be folders, and those above them, while nothing of ours happens in between: see `lookTogether`. */
  readonly folders?: Set<string>;
}

/** Runs git on copies of an index; never on the index itself. */
export interface GitIndex {
  entriesOf(index: RecordedPath, paths: readonly RecordedPath[]): readonly (IndexEntry | null)[];
  /** Makes the new file `copy`: `index` with each entry as it is to be after. */
  write(index: RecordedPath, copy: Path, entries: readonly IndexChange[]): void;
}

export interface Inspection {
  readonly is: 'before' | 'partial' | 'after' | 'foreign';
  /** What is at the path (of a rename: at `from`, or at `to` where nothing is at `from`). */
  readonly found: PathState;
  /** The stamp of the path while it was measured: a step takes effect only where it still has it, or is measured again. */
  readonly stamp: string;
  /** For people, where it is foreign. */
  readonly why?: string;
}

/** What is ready to take effect. */
export interface Staged {
  /** The stamp of the path that was inspected. */
  readonly stamp: string;
  /** To be fsynced, and then closed, by the caller, with those of the other steps. */
  readonly file: File | null;
}

export interface Primitive<S extends Step> {
  inspect(step: S, on: Ground): Inspection;
  /** Makes everything that may fail or take long, beside the target, of a step that was found to be *before*. */
  stage(step: S, seen: Inspection, on: Ground): Staged;
  /**
   * Takes effect. Folders to be fsynced are added to `dirty`. Throws `DSP-RUN-FOREIGN` where the path changed since it was
   * inspected; then the step has not begun.
   */
  commit(step: S, staged: Staged, on: Ground, dirty: FolderSet): void;
  /**
   * What may only be done once that which `commit` did is on the disk: called for every step of the batch after the folders of
   * all commits were fsynced, so that a thousand renames wait for the disk twice and not a thousand times.
   */
  finish?(step: S, on: Ground, dirty: FolderSet): void;
  /** From *partial* to *before*, and takes away what is staged; on the disk on return. Does nothing where nothing of ours is there. */
  clean(step: S, on: Ground): void;
}
