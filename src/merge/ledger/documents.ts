/**
 * What is read out of ledgers: questions to a child process, its answers, and the documents of `desprawl ledger` and `desprawl conflicts`. The words are
 * those of `docs/ledger.md`.
 */
import type { Policy } from '../model.ts';

export type Presence = 'inserted' | 'identical' | 'merged' | 'retained';

/** Whole numbers beyond 2⁵³ are text, bytes `x'…'`; what is long is cut, and says so. */
export type Cell = string | number | null;

/** What names a row. `null`: not shown, since it may be personal. */
export type Address = Readonly<Record<string, Cell>>;

/** Files of one merge: its ledger, and contents of the vault. */
export interface LedgerFiles {
  readonly ledger: string;
  readonly merged: string;
  /** In the order of the specification. */
  readonly sources: readonly string[];
}

/** Names of tables count in the target as well as in a source. */
export interface PartFilter {
  readonly table: string | null;
  /** Path of a source. */
  readonly store: string | null;
}

export interface RowFilter extends PartFilter {
  readonly presence: Presence | null;
  /** Only rows of which two values existed. */
  readonly differs: boolean;
}

export interface LedgerRowsRequest {
  readonly files: LedgerFiles;
  readonly filter: RowFilter;
  readonly limit: number;
  readonly showValues: boolean;
}

export interface IdMapRequest {
  readonly files: LedgerFiles;
  readonly filter: PartFilter;
  /** New files in this folder of ours. */
  readonly folder: string;
}

export interface IdMapPart {
  readonly store: string;
  readonly table: string;
  readonly targetTable: string;
  readonly file: string;
  readonly rows: number;
}

export interface LedgerBalance {
  /** Counted in the lines of the ledger. */
  readonly parts: readonly PartBalance[];
  /** Its sums are those of its lines. */
  readonly balanced: boolean;
}

export interface PartBalance {
  readonly store: string;
  /** Its name in the store. */
  readonly sourceTable: string;
  /** In the target. */
  readonly table: string;
  readonly rows: number;
  readonly inserted: number;
  readonly identical: number;
  readonly merged: number;
  readonly retained: number;
  /** Rows that differ in at least one column. */
  readonly conflicts: number;
  /** Why rows stayed out. */
  readonly retainedBy: readonly { readonly rule: string; readonly detail: string | null; readonly rows: number }[];
  readonly differs: readonly DifferCount[];
  /** Columns that were not carried over, and how many values stayed behind. */
  readonly leftOut: readonly { readonly column: string; readonly filled: number }[];
}

export interface DifferCount {
  readonly column: string;
  /** `target`: what was there, or came from an earlier source; `source`: this one's. */
  readonly winner: 'target' | 'source';
  /** A policy, or `ancestor`, `key`, `would-change`. */
  readonly rule: string;
  readonly rows: number;
}

export interface LedgerRow {
  readonly store: string;
  readonly sourceTable: string;
  readonly table: string;
  readonly source: Address;
  /** `null`: it stayed out. */
  readonly target: Address | null;
  readonly presence: Presence;
  /** Why it stayed out. */
  readonly rule: string | null;
  readonly detail: string | null;
  readonly differs: readonly Difference[];
}

export interface Difference {
  readonly column: string;
  readonly winner: 'target' | 'source';
  readonly rule: string;
  /** With `--show-values` only. */
  readonly won?: Cell;
  readonly lost?: Cell;
}

/** Rows that were asked for. */
export interface ListedRows {
  /** All that there are of them. */
  readonly of: number;
  readonly limit: number;
  readonly showValues: boolean;
  readonly rows: readonly (LedgerRow & { readonly action: string })[];
}

export interface LedgerDocument {
  readonly version: 1;
  readonly run: string;
  /** Of the run, as `desprawl runs` says it. */
  readonly status: string;
  readonly merges: readonly LedgerMerge[];
  /** All sums are right. */
  readonly balanced: boolean;
  /** `null`: none were asked for. */
  readonly listed: ListedRows | null;
}

export interface LedgerMerge {
  readonly action: string;
  readonly target: string;
  /** The ledger itself, a SQLite file in the folder of the state. */
  readonly file: string;
  readonly tables: readonly {
    readonly table: string;
    readonly before: number;
    readonly after: number;
    readonly parts: readonly PartBalance[];
  }[];
}

export interface IdMapDocument {
  readonly version: 1;
  readonly run: string;
  /** As it was named. */
  readonly to: string;
  readonly files: readonly (IdMapPart & { readonly action: string })[];
}

/** A column in which rows that are one entity had two values. */
export interface ColumnConflict {
  readonly action: string;
  readonly target: string;
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  readonly by: readonly {
    readonly store: string;
    readonly winner: 'target' | 'source';
    readonly rule: string;
    readonly rows: number;
  }[];
  /** The decision whose answer won somewhere. `null`: none was asked, or the plan of the run cannot be read. */
  readonly decision: string | null;
  /** What was settled otherwise since, by runs in force, the first one first. */
  readonly settled: readonly SettledSince[];
}

export interface SettledSince {
  readonly run: string;
  /** The store whose value was taken. */
  readonly from: string;
  readonly rows: number;
}

export interface ConflictsDocument {
  readonly version: 1;
  readonly run: string;
  readonly status: string;
  readonly conflicts: readonly ColumnConflict[];
  readonly listed: ListedRows | null;
}

/** The same of a merge that was not done yet. */
export interface PlannedConflict {
  readonly action: string;
  readonly target: string;
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  readonly stores: readonly { readonly store: string; readonly rows: number }[];
  /** `said`: the plan says what wins; `answered`, `open`: a decision does or will; `fixed`: an earlier state tells, or it is referred to. */
  readonly state: 'open' | 'answered' | 'said' | 'fixed';
  /** What wins. `null`: open, or fixed. */
  readonly policy: Policy | null;
  readonly decision: string | null;
  readonly proposal: string | null;
}

export interface PlannedConflictsDocument {
  readonly version: 1;
  readonly plan: string;
  readonly conflicts: readonly PlannedConflict[];
  readonly notMeasured: readonly { readonly action: string; readonly why: string }[];
}

export type ConflictsAnswer = ConflictsDocument | PlannedConflictsDocument;
