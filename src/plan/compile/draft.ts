/**
 * What one action wants, before all of them are put together: states of paths, edits of texts, entries of the index. Compilers return
 * drafts and know nothing of each other; `compile/index.ts` makes steps of them.
 */
import type { PathState } from '../../disk/path-state.ts';
import type { Edit } from '../../edit/splice.ts';
import type { ExportSpec } from '../../exports/model.ts';
import type { MergeSpec } from '../../merge/model.ts';
import type { Apart, MergeAncestor } from '../../merge/propose/model.ts';
import type { IndexEntry } from '../../steps/step.ts';
import type { FollowAsked } from '../follow-port.ts';
import type { Hunk, PlannedBinding, Reliance } from '../lock-model.ts';
import type { Measured } from '../measured.ts';
import type { Action, Left, Plan } from '../model.ts';
import type { SettleAsked } from '../settle-port.ts';

export interface Draft {
  readonly changes: readonly DraftChange[];
  /** By file as it lies before the phase, also where the file moves. */
  readonly edits: readonly DraftEdit[];
  /** Lines at the end of a text file, which is made where there is none. */
  readonly appends: readonly { readonly path: string; readonly line: string; readonly why: string }[];
  /** New entries of the index; `null`: taken out. */
  readonly entries: readonly { readonly path: string; readonly after: IndexEntry | null }[];
  /** Folders that go if nothing is left in them. */
  readonly emptied: readonly string[];
  /** Files that are kept forever, in a backup of their own. */
  readonly archived: readonly string[];
  readonly relies: readonly Reliance[];
  readonly left: readonly Left[];
  readonly bindings: readonly PlannedBinding[];
  /** Rows that come into a store, whose content is not known before the locks are held. */
  readonly merge?: DraftMerge;
  /** A file that is made of a store, likewise. */
  readonly export?: DraftExport;
  /** Main files of stores that may get rows until then: neither they nor the files beside them are held to the content that was measured. */
  readonly loose?: readonly string[];
}

/** A merge, apart from its contents. */
export interface DraftMerge {
  readonly target: string;
  /** In the order of the specification. */
  readonly sources: readonly string[];
  readonly spec: MergeSpec;
  readonly ancestors: readonly (MergeAncestor | null)[];
  /** What stays behind: a store of which rows would be nowhere else cannot go. */
  readonly apart: readonly Apart[];
  /** The rows are values of an earlier merge, which its ledger has. */
  readonly settles?: SettleAsked;
  /** The rows are ids of a store that stays apart, as a merge of this phase moves their rows. */
  readonly follows?: FollowAsked;
}

export interface DraftExport {
  /** As `desprawl.yaml` calls it. */
  readonly name: string;
  readonly path: string;
  readonly spec: ExportSpec;
  /** What of the old file is lost, as the review saw it. */
  readonly lost: readonly string[];
  /** The list of exports that this action brings; `null`: none, or another action does. */
  readonly manifest: string | null;
}

/** A path as it shall be. */
export interface DraftChange {
  readonly path: string;
  /** Of a target of a merge and of an export: `pendingState`. */
  readonly want: PathState;
  /** Of a file that is to be written. */
  readonly content?: Uint8Array;
  readonly movedFrom?: string;
  /** Main file of the store that the path belongs to: it goes with its sidecars, together. */
  readonly store?: string;
}

export interface DraftEdit extends Edit {
  readonly path: string;
  readonly proof: Hunk['proof'];
}

/** What a compiler sees beside its action. */
export interface Compiling extends Measured {
  readonly plan: Plan;
  /** Drafts of the actions that come before this one in its phase, by id. */
  readonly earlier: ReadonlyMap<string, Draft>;
}

export interface DraftOf {
  readonly action: Action;
  readonly draft: Draft;
}

export type Drafted =
  | { readonly draft: Draft }
  /** The state after is there already. */
  | { readonly done: string }
  /** It cannot be applied, and why. */
  | { readonly blocked: string };

export type CompileAction<A extends Action = Action> = (action: A, on: Compiling) => Drafted | Promise<Drafted>;

export const NOTHING: Draft = {
  changes: [],
  edits: [],
  appends: [],
  entries: [],
  emptied: [],
  archived: [],
  relies: [],
  left: [],
  bindings: [],
};
