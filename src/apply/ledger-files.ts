/** Where the ledgers of a run lie: one per merge, in its folder (`docs/ledger.md`). */
import type { RunId } from './model.ts';

export function ledgerName(action: string): string {
  return `ledger-${action}.db`;
}

export function ledgerPath(state: { readonly runs: string }, run: RunId, action: string): string {
  return `${state.runs}/${run}/${ledgerName(action)}`;
}
