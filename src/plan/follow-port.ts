/** What planning needs to know of ids that stores which stay apart hold of rows that a merge moves (trap R19). Planning opens nothing itself. */
import type { StagedFollowed } from '../merge/follow/model.ts';
import type { FollowedColumn } from '../merge/follow/words.ts';
import type { MergeSpec } from '../merge/model.ts';
import type { MergeAncestor } from '../merge/propose/model.ts';
import type { Link } from '../rows/links.ts';

export interface FollowAsked {
  /** The merge that moves them. */
  readonly merge: {
    readonly target: string;
    readonly spec: MergeSpec;
    readonly ancestors: readonly (MergeAncestor | null)[];
  };
  /** Its action. */
  readonly of: string;
  /** The store that stays apart. */
  readonly store: string;
  readonly columns: readonly FollowedColumn[];
}

export interface FollowPort {
  /** What columns of a store refer to in others, which it lacks a table for itself. Positions are those of `others`. */
  linksOf(store: string, others: readonly string[]): Promise<readonly Link[]>;
  /** Each once: the merge and what follows it, in scratch files. */
  tryOut(asked: FollowAsked): Promise<StagedFollowed>;
}
