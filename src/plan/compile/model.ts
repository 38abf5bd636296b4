/** A compiled plan: what each action comes to, and the steps of each phase. */
import type { Edit } from '../../edit/splice.ts';
import type { PlannedStep } from '../../steps/step.ts';
import type { LockedAction } from '../lock-model.ts';
import type { DraftExport, DraftMerge } from './draft.ts';

export interface Compiled {
  /** By id, every action of the plan. */
  readonly actions: ReadonlyMap<string, CompiledAction>;
  /** Those that have something to do, in their order. */
  readonly phases: readonly CompiledPhase[];
  /** Digest of all hunks, by path and order. */
  readonly code: string;
  /** Of the digests of the actions. */
  readonly digest: string;
}

export interface CompiledAction {
  readonly is: 'ready' | 'skipped' | 'undecided' | 'blocked' | 'already so';
  /** Why it is not ready. */
  readonly why: string | null;
  /** Of one that is ready. How long it takes is not known here. */
  readonly locked: Omit<LockedAction, 'seconds'> | null;
}

export interface CompiledPhase {
  readonly phase: number;
  /** In their order; `n` is given when a run is made of them. */
  readonly steps: readonly PlannedStep[];
  /** New contents of files, by SHA-256. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** What goes into a backup of its own that is kept forever. */
  readonly archived: readonly { readonly action: string; readonly paths: readonly string[] }[];
  /** What the steps put where `pending` is written is made under the locks: `withMade` puts it in. */
  readonly merges: readonly CompiledMerge[];
  readonly exports: readonly CompiledExport[];
  /** Texts that change or move, for a patch. */
  readonly edited: readonly EditedFile[];
}

export interface CompiledMerge extends DraftMerge {
  readonly action: string;
  /** Stands in the steps for the SHA-256 of the merged file. */
  readonly pending: string;
  /** Main files of the stores, target and sources, that the steps touch and whose content may be another one when they are held. */
  readonly loose: readonly string[];
}

export interface CompiledExport extends DraftExport {
  readonly action: string;
  /** Stand in the steps for the SHA-256 of the file, and of the list beside it. */
  readonly pending: string;
  readonly pendingManifest: string;
}

export interface EditedFile {
  /** `null`: it is made. */
  readonly from: string | null;
  readonly to: string;
  readonly before: string;
  readonly edits: readonly Edit[];
  readonly mode: number;
  readonly write: (text: string) => Buffer;
}
