/** A plan: what shall become of the project. It holds no hash, no hunk and no row; the format is that of `docs/plan-file.md`. */

import type { MergeTable } from '../merge/settings.ts';

export interface Plan {
  readonly version: 1;
  readonly plan: string;
  readonly decisions: readonly Decision[];
  readonly actions: readonly Action[];
  /** What was found and is not proposed, with the reason; generated. */
  readonly left: readonly Left[];
  /** Names from `desprawl.yaml`. */
  readonly checks: readonly string[];
  readonly measures: readonly string[];
  readonly policy: Policy;
  readonly approvals: readonly Approval[];
}

/** What differs from `desprawl.yaml` for this plan. */
export interface Policy {
  readonly requireApproval?: boolean;
  readonly target?: string;
  readonly keep?: readonly string[];
  readonly docs?: boolean;
}

export interface Approval {
  readonly by: string;
  readonly at: string;
  /** The plan's. */
  readonly hash: string;
  /** The lock's digest of all hunks. */
  readonly code: string;
}

export interface Decision {
  readonly id: string;
  readonly question: string;
  readonly evidence: readonly string[];
  /** Choice → what it would do. */
  readonly choices: Readonly<Record<string, string>>;
  readonly proposal: string | null;
  readonly chosen: string | null;
}

export type Risk = 'low' | 'medium' | 'high';

interface EveryAction {
  readonly id: string;
  readonly reason: string;
  /** The code of the finding that it is proposed for. */
  readonly finding: string | null;
  readonly after: readonly string[];
  /** Decisions that must be answered, each with the choices that this action is a part of. */
  readonly needs: readonly Need[];
  readonly skip: boolean;
  readonly phase: number;
  readonly owner?: string;
  readonly due?: string;
  readonly docs: boolean;
  /** What of a pattern or folder is meant; `null`: all that it matched when it was measured. A number: counted, complete in the lock. */
  readonly files: readonly string[] | number | null;
  /** Paths that a pattern matches and that stay. */
  readonly except: readonly string[];
  readonly references: string | null;
  readonly left: readonly Left[];
  readonly undo: string;
  readonly takes: string;
  readonly risk: Risk;
  readonly risks: readonly string[];
  /** Why nothing is left to do; `null`: something is. */
  readonly done: string | null;
  /** Why it cannot be applied as it stands; `null`: it can. */
  readonly blocked: string | null;
}

export interface Need {
  readonly decision: string;
  readonly choices: readonly string[];
}

/** A place that names what moved and is not edited, with the reason. */
export interface Left {
  readonly path: string;
  readonly line?: number;
  readonly why: string;
}

/** Subjects are paths relative to the project, or patterns as in `.gitignore`. */
export interface Archive extends EveryAction {
  readonly kind: 'archive';
  readonly subject: string;
  /** `null`: the vault. */
  readonly to: string | null;
}

export interface Move extends EveryAction {
  readonly kind: 'move';
  readonly subject: string;
  readonly to: string;
}

export interface RemoveAction extends EveryAction {
  readonly kind: 'remove';
  readonly subject: string;
  /** What holds the same and stays. */
  readonly because: string | null;
}

export interface Repoint extends EveryAction {
  readonly kind: 'repoint';
  readonly subject: string;
  readonly to: string;
  /** Only these files; `null`: all. */
  readonly in: readonly string[] | null;
}

export interface Untrack extends EveryAction {
  readonly kind: 'untrack';
  readonly subject: string;
}

export interface Ignore extends EveryAction {
  readonly kind: 'ignore';
  readonly subject: string;
  readonly file: string;
}

export interface Block extends EveryAction {
  readonly kind: 'block';
  readonly subject: string;
}

export interface WriteFile extends EveryAction {
  readonly kind: 'write-file';
  readonly subject: string;
  readonly content: string | null;
  readonly template: string | null;
}

/** Stores become one: the subject is the target, which may be one that is not there yet. */
export interface Merge extends EveryAction {
  readonly kind: 'merge';
  readonly subject: string;
  /** Paths of the sources. */
  readonly from: readonly string[];
  /** By name. */
  readonly tables: readonly MergeTable[];
  /** `table`: the id map is kept in the target too. */
  readonly 'id-map': string | null;
}

/** The subject is the file of an export that `desprawl.yaml` declares. */
export interface ExportAction extends EveryAction {
  readonly kind: 'export';
  readonly subject: string;
}

/** Values that lost in an earlier merge into the subject win after all. */
export interface Settle extends EveryAction {
  readonly kind: 'settle';
  readonly subject: string;
  /** The run whose ledger has both values. */
  readonly run: string;
  /** Its action. */
  readonly of: string;
  /** As `merge/settle/words.ts` has them. */
  readonly values: readonly string[];
  /** What would come of each; generated. */
  readonly rows: readonly string[];
}

/** Ids in the subject, a store that stays apart, follow the rows that a merge moves. */
export interface Follow extends EveryAction {
  readonly kind: 'follow';
  readonly subject: string;
  /** The action that merges. */
  readonly of: string;
  /** As `merge/follow/words.ts` has them. */
  readonly ids: readonly string[];
  /** What would come of each; generated. */
  readonly rows: readonly string[];
}

export type ActionKind = Action['kind'];
export type Action =
  | Archive
  | Move
  | RemoveAction
  | Repoint
  | Untrack
  | Ignore
  | Block
  | WriteFile
  | Merge
  | ExportAction
  | Settle
  | Follow;
