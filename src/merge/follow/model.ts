/** What it takes to have ids in a store that stays apart follow the rows of a merge, and what would come of it: plain data, without a row. */
import type { MergeSpec } from '../model.ts';
import type { FollowedColumn } from './words.ts';

export interface StageFollowedRequest {
  /** Of the merge that moved the rows, with what it made and what it made it of. */
  readonly ledger: string;
  readonly merged: string;
  readonly sources: readonly string[];
  /** The store as it is: nobody writes to it. */
  readonly current: string;
  readonly columns: readonly FollowedColumn[];
  /** What the ledger calls the staged file. */
  readonly name: string;
  /** New file, with the ids as they shall be and the keys of their rows. */
  readonly to: string;
}

export type StagedFollowed =
  | {
      /** Of the staged file into the store; the same whatever rows there are. */
      readonly spec: MergeSpec;
      /** In the order of the columns. */
      readonly columns: readonly FollowedRows[];
    }
  /** It cannot be done, and why. */
  | { readonly why: string };

export interface FollowedRows {
  readonly table: string;
  readonly column: string;
  /** Rows whose ids change. */
  readonly rows: number;
  /** Ids of rows that did not come in: they stay, and name nobody or somebody else. */
  readonly retained: number;
  /** Ids that the store named after has no row for, and the merged one has: they begin to name somebody. */
  readonly strangers: number;
}
