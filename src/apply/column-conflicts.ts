/** Differences of all merges of a run, column by column: how many, who won by what, and which decision said so. */
import type { ColumnConflict, LedgerMerge } from '../merge/ledger/documents.ts';
import { differDecision } from '../plan/differ-decision.ts';
import type { Plan } from '../plan/model.ts';
import type { SettledOf } from './settled-since.ts';

/** Rules that no policy is behind. */
const FIXED = new Set(['ancestor', 'key', 'would-change', 'unsettled']);

export function columnConflicts(
  merges: readonly LedgerMerge[],
  plan: Plan | null,
  settledOf: SettledOf,
): readonly ColumnConflict[] {
  return merges.flatMap(({ action, target, tables }) =>
    tables.flatMap(({ table, parts }) => {
      const lines = parts.flatMap(({ store, differs }) => differs.map((one) => ({ store, ...one })));
      return [...new Set(lines.map(({ column }) => column))].map((column): ColumnConflict => {
        const by = lines.filter((one) => one.column === column).map(({ column: _column, ...one }) => one);
        const decided = by.some(({ rule }) => !FIXED.has(rule));
        return {
          action,
          target,
          table,
          column,
          rows: by.reduce((sum, { rows }) => sum + rows, 0),
          by,
          settled: settledOf(action, table, column),
          decision: decided && plan !== null ? (differDecision(plan, action, table, column)?.id ?? null) : null,
        };
      });
    }),
  );
}
