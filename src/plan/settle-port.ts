/** What planning needs to know of values that shall win after all. Whoever plans is given it: planning opens nothing itself. */
import type { MergeSpec } from '../merge/model.ts';
import type { SettledMerge } from '../merge/settle/model.ts';
import type { SettleWish } from '../merge/settle/words.ts';

export interface SettleAsked {
  /** The store that was merged into. */
  readonly target: string;
  readonly merge: SettledMerge;
  readonly wishes: readonly SettleWish[];
}

export type SettleTried =
  | {
      readonly spec: MergeSpec;
      /** In the order of the wishes. */
      readonly values: readonly SettledCount[];
    }
  /** It cannot be done. */
  | { readonly why: string };

export interface SettledCount {
  readonly table: string;
  readonly columns: readonly string[];
  /** Rows that get the value. */
  readonly rows: number;
  /** Rows that were changed or deleted since the merge, and stay as they are. */
  readonly since: number;
  /** Rows that the constraints of the store do not let have it. */
  readonly refused: number;
}

export interface SettlePort {
  /** Each once. Reads the ledger of the run, and the store as it is. */
  tryOut(asked: SettleAsked): Promise<SettleTried>;
}
