/** What a merge is proposed from and what a proposal holds. Plain data; no row and no value of one but the names in a type column. */
import type { Facts } from '../../audit/model.ts';
import type { Link } from '../../rows/links.ts';
import type { DeclaredResult } from '../declared/model.ts';
import type { MergeResult, MergeSpec } from '../model.ts';
import type { MergeTable } from '../settings.ts';
import type { ProposeInput } from './propose.ts';

/** The part of an audit that merging is proposed from. */
export type MergeFacts = Pick<Facts, 'stores' | 'relations' | 'groups' | 'ancestors' | 'code'>;

export interface MergeAsked {
  /** Paths. The target may be one that is not there yet. */
  readonly target: string;
  readonly sources: readonly string[];
  /** Paths of stores that belong to other programs, or that their owner declared so. */
  readonly foreign: readonly string[];
}

/** What refers to what in a store, by its path. */
export type LinksByStore = ReadonlyMap<string, readonly Link[]>;

/** What an audit does not hold. Whoever plans is given it: planning opens nothing itself. */
export interface MergePort {
  /** Each once. Throws `DSP-STORE-UNREADABLE`. */
  inputOf(asked: MergeAsked): Promise<ProposeInput>;
  /** What the engine makes of it, in scratch files, and what the code's own tables say of that. */
  tryOut(asked: MergeAsked, spec: MergeSpec, ancestors: readonly (MergeAncestor | null)[]): Promise<MergeTried>;
}

/** `why`: what stands in the way, as the reader is told. */
export type MergeTried = { readonly result: MergeResult; readonly declared: DeclaredResult } | { readonly why: string };

/** A table, or a store, that is not brought in. */
export interface Apart {
  readonly store: string;
  /** `null`: the store as a whole. */
  readonly table: string | null;
  readonly why: string;
  /** It holds rows that nobody would find in the target: its store cannot go. */
  readonly keeps: boolean;
}

/** An earlier common state of the target and a source: a store of the project, or a version in git. */
export interface MergeAncestor {
  readonly from: string;
  readonly path: string;
  readonly commit: string | null;
}

export interface MergeQuestion {
  /** Behind the name of the merge: `users-deleted`. */
  readonly topic: string;
  readonly question: string;
  readonly evidence: readonly string[];
  readonly choices: Readonly<Record<string, string>>;
  readonly proposal: string | null;
  /** Choices with which the merge can be done. */
  readonly goes: readonly string[];
  /** Other questions: it counts only where one of them has that answer. Left out: it always does. */
  readonly onlyWith?: readonly { readonly topic: string; readonly choice: string }[];
  /** What waits for it: the merge itself, or only that these sources go. */
  readonly holds: 'merge' | readonly string[];
}

export interface MergeProposal {
  readonly target: string;
  /** Why this one. */
  readonly because: readonly string[];
  /** Sorted. */
  readonly sources: readonly string[];
  readonly tables: readonly MergeTable[];
  readonly questions: readonly MergeQuestion[];
  readonly apart: readonly Apart[];
  /** Beside the sources. */
  readonly ancestors: readonly (MergeAncestor | null)[];
  /** With every question answered as it is proposed. */
  readonly spec: MergeSpec;
  /** What the engine makes of `spec`; `null`: it was not run. */
  readonly result: MergeResult | null;
}
