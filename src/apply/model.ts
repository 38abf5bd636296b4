/** Runs as they are written down, told of and answered with. Whole because it is one vocabulary: types only. */
import type { FileState, LinkState } from '../disk/path-state.ts';
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
  /** Of a rollback: files and links that are as before but for their time, which it sets at its end; as they were. No step tells of them. */
  readonly times?: readonly { readonly path: RecordedPath; readonly state: FileState | LinkState }[];
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

/** Measured from the steps of a run, path by path: what a path went through on the way is one change. */
export interface Totals {
  readonly steps: number;
  readonly files: {
    readonly made: number;
    readonly changed: number;
    readonly moved: number;
    readonly removed: number;
    /** Entries of git's index. */
    readonly entries: number;
  };
  readonly bytes: {
    /** Of new contents. */
    readonly written: number;
    /** By which the project is smaller afterwards; below zero where it is larger. */
    readonly freed: number;
    /** Of what left the project and is kept in the vault forever. */
    readonly archived: number;
  };
}

/** What became of one path. */
export interface RunChange {
  readonly path: string;
  readonly is: 'made' | 'changed' | 'mode' | 'moved' | 'removed';
  readonly kind: 'file' | 'link' | 'folder';
  /** Where it was, of what moved. */
  readonly from?: string;
  /** Bytes; `null` where it was not, or is no file. */
  readonly before: number | null;
  readonly after: number | null;
  /** The last action that touched it. */
  readonly action: string;
}

export interface ActionOutcome {
  readonly id: string;
  readonly is: 'applied' | 'skipped' | 'undecided' | 'blocked' | 'already so' | 'later phase' | 'taken back';
  readonly why?: string;
  /** Paths that it touched. */
  readonly paths: number;
  /** What it was proposed for. */
  readonly reason?: string;
}

export interface DecisionTaken {
  readonly id: string;
  readonly question: string;
  /** `null`: open. */
  readonly chosen: string | null;
  /** What that does. */
  readonly means?: string;
  /** It was the proposal. */
  readonly proposed: boolean;
}

/** A place that names what moved and was left as it is. */
export interface LeftPlace {
  readonly path: string;
  readonly line?: number;
  readonly why: string;
  readonly action: string;
}

/** Rows of a store and their presence after a run; filled by merging. */
export interface LedgerLine {
  readonly store: string;
  readonly table: string;
  readonly rows: number;
  readonly inserted: number;
  readonly identical: number;
  readonly merged: number;
  readonly retained: number;
  readonly conflicts: number;
}

/** Rows of one table that were written after a run that is taken back: each is carried or aside. */
export interface LaterLine {
  readonly store: string;
  readonly table: string;
  readonly inserted: number;
  readonly changed: number;
  readonly deleted: number;
  /** All of the row's changes are in a store. */
  readonly carried: number;
  /** Something of the row could not be carried, or keeping aside was asked for. */
  readonly aside: number;
  /** Changed rows by column. */
  readonly columns: Readonly<Record<string, number>>;
  /** By store: rows that it has of them; a row may be in several. */
  readonly to: Readonly<Record<string, number>>;
  /** Rows aside by reason. */
  readonly why: Readonly<Record<string, number>>;
  /** What is aside, one JSON object per line, in the folder of the rollback's run; `null` where nothing is, and in a dry run. */
  readonly file: string | null;
}

