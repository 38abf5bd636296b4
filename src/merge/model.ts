/**
 * What a merge is asked and what it came to: plain data that a plan is compiled to, a child process works on and reports are made of. It
 * holds no row. The words and the order of work are those of `docs/merging.md`.
 */
import type { Normaliser } from '../audit/model.ts';
import type { ValueForm } from '../rows/write-form.ts';

export interface MergeSpec {
  readonly version: 1;
  /** Sorted by path; the target is no source. */
  readonly sources: readonly MergeSource[];
  /** Tables of the target, those included that it lacks so far. In any order: the engine finds its own. */
  readonly tables: readonly TableSpec[];
  /** Keep the id map in the target too, as `desprawl_id_map`. */
  readonly idMapTable: boolean;
}

export interface MergeSource {
  /** Relative to the project; of `values` to the state. */
  readonly path: string;
  /** `values`: no store, but values of an earlier ledger that win after all. */
  readonly kind: 'sqlite' | 'text' | 'values';
}

export interface TableSpec {
  /** Its name in the target. */
  readonly table: string;
  /** The target lacks it: the source (by position) whose statement makes it. `null`: the target has it. */
  readonly madeFrom: number | null;
  /** Columns of the merged table that are written, generated ones left out; with those that are added. Positions are referred to. */
  readonly columns: readonly ColumnSpec[];
  readonly identity: Identity;
  /** Column whose integers only number the rows. `null`: none, keys are carried as they are. */
  readonly surrogate: string | null;
  readonly references: readonly ReferenceSpec[];
  readonly parts: readonly PartSpec[];
  /** Wins where rows that are one entity differ. A column without an entry here: the merge is stale where it differs. */
  readonly differ: Readonly<Record<string, Policy>>;
  /** Whose later time is newer; for `newest`. */
  readonly timeColumn: string | null;
  /** What of a row becomes that an ancestor has, or the target gave away the id of, and the target lacks. */
  readonly deleted: 'stays' | 'returns';
}

export interface ColumnSpec {
  readonly name: string;
  /** As declared. */
  readonly type: string;
  /** The target lacks it: it is added, nullable. */
  readonly added: boolean;
  /** Compared in this form; `exact` for references, which are translated first. */
  readonly normaliser: Normaliser;
}

export type Identity =
  /**
   * `agreeing`: rows that share it are one entity only where they agree in at least half of what tells rows apart, or an ancestor has the
   * row; else they are two (trap R1). Absent: it alone says so. `began`: columns that say when a row was made.
   */
  | {
      readonly kind: 'key';
      readonly columns: readonly string[];
      readonly agreeing?: { readonly began: readonly string[] };
    }
  /** Whole rows, each as often as it is there; without the surrogate. */
  | { readonly kind: 'row' }
  /** No row of a source is in the target: all are new. */
  | { readonly kind: 'none' };

/** `typed`: only rows whose `typeColumn` says `typeValue`. `json`: an array of ids, as text. */
export interface ReferenceSpec {
  readonly kind: 'declared' | 'inferred' | 'typed' | 'json';
  readonly columns: readonly string[];
  /** A table of the target. */
  readonly to: string;
  readonly toColumns: readonly string[];
  readonly typeColumn?: string;
  /** As it stands in the rows; several where they write it in several ways. */
  readonly typeValues?: readonly string[];
}

export interface PartSpec {
  /** Position in `sources`. */
  readonly source: number;
  readonly table: string;
  /** Column of the merged table → where its values come from. Columns without an entry get the target's default. */
  readonly columns: Readonly<Record<string, ColumnSource>>;
  /** Columns of the source that are not carried over. */
  readonly leftOut: readonly string[];
  /** Table of the ancestor that goes with this source, and which of its columns is which: column of the merged table → column there. */
  readonly ancestor: { readonly table: string; readonly columns: Readonly<Record<string, string>> } | null;
  /**
   * Reference columns whose values are ids of another store than this source (traps R3, R19): position of that source, or `target`. A value is
   * translated by where the row of that store went. Columns that are not named here refer to rows of this source.
   */
  readonly idsOf?: Readonly<Record<string, number | 'target'>>;
  /** Of a text file: columns that it is given when it is staged. */
  readonly lookups?: readonly LookupSpec[];
}

