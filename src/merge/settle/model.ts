/** What settling differences of an earlier merge asks for and comes to: plain data, without a row. The words are those of `docs/ledger.md`. */
import type { Staged, StageValuesRequest } from '../values/model.ts';
import type { SettleWish } from './words.ts';

/** The merge whose ledger has both values. */
export interface SettledMerge {
  readonly run: string;
  readonly action: string;
}

export interface StageSettledRequest extends StageValuesRequest {
  /** What the target was before the merge. `null`: it was not there. */
  readonly target: string | null;
  readonly wishes: readonly SettleWish[];
}

/** In the order of the wishes. */
export type StagedSettled = Staged<{ readonly values: readonly SettledValues[] }>;

export interface SettledValues {
  readonly table: string;
  /** That go together: those of one reference do. */
  readonly columns: readonly string[];
  /** Rows that get the value. */
  readonly rows: number;
  /** Rows that would, but were changed or deleted since the merge: they stay as they are. */
  readonly since: number;
}
