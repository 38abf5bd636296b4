/**
 * What is asked and answered when rows that were written after a merge are to survive its being taken back. Plain data. The rules are
 * those of `docs/merging.md`, "Going back after more was written".
 */

/** `count`: look only. `aside`: every later row into the file. `carry`: into the stores that had it, what does not fit into the file. */
export type LaterMode = 'count' | 'aside' | 'carry';

/** A store as it is to be again, which later rows may be carried into. */
export interface CarryStore {
  /** Relative to the project. */
  readonly path: string;
  /** Its snapshot, from before the merge; `null`: it was not there, or nothing can be carried into it. */
  readonly before: string | null;
  /** Copy of `before` that is written to. `null`: not in mode `carry`, or nothing can be carried into it. */
  readonly out: string | null;
  /** Why nothing can be carried into it. */
  readonly why: StoreReason | null;
}

export interface LaterRequest {
  readonly mode: LaterMode;
  /** The store as the run left it; `null`: it left none there. */
  readonly merged: string | null;
  /** Snapshot of the store as it is now. */
  readonly current: string;
  /** `null`: the run did not merge into it. */
  readonly ledger: string | null;
  readonly target: CarryStore;
  /** Of the ledger, by path; those that are missing cannot be carried into. */
  readonly sources: readonly CarryStore[];
  /** New files: for the work, and for what is kept aside (not in mode `count`). */
  readonly work: string;
  readonly aside: string;
}

export interface LaterTable {
  readonly table: string;
  readonly inserted: number;
  readonly changed: number;
  readonly deleted: number;
  /** Rows all of whose changes are in a store. With `aside`, every later row is counted once. */
  readonly carried: number;
  /** Rows of which something could not be carried: in the file, with the reason. */
  readonly aside: number;
  /** Rows that differ, by column. */
  readonly columns: Readonly<Record<string, number>>;
  /** Carried rows by the store that has them; a row may be in several. */
  readonly to: Readonly<Record<string, number>>;
  /** Rows aside by reason. */
  readonly why: Readonly<Record<string, number>>;
}

export interface LaterResult {
  /** Tables with rows written since. */
  readonly tables: readonly LaterTable[];
  /** What else of the schema is not as the run left it: `index "x" was made`. */
  readonly schema: readonly string[];
  /** Paths of the stores whose `out` is other than `before`. */
  readonly written: readonly string[];
  readonly notVerified: readonly { readonly what: string; readonly why: string }[];
}

/** Why a row, or a part of it, is kept aside. */
export type AsideReason =
  /** Keeping aside was asked for. */
  | 'asked'
  | StoreReason
  | 'table-made'
  | 'table-altered'
  | 'table-dropped'
  /** No store that can be written to had it, or has such a table. */
  | 'no-store'
  /** What it refers to does not lie in one store. */
  | 'references-apart'
  /** It refers to a row that is kept aside. */
  | 'parent-aside'
  /** A value stands in a column that the store lacks. */
  | 'no-column'
  /** What it refers to now is not in the store. */
  | 'no-old-key'
  /** A value that refers to nothing would begin to refer to a row. */
  | 'would-refer'
  /** The value cannot be written in the form of the store. */
  | 'form'
  /** SQLite says no; its message without values is the detail. */
  | 'refused'
  /** The column would turn the value into another one. */
  | 'would-change'
  /** All ids are taken. */
  | 'no-free-id';

export type StoreReason =
  /** A text file: it is not written row by row. */
  | 'text-store'
  /** The store was written since, too. */
  | 'store-changed'
  | 'store-missing'
  | 'other-encoding';
