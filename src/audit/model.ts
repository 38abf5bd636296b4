/** What the audit concludes: comparisons, groups, findings. Plain data; reports are functions of `Audit`. */
import type { ThreeWay } from '../rows/three-way.ts';
import type { FileFamily, GitState, Lookalike, Store } from '../stores/model.ts';
import type { Code } from './code-model.ts';

export type Relation = 'identical' | 'subset' | 'superset' | 'diverged' | 'disjoint' | 'unrelated';

/** How two cells are made comparable; never changes what is stored (trap R8). */
export type Normaliser = 'exact' | 'number' | 'text' | 'uuid' | 'timestamp' | 'email' | 'boolean';

export interface ColumnPair {
  readonly a: string;
  readonly b: string;
  /** `name`: same name (case and `_` aside). `content`: other name, same values. */
  readonly via: 'name' | 'content';
  readonly normaliser: Normaliser;
  /** Rows matched by the identity whose cells differ here. */
  readonly conflicting: number;
}

/** One way to recognise the same entity on both sides, and how well it holds. */
export interface KeyEvidence {
  readonly columns: readonly string[];
  /** `primary-key`, `unique`: declared on at least one side. `natural`: found in the data. `row`: whole rows, as a multiset. */
  readonly kind: 'primary-key' | 'unique' | 'natural' | 'row';
  readonly surrogate: boolean;
  /** Rows that find a partner. */
  readonly matched: number;
  /** Of those, rows whose other columns agree well enough to be the same entity. */
  readonly agreeing: number;
  readonly chosen: boolean;
  /** In words: why it was or was not chosen. */
  readonly why: string;
}

export interface TableRef {
  readonly store: string;
  readonly table: string;
}

/** Two tables that hold the same kind of rows. `relation` reads "a is a … of b". */
export interface TableComparison {
  readonly a: TableRef;
  readonly b: TableRef;
  readonly relation: Relation;
  readonly rowsA: number;
  readonly rowsB: number;
  /** Matched by identity, every compared column equal. */
  readonly same: number;
  readonly onlyA: number;
  readonly onlyB: number;
  /** Matched by identity, at least one compared column differs. */
  readonly conflicting: number;
  /** Rows of a that match two different rows of b through two keys (trap R18). */
  readonly ambiguous: number;
  /** Ids held by both sides whose rows are different entities (trap R1). */
  readonly idCollisions: number;
  /** Rows that are one entity and carry different surrogate ids (trap R2); not counted as conflicts. Absent: none. */
  readonly renumbered?: number;
  readonly keys: readonly KeyEvidence[];
  readonly columns: readonly ColumnPair[];
  readonly columnsOnlyA: readonly string[];
  readonly columnsOnlyB: readonly string[];
  /** `sample`: numbers are of `sampledRows` rows and say *likely* at most. */
  readonly method: 'exact' | 'digest' | 'sample';
  readonly sampledRows?: number;
}

export type StoreRelationKind =
  | 'copy'
  | 'subset'
  | 'superset'
  | 'diverged'
  | 'older-generation'
  | 'newer-generation'
  | 'disjoint';

/** Two stores that share at least one twin table. `kind` reads "a is a … of b". */
export interface StoreRelation {
  readonly a: string;
  readonly b: string;
  readonly kind: StoreRelationKind;
  /** Same bytes. */
  readonly byteEqual: boolean;
  readonly exact: boolean;
  /** Rows found nowhere in the other store. */
  readonly onlyA: number;
  readonly onlyB: number;
  readonly conflicting: number;
  readonly tables: readonly TableComparison[];
}

/** Stores that hold generations, copies or rivals of one body of data. */
export interface StoreGroup {
  readonly id: string;
  readonly stores: readonly string[];
  /** The store elected as the source of truth, if the evidence elects one. */
  readonly primary: string | null;
  readonly candidates: readonly {
    readonly store: string;
    readonly score: number;
    readonly reasons: readonly string[];
  }[];
}

/** What became of the rows of one table since the earlier state. */
export interface AncestorTable extends ThreeWay {
  readonly table: string;
}

/** An earlier common state of two diverged stores. */
export interface Ancestor {
  readonly a: string;
  readonly b: string;
  /** A store of the project, or `path@commit`. */
  readonly from: string;
  readonly commit?: string;
  readonly at: string;
  readonly tables: readonly AncestorTable[];
}

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'good';
/** `proven`: measured on every row; would be wrong only if the files changed. */
export type Confidence = 'proven' | 'likely' | 'possible';

export interface Place {
  readonly path: string;
  readonly line?: number;
}

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** One sentence that a person understands without the rest. No row values. */
  readonly message: string;
  readonly at: readonly Place[];
  readonly stores?: readonly string[];
  readonly tables?: readonly TableRef[];
  /** Measured facts behind the message, each a short line. */
  readonly evidence: readonly string[];
  /** What happens if it is left as it is. */
  readonly consequence: string;
  /** What can be done. */
  readonly action: string;
  /** Arguments of the desprawl command that shows more. */
  readonly command?: readonly string[];
  /** Stable between runs and machines: code + places + tables, not counts. Hex. */
  readonly fingerprint: string;
}

export interface ProjectSummary {
  readonly name: string;
  /** Absolute, for the terminal; left out of shareable reports. */
  readonly root: string;
  readonly git: { readonly head: string | null; readonly branch: string | null } | null;
  readonly files: number;
  readonly bytes: number;
  /** Folders that were recognised as vendored or generated and not searched, with the files they hold. */
  readonly skipped: readonly { readonly path: string; readonly why: string; readonly files: number }[];
  /** Folders and files that could not be listed or read at all. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
}

/** What the detectors see: measured facts only. */
export interface Facts {
  readonly project: ProjectSummary;
  readonly stores: readonly Store[];
  readonly lookalikes: readonly Lookalike[];
  readonly families: readonly FileFamily[];
  readonly relations: readonly StoreRelation[];
  /** Pairs of stores that could not be compared. */
  readonly notCompared: readonly { readonly a: string; readonly b: string; readonly why: string }[];
  readonly groups: readonly StoreGroup[];
  readonly ancestors: readonly Ancestor[];
  readonly code: Code;
  /** Current time, ms since the epoch. */
  readonly now: number;
}

export interface Audit extends Facts {
  readonly version: 1;
  readonly findings: readonly Finding[];
  /** Seconds, and how much came from the cache. */
  readonly took: { readonly seconds: number; readonly cachedStores: number };
}

/** Texts of one code, for `desprawl explain` and docs/findings.md. */
export interface FindingDoc {
  readonly code: string;
  readonly title: string;
  /** Highest severity it is reported with. */
  readonly severity: Severity;
  /** When it is reported. */
  readonly when: string;
  /** What happens if it is left. */
  readonly why: string;
  /** What can be done. */
  readonly fix: string;
  /** What it deliberately does not report. */
  readonly not: string;
}

export interface Detector {
  readonly doc: FindingDoc;
  detect(facts: Facts): readonly Omit<Finding, 'code' | 'fingerprint'>[];
}

export type { FileFamily, GitState, Lookalike, Store };
