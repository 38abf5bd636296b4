/** Tables that share a name and nothing else (trap R5): a warning to whoever merges by name. */
import type { Detector } from '../model.ts';
import { clusterTables, joinByStores, liveComparisons } from '../table-clusters.ts';
import { count, list } from '../wording.ts';

export const sameNameUnrelated: Detector = {
  doc: {
    code: 'same-name-unrelated',
    title: 'Tables of one name hold different things',
    severity: 'low',
    when: 'Stores in use have a table of the same name with rows in it, and neither columns nor values have enough in common. One finding per set of stores.',
    why: 'A script that merges by table name mixes them, and INSERT OR IGNORE hides that it did.',
    fix: 'Nothing has to be done. Keep them apart in any consolidation; a clearer name for one of them helps.',
    not: 'Empty tables, backups, fixtures, stores of other programs, exports.',
  },
  detect(facts) {
    const unrelated = liveComparisons(facts).filter(({ relation }) => relation === 'unrelated');
    return joinByStores(clusterTables(unrelated)).map(({ names, stores, tables, comparisons }) => ({
      severity: 'low',
      confidence: 'likely',
      message: `${list(names)} in ${list(stores)} share ${names.length === 1 ? 'a name' : 'their names'} and nothing else.`,
      at: stores.map((path) => ({ path })),
      stores,
      tables,
      evidence: comparisons.slice(0, 8).map(({ a, b, columnsOnlyA, columnsOnlyB, columns }) => {
        const own = (names: readonly string[]): string =>
          names.length === 0 ? 'no column of its own' : list(names, 5);
        return `${a.table}: ${count(columns.length, 'column')} matched; ${a.store} has ${own(columnsOnlyA)}, ${b.store} has ${own(columnsOnlyB)}`;
      }),
      consequence: 'None until somebody merges the stores by table name.',
      action: 'Leave them apart.',
    }));
  },
};
