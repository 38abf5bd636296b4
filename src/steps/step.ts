/**
 * The steps that actions compile to. Each states, for every path it touches, the state before and the state after: inspecting it is
 * comparing, undoing it is a step to the state before. The format is that of `docs/journal.md`, "Steps".
 */

import {
  ABSENT,
  type Absent,
  type FileState,
  type FolderState,
  type LinkState,
  type PathState,
} from '../disk/path-state.ts';
import type { RecordedPath } from '../disk/paths.ts';

interface EveryStep {
  /** From 1, without gaps, in the order of the run. */
  readonly n: number;
  /** The id of the plan's action; in a rollback of that which is taken back. */
  readonly action: string;
  /** Steps with the same store are one batch: a store is its main file and its sidecars together (trap S3). */
  readonly store?: RecordedPath;
}

/** Content comes from the vault. */
export interface Put extends EveryStep {
  readonly op: 'put';
  readonly path: RecordedPath;
  readonly before: Absent | FileState | LinkState;
  readonly after: FileState | LinkState;
  /** `in-place`: a bind mount of one file, or a file of several names. */
  readonly how: 'replace' | 'in-place';
}

/** Its content is in the vault. */
export interface Remove extends EveryStep {
  readonly op: 'remove';
  readonly path: RecordedPath;
  readonly before: FileState | LinkState;
}

/** Within one file system; nothing is at `to`. */
export interface Rename extends EveryStep {
  readonly op: 'rename';
  readonly path: RecordedPath;
  readonly to: RecordedPath;
  readonly before: FileState | LinkState;
}

export interface MakeFolder extends EveryStep {
  readonly op: 'make-folder';
  readonly path: RecordedPath;
  readonly after: FolderState;
}

/** Only an empty one goes. */
export interface RemoveFolder extends EveryStep {
  readonly op: 'remove-folder';
  readonly path: RecordedPath;
  readonly before: FolderState;
}

/** An entry of stage 0. `flags`: letters of `git ls-files -v -f` that are not the usual ones (skip-worktree, assume-unchanged). */
export interface IndexEntry {
  readonly mode: string;
  readonly oid: string;
  readonly flags: string;
}

export interface IndexChange {
  /** Relative to the top of the work tree. */
  readonly path: RecordedPath;
  readonly before: IndexEntry | null;
  readonly after: IndexEntry | null;
}

export interface GitIndexStep extends EveryStep {
  readonly op: 'git-index';
  /** Absolute: an index may lie outside the project (worktrees, submodules). */
  readonly index: RecordedPath;
  readonly entries: readonly IndexChange[];
}

export type Step = Put | Remove | Rename | MakeFolder | RemoveFolder | GitIndexStep;

/** Before it has its place in a run. */
export type PlannedStep = Step extends infer S ? (S extends Step ? Omit<S, 'n'> : never) : never;

/** From which state to which a step takes a path. */
export interface Transition {
  readonly path: RecordedPath;
  readonly before: PathState;
  readonly after: PathState;
}

/** What a step does to paths of the project: one transition, two for a rename, none for an index. */
export function transitionsOf(step: PlannedStep): readonly Transition[] {
  switch (step.op) {
    case 'put':
      return [{ path: step.path, before: step.before, after: step.after }];
    case 'remove':
    case 'remove-folder':
      return [{ path: step.path, before: step.before, after: ABSENT }];
    case 'rename':
      return [
        { path: step.path, before: step.before, after: ABSENT },
        { path: step.to, before: ABSENT, after: step.before },
      ];
    case 'make-folder':
      return [{ path: step.path, before: ABSENT, after: step.after }];
    case 'git-index':
      return [];
  }
}
