/** Rival stores at different schema levels (trap S17). Compares the names of applied migrations, never migration files. */
import type { MigrationLedger, Store } from '../../stores/model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { standings } from '../standing.ts';
import { count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const migrationDrift: Detector = {
  doc: {
    code: 'migration-drift',
    title: 'Rival stores are at different schema levels',
    severity: 'medium',
    when: 'Stores in use that are versions of one body of data carry a ledger of the same migration system with different applied migrations. One finding per group and system.',
    why: 'The program that opens the older one fails or, worse, migrates it on start. Merging across schema levels needs the rows of the older one brought up first.',
    fix: 'Find out which level the code expects, bring copies of the others up to it with the project’s own migrator, and compare again.',
    not: 'Backups, which are older by nature; stores that have nothing else in common; pending migrations of a single store.',
  },
  detect(facts) {
    return [...groupsOf(facts)].flatMap((stores) => {
      const ledgers = stores.flatMap((store) => store.migrations.map((ledger) => ({ store, ledger })));
      return [...groupBy(ledgers, ({ ledger }) => ledger.system)].flatMap(([system, entries]) =>
        new Set(entries.map(({ ledger }) => ledger.digest)).size < 2 ? [] : [describe(system, entries)],
      );
    });
  },
};

/** Stores in use that are connected by a standing: versions of one body of data. */
function groupsOf(facts: Facts): Iterable<readonly Store[]> {
  const members = new Map<string, Set<Store>>();
  for (const { store, against } of standings(facts)) {
    if (store.role !== 'live' || against.role !== 'live') continue;
    const joined = new Set([...(members.get(store.id) ?? [store]), ...(members.get(against.id) ?? [against])]);
    for (const { id } of joined) members.set(id, joined);
  }
  return [...new Set(members.values())].map((group) => [...group].sort((x, y) => (x.id < y.id ? -1 : 1)));
}

function describe(
  system: string,
  entries: readonly { readonly store: Store; readonly ledger: MigrationLedger }[],
): Draft {
  const ids = [...new Set(entries.map(({ store }) => store.id))];
  const levels = entries.map(({ ledger }) => ledger.entries);
  const [least, most] = [Math.min(...levels), Math.max(...levels)];
  const span = least === most ? `${count(most, 'migration')} each, but not the same` : `${least} to ${most} migrations`;
  return {
    severity: 'medium',
    confidence: 'proven',
    message: `${list(ids)} are at different ${system} levels (${span}).`,
    at: ids.map((path) => ({ path })),
    stores: ids,
    tables: entries.map(({ store, ledger }) => ({ store: store.id, table: ledger.table })),
    evidence: entries
      .slice(0, 8)
      .map(
        ({ store, ledger }) =>
          `${store.id}: ${count(ledger.entries, 'migration')}${ledger.latest === null ? '' : `, latest ${ledger.latest}`}`,
      ),
    consequence: 'Code that fits one of them fails on the other, or changes its schema on start.',
    action: `Decide which level counts before rows are brought together.`,
    ...diffCommand(ids[0], ids[1]),
  };
}