/** The document of `apply --json` and `rollback --json`. A dry run's is that of the run that follows, but for run, times and `dryRun`. */
export interface ApplyResult {
  readonly version: 1;
  readonly kind: RunHeader['kind'];
  readonly dryRun: boolean;
  /** `null`: there was nothing to do. */
  readonly run: RunId | null;
  readonly status: RunStatus['is'] | 'nothing to do';
  readonly plan: { readonly id: string; readonly phase: number } | null;
  /** The runs that a rollback took back, newest first. */
  readonly undoes: readonly RunId[];
  readonly actions: readonly ActionOutcome[];
  readonly decisions: readonly DecisionTaken[];
  readonly changes: readonly RunChange[];
  readonly totals: Totals;
  /** Ids. */
  readonly backups: readonly string[];
  readonly changedSince: readonly ChangedSince[];
  /** Of a rollback: rows that were written since, and what became of them. */
  readonly later: readonly LaterLine[];
  readonly left: readonly LeftPlace[];
  readonly checks: readonly CheckResult[];
  readonly ledger: readonly LedgerLine[];
  readonly notVerified: readonly NotVerified[];
  /** What verifying found, where it was done. */
  readonly findings: readonly VerifyFinding[];
  readonly seconds: number;
}

export interface VerifyFinding {
  /** `imports`, `bindings`, `backups`, `steps`, `syntax`, `old names`, `targets`, `ledger`, `exports`. */
  readonly what: string;
  readonly ok: boolean;
  /** One sentence with measured numbers. */
  readonly detail: string;
  /** What is wrong, place by place. */
  readonly places: readonly { readonly path: string; readonly line?: number; readonly what: string }[];
}

/** The stores of a project at one time. */
export interface StoreLine {
  readonly path: string;
  readonly kind: string;
  readonly bytes: number;
  /** `null`: it could not be read. */
  readonly tables: number | null;
  readonly rows: number | null;
  readonly role: string;
}

export interface Structure {
  readonly files: number;
  readonly stores: readonly StoreLine[];
  /** Findings by code. */
  readonly findings: Readonly<Record<string, number>>;
  /** Modules that open stores. */
  readonly connectionModules: number;
}

/** The document of `verify --json`, and `report-<nnnn>.json` of a run. */
export interface VerifyReport {
  readonly version: 1;
  readonly run: RunId;
  readonly status: RunStatus['is'];
  readonly at: string;
  readonly tool: string;
  /** Nothing failed; what was not verified is not counted as good and not as bad. */
  readonly ok: boolean;
  readonly plan: { readonly id: string; readonly phase: number } | null;
  readonly findings: readonly VerifyFinding[];
  readonly checks: readonly CheckResult[];
  readonly actions: readonly ActionOutcome[];
  readonly decisions: readonly DecisionTaken[];
  readonly changes: readonly RunChange[];
  readonly left: readonly LeftPlace[];
  readonly ledger: readonly LedgerLine[];
  readonly notVerified: readonly NotVerified[];
  readonly totals: Totals;
  /** `null`: what was there before is not known. */
  readonly before: Structure | null;
  readonly after: Structure;
  readonly seconds: number;
}

/** One run in a list of runs. */
export interface RunSummary {
  readonly run: RunId;
  readonly kind: RunHeader['kind'];
  readonly at: string;
  readonly plan: { readonly id: string; readonly phase: number } | null;
  readonly undoes: readonly RunId[];
  readonly status: RunStatus;
  readonly verifications: readonly { readonly at: string; readonly ok: boolean }[];
  readonly backups: readonly string[];
  /** Later runs that go back with it. */
  readonly with: readonly RunId[];
  /** Why it cannot be taken back, where it cannot. */
  readonly cannotGoBack: string | null;
}

/** The document of `status --json` and `runs --json`. */
export interface StatusDocument {
  readonly version: 1;
  readonly project: string;
  readonly state: string;
  /** Where the state's folder is not there: nothing can be known of runs. */
  readonly known: boolean;
  /** Who works with the state now. */
  readonly working: readonly {
    readonly pid: number;
    readonly host: string;
    readonly command: string;
    readonly since: string;
    readonly alive: 'yes' | 'cannot tell';
    readonly file: string;
  }[];
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** The run that waits to be continued or taken back. */
  readonly waiting: RunId | null;
  /** What else is to be said: two projects share a state, the state's folder moved. */
  readonly notes: readonly string[];
}
