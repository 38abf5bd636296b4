/** What settling differences of an earlier merge asks for and comes to: plain data, without a row. The words are those of `docs/ledger.md`. */
import type { MergeSpec } from '../model.ts';
import type { SettleWish } from './words.ts';

/** The merge whose ledger has both values. */
export interface SettledMerge {
  readonly run: string;
  readonly action: string;
}

export interface StageSettledRequest {
  readonly ledger: string;
  /** What the merge made, and what it made it of, as the vault holds it. `null`: the target was not there before. */
  readonly merged: string;
  readonly target: string | null;
  readonly sources: readonly string[];
  /** The target as it is: nobody writes to it. */
  readonly current: string;
  readonly wishes: readonly SettleWish[];
  /** What the ledger calls the staged file. */
  readonly name: string;
  /** New file, with the values that win and the keys of their rows. */
  readonly to: string;
}

export type StagedSettled =
  | {
      /** Of the staged file into the target; the same whatever rows there are. */
      readonly spec: MergeSpec;
      /** In the order of the wishes. */
      readonly values: readonly SettledValues[];
    }
  /** It cannot be done, and why. */
  | { readonly why: string };

export interface SettledValues {
  readonly table: string;
  /** That go together: those of one reference do. */
  readonly columns: readonly string[];
  /** Rows that get the value. */
  readonly rows: number;
  /** Rows that would, but were changed or deleted since the merge: they stay as they are. */
  readonly since: number;
}
