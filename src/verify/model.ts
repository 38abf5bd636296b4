/** What a verification is given and gives. It compares with the state before, never with perfection. */
import type { ActionOutcome, DecisionTaken, LeftPlace, NotVerified, Structure, VerifyFinding } from '../apply/model.ts';
import type { CheckOutcome } from '../checks/model.ts';
import type { RecordedPath } from '../disk/paths.ts';
import type { ExportSpec } from '../exports/model.ts';
import type { DeclaredResult } from '../merge/declared/model.ts';
import type { MergeResult, MergeSpec, MergeVerification } from '../merge/model.ts';
import type { SettledMerge } from '../merge/settle/model.ts';
import type { CodeSnapshot } from '../plan/code-snapshot.ts';

export const ABOUT = 'about.json';

/** `about.json` of a run: what was measured when it began, and what it was about. Written once, before the run. */
export interface AboutRun {
  readonly version: 1;
  /** What code referred to and opened. */
  readonly code: CodeSnapshot;
  readonly structure: Structure;
  /** Names of the plan. */
  readonly asked: { readonly checks: readonly string[]; readonly measures: readonly string[] };
  /** What its checks said before, of those that were run. */
  readonly checks: readonly CheckOutcome[];
  readonly actions: readonly ActionOutcome[];
  readonly decisions: readonly DecisionTaken[];
  readonly left: readonly LeftPlace[];
  readonly notVerified: readonly NotVerified[];
  /** Files that go and have other names. */
  readonly severalNames?: readonly RecordedPath[];
  /** What was merged into one store each. */
  readonly merges?: readonly AboutMerge[];
  /** Declared exports that were there, and those that the run made. */
  readonly exports?: readonly AboutExport[];
}

export interface AboutExport {
  readonly name: string;
  readonly path: string;
  readonly spec: ExportSpec;
  readonly made: boolean;
  /** The plan would have made it, and was told not to. */
  readonly left: boolean;
  /** It said what its table said before the run. */
  readonly equal: boolean;
  /** Name of the content in the vault that its store has when the run is done; `null`: it is not there. */
  readonly store: string | null;
}

/** A declared export whose file is there, compared with its table. */
export interface VerifiedExport {
  readonly name: string;
  readonly path: string;
  readonly is: 'equal' | 'differs' | 'not verified';
  /** Where it differs, without values; why it was not compared. */
  readonly why: string | null;
  /** Why the run is not to blame: it differed before, the plan left it, its table was written to since. `null`: it is. */
  readonly excuse: 'before' | 'left' | 'since' | 'cannot tell' | null;
}

export interface AboutMerge {
  readonly action: string;
  readonly target: string;
  /** Name of its ledger in the folder of the run. */
  readonly ledger: string;
  readonly spec: MergeSpec;
  /** Names of the contents in the vault that were merged, sources in the order of the specification. `null`: the target was not there. */
  readonly snapshots: { readonly target: string | null; readonly sources: readonly string[] };
  /** Name of the content that was made of them. */
  readonly merged: string;
  readonly result: MergeResult;
  /** Tables that code declared itself, and what was known of them when the merge was made: reviewed. */
  readonly declared?: DeclaredResult;
  /** The earlier merge whose values won after all. Absent: stores were merged. */
  readonly settles?: SettledMerge;
  /** The merge of this run whose rows it follows. Absent: stores were merged. */
  readonly follows?: string;
}

/** What a merge came to, read from the data again. `null`: it could not be. */
export interface VerifiedMerge {
  readonly about: AboutMerge;
  readonly verification: MergeVerification | null;
  readonly why?: string;
  /** What the code as it is now would not take of the merged rows. */
  readonly declared?: DeclaredResult;
}

export type BeforeRun = Pick<AboutRun, 'code' | 'structure'>;

/** One part of a verification. */
export interface Judged {
  readonly findings: readonly VerifyFinding[];
  readonly notVerified: readonly NotVerified[];
}

export function together(parts: readonly Judged[]): Judged {
  return {
    findings: parts.flatMap(({ findings }) => findings),
    notVerified: parts.flatMap(({ notVerified }) => notVerified),
  };
}
