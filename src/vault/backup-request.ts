/** What a backup is asked to hold, and where its files lie. */
import { isAbsolute } from 'node:path';
import type { Disk, Path } from '../disk/disk.ts';
import { bytesOf, joinPath, type RecordedPath } from '../disk/paths.ts';
import type { BackupReason, HeldStore, ProjectMark } from './model.ts';

export interface BackupStore {
  /** Relative to the project, or absolute where it lies outside; the real path, no link. */
  readonly store: RecordedPath;
  readonly kind: 'sqlite' | 'text';
  /** Held by the caller, who lets go of it. */
  readonly held?: HeldStore;
}

export interface BackupRequest {
  readonly disk: Disk;
  /** The vault; made where it is not there. The caller holds its state. */
  readonly vault: Path;
  readonly project: ProjectMark;
  readonly tool: string;
  readonly why: BackupReason;
  readonly keep: 'forever' | null;
  /** Files and links; sidecars of `stores` need not be named. Relative to the project, or absolute where they lie outside. */
  readonly files: readonly RecordedPath[];
  readonly stores: readonly BackupStore[];
  /** How long the users of a store are waited for; then it is taken between equal stamps. */
  readonly waitSeconds: number;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: BackupProgress) => void;
}

export interface BackupProgress {
  readonly done: number;
  readonly total: number;
  /** Taken so far. */
  readonly bytes: number;
  readonly item: string;
}

export function placeOf({ project }: Pick<BackupRequest, 'project'>, path: RecordedPath): Path {
  const bytes = bytesOf(path);
  if (isAbsolute(bytes.toString('latin1'))) return typeof path === 'string' ? path : bytes;
  return joinPath(project.root, path);
}
