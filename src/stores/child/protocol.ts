/** What the parent asks of a child process and gets back. One request at a time per child. */

import type { LostRequest } from '../../exports/lost-rows.ts';
import type { Compared, ExportSpec, Lost, Refused, Written } from '../../exports/model.ts';
import type { LedgerStores } from '../../merge/carry/ledger-stores.ts';
import type { LaterRequest, LaterResult } from '../../merge/carry/model.ts';
import type { SmokeRequest, Tried } from '../../merge/declared/model.ts';
import type { StagedFollowed, StageFollowedRequest } from '../../merge/follow/model.ts';
import type {
  IdMapPart,
  IdMapRequest,
  LedgerBalance,
  LedgerRow,
  LedgerRowsRequest,
} from '../../merge/ledger/documents.ts';
import type { LookUpRequest } from '../../merge/look-up.ts';
import type { MergeRequest, MergeResult, MergeVerification } from '../../merge/model.ts';
import type { StagedSettled, StageSettledRequest } from '../../merge/settle/model.ts';
import type { ShareResult } from '../../merge/verify/share.ts';
import type { ShareRequest, VerifyRequest } from '../../merge/verify/verify-merge.ts';
import type { CompareOptions } from '../../rows/compare-sql.ts';
import type { Comparison } from '../../rows/compare-tables.ts';
import type { Link } from '../../rows/links.ts';
import type { Slice, Work } from '../../rows/parts.ts';
import type { Reference } from '../../rows/references.ts';
import type { SampleOptions, TableSamples } from '../../rows/sample-values.ts';
import type { ThreeWay, ThreeWayInput } from '../../rows/three-way.ts';
import type { SqliteFacts, StoreKind, Table, UnreadableReason } from '../model.ts';
import type { Contents, ReadOptions } from '../reader.ts';
import type { CopyFacts, WholeCheck } from '../sqlite/describe-copy.ts';
import type { ExpectedRows } from '../sqlite/expect-rows.ts';
import type { HoldAnswer } from '../sqlite/hold.ts';

/** A file that a child may open as it is. */
export interface Source {
  readonly file: string;
  readonly kind: Exclude<StoreKind, 'unknown'>;
}

export interface Requests {
  /** Reads a store. `settle`: it is a private copy with sidecars, which SQLite recovers first. */
  readonly contents: { readonly source: Source; readonly settle: boolean; readonly options: ReadOptions };
  readonly check: { readonly file: string };
  /** Writes all rows of a store into a new SQLite file, so that it can be compared inside SQLite. */
  readonly stage: { readonly source: Source; readonly tables: readonly Table[]; readonly to: string };
  /** Writes a SQLite file anew with its text in UTF-8, as it is declared, for what is attached to others. */
  readonly transcode: { readonly file: string; readonly to: string };
  /** Does one slice of the work on a large pair of tables and leaves the result in a new file. */
  readonly part: {
    readonly a: string;
    readonly b: string;
    readonly pair: { readonly a: Table; readonly b: Table };
    readonly options: CompareOptions;
    readonly work: Work;
    readonly slice: Slice;
    readonly to: string;
  };
  readonly compare: {
    readonly a: string;
    readonly b: string;
    /** `parts`: files of `part`. */
    readonly pairs: readonly { readonly a: Table; readonly b: Table; readonly parts?: readonly string[] }[];
    readonly options: CompareOptions;
    readonly samples?: SampleOptions;
  };
  readonly threeWay: {
    readonly a: string;
    readonly b: string;
    readonly c: string;
    readonly inputs: readonly ThreeWayInput[];
  };
  readonly references: { readonly file: string; readonly table: string; readonly tables: readonly Table[] };
  /** What columns refer to that no constraint declares; `others`: stores that may have the tables which this one lacks. */
  readonly links: {
    readonly file: string;
    readonly tables: readonly Table[];
    readonly others: readonly { readonly file: string; readonly tables: readonly Table[] }[];
  };
  /** Keeps all others out of the store until the child is killed. The only request to a child of its own. */
  readonly hold: { readonly file: string };
  /** Makes one file that opens by itself of a private copy with sidecars. */
  readonly recoverCopy: { readonly file: string };
  /** `whole`: with everything that SQLite can check. */
  readonly describeCopy: { readonly file: string; readonly whole: boolean };
  /** Gives a staged text file keys of the target's rows. */
  readonly lookUp: LookUpRequest;
  /** Writes ids of a store that stays apart, as they are to be after a merge, with the keys of their rows into a new file. */
  readonly stageFollowed: StageFollowedRequest;
  /** Writes values that lost in an earlier merge, with the keys of their rows, into a new file. */
  readonly stageSettled: StageSettledRequest;
  /** Makes one file of many stores, and a ledger of every row. */
  readonly merge: MergeRequest;
  /** Compares every row of a merge with where its ledger says that it went. */
  readonly verifyMerge: VerifyRequest;
  /** Does one share of that. */
  readonly verifyShare: ShareRequest;
  /** Tables as code declares them, tried on the rows of a file. */
  readonly smokeOpen: SmokeRequest;
  /** One query of the owner on a private copy. */
  readonly expect: { readonly file: string; readonly sql: string; readonly limit: number };
  /** Rows written since a run: counted, kept aside, or carried back. */
  readonly later: LaterRequest;
  readonly ledgerStores: { readonly file: string };
  readonly ledgerBalance: { readonly file: string };
  readonly ledgerRows: LedgerRowsRequest;
  readonly idMaps: IdMapRequest;
  /** Writes an export of a snapshot into a new file. */
  readonly writeExport: { readonly file: string; readonly spec: ExportSpec; readonly to: string };
  readonly compareExport: { readonly file: string; readonly spec: ExportSpec; readonly exported: string };
  /** What a file has that the export in its place would not have. */
  readonly lostRows: LostRequest;
}

export interface Responses {
  readonly contents: Contents;
  readonly check: Pick<SqliteFacts, 'integrity' | 'integrityMessages' | 'fkViolations'>;
  readonly stage: { readonly rows: number };
  readonly transcode: { readonly rows: number };
  /** Rows without a partner. */
  readonly part: { readonly alone: number };
  readonly compare: readonly { readonly comparison: Comparison; readonly samples?: TableSamples }[];
  readonly threeWay: readonly ThreeWay[];
  readonly references: readonly Reference[];
  readonly links: readonly Link[];
  readonly hold: HoldAnswer;
  readonly recoverCopy: null;
  readonly describeCopy: CopyFacts & Partial<WholeCheck>;
  readonly lookUp: null;
  readonly stageFollowed: StagedFollowed;
  readonly stageSettled: StagedSettled;
  readonly merge: MergeResult;
  readonly verifyMerge: MergeVerification;
  readonly verifyShare: ShareResult;
  readonly smokeOpen: readonly (Tried | null)[];
  /** `error`: what SQLite says of the query. */
  readonly expect: ExpectedRows | { readonly error: string };
  readonly later: LaterResult;
  readonly ledgerStores: LedgerStores;
  readonly ledgerBalance: LedgerBalance;
  readonly ledgerRows: readonly LedgerRow[];
  readonly idMaps: readonly IdMapPart[];
  readonly writeExport: Written;
  readonly compareExport: Compared;
  readonly lostRows: Lost | Refused;
}

export type Op = keyof Requests;

export type Request = { readonly [K in Op]: { readonly op: K; readonly input: Requests[K] } }[Op];

export type Reply =
  | { readonly ok: true; readonly result: Responses[Op] }
  | { readonly ok: false; readonly reason: UnreadableReason; readonly message: string }
  | { readonly ok: false; readonly bug: string };
