/** Values of a merge that runs in force settled otherwise since: what its ledger says of them was so then. */
import type { SettledSince } from '../merge/ledger/documents.ts';
import { readWish } from '../merge/settle/words.ts';
import { knownRuns } from './known-runs.ts';
import { inForce, type LedgerGround, mergesOf } from './which-ledger.ts';

/** Of one column of a merge. */
export type SettledOf = (action: string, table: string, column: string) => readonly SettledSince[];

export function settledSince(ground: LedgerGround, run: string): SettledOf {
  const later = knownRuns(ground.disk, ground.state)
    .runs.filter((one) => one.header.kind === 'apply' && inForce(one))
    .reverse()
    .flatMap((one) =>
      mergesOf(ground, one).flatMap((about) => (about.settles?.run === run ? [{ of: one.id, about }] : [])),
    );
  return (action, table, column) =>
    later.flatMap(({ of, about }) =>
      about.settles?.action !== action
        ? []
        : about.result.parts.flatMap(({ sourceTable, table: own, differs, changed, conflicts }): SettledSince[] => {
            const wish = readWish(sourceTable);
            if (wish === null || own !== table || differs[column] === undefined) return [];
            const rows = Math.min(changed, conflicts);
            return rows === 0 ? [] : [{ run: of, from: wish.from, rows }];
          }),
    );
}
