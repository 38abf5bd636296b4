/** The lock of a plan: what was measured on this machine and what each action would do; the format is that of `docs/lock-file.md`. */
import type { RecordedPath } from '../disk/paths.ts';
import type { IndexChange } from '../steps/step.ts';
import type { ProjectMark } from '../vault/model.ts';
import type { CodeSnapshot } from './code-snapshot.ts';
import type { Left } from './model.ts';

export interface Lock {
  readonly version: 1;
  readonly plan: string;
  readonly hash: string;
  readonly at: string;
  readonly tool: string;
  readonly project: ProjectMark;
  readonly rates: Rates;
  readonly actions: Readonly<Record<string, LockedAction>>;
  readonly decisions: Readonly<Record<string, { readonly question: string; readonly choices: readonly string[] }>>;
  readonly before: Before;
  /** Digest of all hunks; the same in every checkout of the same code. */
  readonly code: string;
  readonly digest: string;
}

/** Bytes per second; seconds per fsync and per edited file. */
export interface Rates {
  readonly read: number;
  readonly write: number;
  readonly fsync: number;
  readonly edit: number;
}

export interface LockedAction {
  readonly intent: string;
  readonly digest: string;
  readonly relies: readonly Reliance[];
  readonly steps: readonly LockedStep[];
  readonly hunks: readonly Hunk[];
  readonly left: readonly Left[];
  readonly bindings: readonly PlannedBinding[];
  readonly bytes: { readonly changed: number; readonly freed: number; readonly vault: number };
  readonly seconds: number;
  /** Of a merge: `users refused`, rules by which the review had rows stay out. */
  readonly rules?: readonly string[];
}

/** What must be as it was, and in which respect. */
export type Reliance =
  | { readonly on: 'bytes' | 'text' | 'names'; readonly path: RecordedPath; readonly sha256: string }
  | {
      readonly on: 'schema' | 'binding' | 'git' | 'only' | 'export';
      readonly path: RecordedPath;
      readonly digest: string;
    }
  | { readonly on: 'absent'; readonly path: RecordedPath }
  | { readonly on: 'subset'; readonly path: RecordedPath; readonly of: RecordedPath; readonly digest: string };

/**
 * A step without times and owners, which are measured when it is applied. Contents are SHA-256, links `-> target`, nothing `null`; `merged`: what a
 * merge makes under the locks; `exported`: what an export is made of then; `store`: whatever a store holds that may get rows until then.
 */
export type LockedStep =
  | {
      readonly op: 'put';
      readonly path: RecordedPath;
      readonly before: string | null;
      readonly after: string;
      readonly mode?: number;
    }
  | { readonly op: 'remove'; readonly path: RecordedPath; readonly before: string }
  | { readonly op: 'rename'; readonly path: RecordedPath; readonly to: RecordedPath; readonly before: string }
  | { readonly op: 'make-folder' | 'remove-folder'; readonly path: RecordedPath }
  | { readonly op: 'git-index'; readonly entries: readonly IndexChange[] };

export interface Hunk {
  readonly path: string;
  /** Start and end in UTF-16 units of the file as it was before the phase, and the line. */
  readonly at: readonly [start: number, end: number, line: number];
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly proof: string;
}

export interface PlannedBinding {
  readonly site: string;
  readonly context: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What `verify` compares with. */
export interface Before {
  /** What code referred to and opened. */
  readonly code: CodeSnapshot;
  /** Digest of the names of all files. */
  readonly tree: string;
}
