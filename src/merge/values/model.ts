/** What is asked of a child that stages values by key: of which merge, for which store, into which file. Plain data, without a row. */
import type { MergeSpec } from '../model.ts';

export interface StageValuesRequest {
  /** Of the merge, with what it made and what it made it of. */
  readonly ledger: string;
  readonly merged: string;
  readonly sources: readonly string[];
  /** The store that gets the values, as it is: nobody writes to it. */
  readonly current: string;
  /** What the ledger calls the staged file. */
  readonly name: string;
  /** New file, with the values and the keys of their rows. */
  readonly to: string;
}

/** `why`: it cannot be done. `spec`: of the staged file into the store, the same whatever rows there are. */
export type Staged<T> = (T & { readonly spec: MergeSpec }) | { readonly why: string };