/** The key of the one row of the target that has the value; nothing where none has it or several have. */
export interface LookupSpec {
  /** Column of the file. */
  readonly from: string;
  /** Name of the column that the staged file gets. */
  readonly as: string;
  /** Of the target. */
  readonly table: string;
  readonly by: string;
  readonly gives: string;
}

export type ColumnSource =
  /** `form`: how the target writes what both write (`uuid-dashed`, `timestamp-space` …), where the source writes it otherwise. */
  | { readonly from: string; readonly form?: ValueForm }
  /** A value that the owner gave for a required column. */
  | { readonly fill: null | number | string };

export type Policy = 'target' | 'source' | 'newest' | 'complete';

/** Files of one merge, all private copies or objects of the vault; nobody writes to them but the engine to the new ones. */
export interface MergeFiles {
  /** Snapshot of the target; `null`: it is not there yet. */
  readonly target: string | null;
  /** Snapshots, text stores staged, in the order of the specification. */
  readonly sources: readonly string[];
  /** Of each source, where there is one. */
  readonly ancestors: readonly (string | null)[];
}

export interface MergeRequest {
  readonly spec: MergeSpec;
  readonly files: MergeFiles;
  /** New files. */
  readonly merged: string;
  readonly ledger: string;
  /** What the ledger calls the stores. */
  readonly target: { readonly path: string; readonly sha256: string | null };
  readonly sha256: readonly (string | null)[];
}

/** Why a row was retained. `refused`: SQLite's message without values is the detail. */
export type RetainedRule =
  | 'two-matches'
  | 'deleted-in-target'
  | 'required-column'
  | 'refused'
  | 'would-change'
  | 'parent-retained'
  | 'key-taken';

export interface PartResult {
  readonly source: number;
  readonly sourceTable: string;
  readonly table: string;
  readonly rows: number;
  readonly inserted: number;
  readonly identical: number;
  readonly merged: number;
  readonly retained: number;
  /** Rows that differ from the row that they met in at least one column. */
  readonly conflicts: number;
  /** Values of the target that gave way to one of this source. */
  readonly changed: number;
  /** Of the inserted ones, those that got a new id. */
  readonly renumbered: number;
  /** Rows that differ, by column of the merged table. */
  readonly differs: Readonly<Record<string, number>>;
  readonly retainedBy: readonly {
    readonly rule: RetainedRule;
    readonly detail: string | null;
    readonly rows: number;
    /** What the values in question look like, masked, the most frequent first; absent where no value is to blame. */
    readonly examples?: readonly string[];
  }[];
  /** Non-empty values of columns that are not carried over. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** In the ancestor and the target, not in this source. `null`: no ancestor. */
  readonly deletedInSource: number | null;
}

export interface TableResult {
  readonly table: string;
  readonly before: number;
  readonly after: number;
}

export interface MergeResult {
  readonly parts: readonly PartResult[];
  readonly tables: readonly TableResult[];
  /** Virtual tables that were rebuilt, and those that could not be (trap R20). */
  readonly rebuilt: readonly string[];
  readonly notVerified: readonly { readonly what: string; readonly why: string }[];
  /** Columns that differ somewhere and have no policy; where there are any, nothing was made. */
  readonly unsettled: readonly { readonly table: string; readonly column: string; readonly rows: number }[];
}

/** Found by comparison. Empty: every row is accounted for. */
export interface MergeProblem {
  readonly what:
    | 'unaccounted'
    | 'accounted-twice'
    | 'inserted-differs'
    | 'identical-differs'
    | 'merged-differs'
    | 'target-row-changed'
    | 'target-row-gone'
    | 'row-of-nobody'
    | 'reference-baseline'
    | 'integrity'
    | 'counts';
  readonly table: string;
  /** Path of the source, where it is about one. */
  readonly source: string | null;
  readonly rows: number;
  /** Without values. */
  readonly detail: string;
}

export interface MergeVerification {
  readonly problems: readonly MergeProblem[];
  /** Rows of sources and of the target that were compared. */
  readonly rows: number;
  readonly notVerified: MergeResult['notVerified'];
}
