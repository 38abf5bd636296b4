/**
 * What a plan is made and compiled from: the audit, and ports that say what is at a path. Whoever measures passes them in, so that
 * planning opens nothing itself and later phases are compiled on the project as earlier ones would leave it.
 */
import type { Audit } from '../audit/model.ts';
import type { Config } from '../config/config.ts';
import type { PathState } from '../disk/path-state.ts';
import type { MergePort } from '../merge/propose/model.ts';
import type { IndexEntry } from '../steps/step.ts';
import type { GitState } from '../stores/model.ts';
import type { ExportPort } from './export-port.ts';
import type { FollowPort } from './follow-port.ts';
import type { ProjectChanges } from './overlay.ts';
import type { Planned, Unplanned } from './prove.ts';
import type { SettlePort } from './settle-port.ts';

export interface Measured {
  readonly audit: Audit;
  readonly config: Config;
  /** Every file of the project that was looked at, sorted. */
  readonly paths: readonly string[];
  /** What is at a path, on the disk or as earlier phases leave it. Measured when asked and remembered. */
  stateOf(path: string): PathState;
  /** Bytes of a file. Throws where there is none. */
  read(path: string): Buffer;
  /** Names in a folder, also of what was not looked at; none where there is no folder. */
  namesIn(folder: string): readonly string[];
  /** `null`: the project is in no repository. */
  readonly git: MeasuredGit | null;
  /** What the code of the project as it would be does that was not planned. Left out where nobody asks. */
  prove?(asked: Proving): Promise<readonly Unplanned[]>;
  /** What merging needs beyond the audit, and what would come of one. Left out where nobody merges: then no merge can be applied. */
  readonly merging?: MergePort;
  /** Ids of merged rows in stores that stay apart. Left out where nobody merges. */
  readonly following?: FollowPort;
  /** What making an export anew would come to. Left out where nobody exports: then none can be made. */
  readonly exporting?: ExportPort;
  /** What earlier merges left to settle. Left out where no ledger is at hand: then nothing can be settled. */
  readonly settling?: SettlePort;
}

export interface Proving {
  /** Equal for equal questions: each is answered once. */
  readonly key: string;
  readonly changes: ProjectChanges;
  readonly planned: Planned;
}

export interface MeasuredGit {
  /** Absolute: an index may lie outside the project. */
  readonly index: string;
  /** Of the project in the work tree: empty, or ending with `/`. */
  readonly prefix: string;
  stateOf(path: string): GitState;
  /** Asks the rules, also for a path that is not there yet. */
  ignores(path: string): boolean;
  /** `null`: not in the index. */
  entryOf(path: string): IndexEntry | null;
}
