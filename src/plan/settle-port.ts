/** What planning needs to know of values that shall win after all. Whoever plans is given it: planning opens nothing itself. */
import type { SettledMerge, SettledValues } from '../merge/settle/model.ts';
import type { SettleWish } from '../merge/settle/words.ts';
import type { Staged } from '../merge/values/model.ts';

export interface SettleAsked {
  /** The store that was merged into. */
  readonly target: string;
  readonly merge: SettledMerge;
  readonly wishes: readonly SettleWish[];
}

/** In the order of the wishes. */
export type SettleTried = Staged<{ readonly values: readonly SettledCount[] }>;

export interface SettledCount extends SettledValues {
  /** Of the rows, those that the constraints of the store do not let have it. */
  readonly refused: number;
}

export interface SettlePort {
  /** Each once. Reads the ledger of the run, and the store as it is. */
  tryOut(asked: SettleAsked): Promise<SettleTried>;
}
