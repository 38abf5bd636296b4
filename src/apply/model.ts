/** Runs as they are written down, told of and answered with. */
import type { RecordedPath } from '../disk/paths.ts';
import type { ProjectMark } from '../vault/model.ts';

/** Sorts by time for people; the order of runs is that of `after`. */
export type RunId = string;

/** `run.json`; written once. */
export interface RunHeader {
  readonly version: 1;
  readonly run: RunId;
  readonly kind: 'apply' | 'rollback';
  readonly tool: string;
  readonly project: ProjectMark;
  /** `null` in a rollback and a restore. */
  readonly plan: { readonly id: string; readonly hash: string; readonly phase: number } | null;
  /** The runs that a rollback takes back, newest first. */
  readonly undoes: readonly RunId[];
  /** The newest earlier runs, not taken back, that touched a path of this one. */
  readonly after: readonly RunId[];
  readonly backups: readonly string[];
  /** Of the file `steps`. */
  readonly steps: { readonly count: number; readonly sha256: string };
  /** The folders whose entries will change, as they were. */
  readonly folders: readonly { readonly path: RecordedPath; readonly mode: number; readonly mtime: string }[];
  readonly at: string;
}

/** What is computed of a run's files; never stored. */
export interface RunStatus {
  readonly run: RunId;
  readonly is: 'prepared' | 'running' | 'interrupted' | 'applied' | 'verified' | 'rolled back';
  /** Steps up to here are done and durable. */
  readonly done: number;
  readonly of: number;
  /** Steps that may have begun. */
  readonly inDoubt: { readonly from: number; readonly to: number } | null;
  /** Why the last process ended by itself. */
  readonly stopped: { readonly code: string; readonly message: string } | null;
  /** A fsynced record of the journal is broken: it can be rolled back, not continued. */
  readonly damaged: boolean;
  /** The rollback that took it back. */
  readonly by: RunId | null;
}

export interface ChangedSince {
  readonly path: RecordedPath;
  readonly expected: string;
  readonly found: string;
  /** Where its bytes are. */
  readonly backup: string | null;
}

export interface CheckResult {
  readonly name: string;
  /** `null`: not run. */
  readonly before: string | null;
  readonly after: string | null;
  /** No worse than before. */
  readonly ok: boolean;
  readonly why?: string;
  /** Of one that fails: its last lines, without secrets. */
  readonly output?: readonly string[];
}

export interface NotVerified {
  readonly what: string;
  readonly why: string;
}

export interface Totals {
  readonly steps: number;
  /** Files changed, moved, removed, made. */
  readonly files: { readonly put: number; readonly renamed: number; readonly removed: number };
  readonly bytes: { readonly active: number; readonly archived: number; readonly freed: number };
}

/** The document of `apply --json` and `rollback --json`. */
export interface ApplyResult {
  readonly version: 1;
  readonly run: RunId | null;
  readonly status: RunStatus['is'] | 'nothing to do';
  readonly actions: readonly {
    readonly id: string;
    readonly is: 'applied' | 'skipped' | 'undecided' | 'blocked' | 'already so' | 'taken back';
    readonly why?: string;
  }[];
  readonly totals: Totals;
  readonly changedSince: readonly ChangedSince[];
  readonly checks: readonly CheckResult[];
  readonly notVerified: readonly NotVerified[];
  readonly seconds: number;
}

/** `report-<nnnn>.json` of a run. */
export interface VerifyReport {
  readonly version: 1;
  readonly run: RunId;
  readonly at: string;
  readonly tool: string;
  /** Nothing failed; what was not verified is not counted as good and not as bad. */
  readonly ok: boolean;
  readonly findings: readonly { readonly what: string; readonly ok: boolean; readonly detail: string }[];
  readonly checks: readonly CheckResult[];
  readonly notVerified: readonly NotVerified[];
  readonly totals: Totals;
}
