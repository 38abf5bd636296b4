/** What it takes to have ids in a store that stays apart follow the rows of a merge, and what would come of it: plain data, without a row. */
import type { Staged, StageValuesRequest } from '../values/model.ts';
import type { FollowedColumn } from './words.ts';

export interface StageFollowedRequest extends StageValuesRequest {
  readonly columns: readonly FollowedColumn[];
}

/** In the order of the columns. */
export type StagedFollowed = Staged<{ readonly columns: readonly FollowedRows[] }>;

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
