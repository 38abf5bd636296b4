/**
 * Tables of several stores that hold the same entities with different values (traps R2, R4): each table once, with all
 * stores that disagree. Says how many rows and in which columns; never a value, never who is right.
 * Whole, since counting and wording look at the same pairs.
 */
import { type CredentialColumn, credentialColumns, isCredential } from '../credentials.ts';
import type { Detector, Facts, TableComparison } from '../model.ts';
import { clusterTables, joinByStores, liveComparisons, type TableCluster } from '../table-clusters.ts';
import { amongSampled, count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const conflictingTwin: Detector = {
  doc: {
    code: 'conflicting-twin',
    title: 'Stores disagree about the same rows',
    severity: 'critical',
    when: 'Tables of different stores in use, of one name or not, hold the same entities (matched by a key that holds up in the data), and some of them differ in a column. One finding per table with all its stores; more than five tables of the same stores that hold no credentials are told together. Critical where a password hash or token differs, low where only times differ.',
    why: 'Each program believes its own version. Where the password differs, a person can log in to one of them and not to the other.',
    fix: '`desprawl diff A B --table T` counts per column (`--show-values` shows the rows). Decide per column which store is right, then keep one of the tables.',
    not: 'Backups and exports, which are older by nature (see backup-residue, stale-export); rows that only one side has (see diverged-store); values that differ only in spelling, such as a dashed and a plain UUID.',
  },
  detect(facts) {
    const secrets = facts.stores.flatMap(credentialColumns);
    const clusters = clusterTables(liveComparisons(facts).filter(({ conflicting }) => conflicting > 0));
    return gather(clusters, secrets).map((cluster) => describe(cluster, secrets, facts));
  },
};

/** From here on a table is not news any more, unless it has to do with logging in. */
const MANY = 5;

function gather(clusters: readonly TableCluster[], secrets: readonly CredentialColumn[]): readonly TableCluster[] {
  const plain = clusters.filter((cluster) => credentialConflicts(cluster, secrets).length === 0);
  return joinByStores(plain)
    .flatMap((joined) => {
      const parts = plain.filter(({ stores }) => stores.join('\n') === joined.stores.join('\n'));
      return parts.length > MANY ? [joined] : parts;
    })
    .concat(clusters.filter((cluster) => !plain.includes(cluster)));
}

/** Rows per column over all pairs of the cluster: the largest number any pair has. */
function conflictsPerColumn({ comparisons }: TableCluster): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const { a, columns } of comparisons) {
    const several = new Set(comparisons.map((one) => one.a.table)).size > 1;
    for (const column of columns) {
      if (column.conflicting === 0) continue;
      const name = several ? `${a.table}.${column.a}` : column.a;
      most.set(name, Math.max(most.get(name) ?? 0, column.conflicting));
    }
  }
  return new Map([...most].sort(([x, n], [y, m]) => m - n || (x < y ? -1 : 1)));
}

function credentialConflicts({ comparisons }: TableCluster, secrets: readonly CredentialColumn[]): readonly string[] {
  return comparisons.flatMap(({ a, b, columns }) =>
    columns
      .filter(({ conflicting }) => conflicting > 0)
      .filter((pair) => {
        const at = (store: string): readonly CredentialColumn[] => secrets.filter((one) => one.store === store);
        return isCredential(at(a.store), a.table, pair.a) || isCredential(at(b.store), b.table, pair.b);
      })
      .map((pair) => pair.a),
  );
}

/** Does every conflicting column hold times? Then the stores disagree about when, not about what. */
function onlyTimes({ comparisons }: TableCluster, { stores }: Facts): boolean {
  const times = ['timestamp-t', 'timestamp-space', 'date', 'epoch-s', 'epoch-ms'];
  return comparisons.every(({ a, columns }) => {
    const table = stores.find(({ id }) => id === a.store)?.tables.find(({ name }) => name === a.table);
    return columns
      .filter(({ conflicting }) => conflicting > 0)
      .every((pair) => times.includes(table?.columns.find(({ name }) => name === pair.a)?.profile?.shape ?? ''));
  });
}

function describe(cluster: TableCluster, secrets: readonly CredentialColumn[], facts: Facts): Draft {
  const { comparisons, stores, names, tables } = cluster;
  const login = [...new Set(credentialConflicts(cluster, secrets))];
  const columns = [...conflictsPerColumn(cluster)];
  const rows = Math.max(...comparisons.map(({ conflicting }) => conflicting));
  const pairs = new Set(comparisons.map(({ a, b }) => `${a.table}\n${b.table}`));
  const total =
    pairs.size > 1 && stores.length === 2 ? comparisons.reduce((sum, { conflicting }) => sum + conflicting, 0) : rows;
  const upTo = stores.length > 2 ? 'up to ' : '';
  const who = stores.length > 2 ? `${stores.length} files disagree` : `${list(stores)} disagree`;
  const where = list(columns.map(([name, n]) => `${name} ${n.toLocaleString('en-US')}`));
  const first = comparisons[0];
  const sampled = amongSampled(comparisons.filter(({ conflicting }) => conflicting > 0));
  return {
    severity: login.length > 0 ? 'critical' : onlyTimes(cluster, facts) ? 'low' : 'high',
    confidence: comparisons.every(({ method }) => method !== 'sample') ? 'proven' : 'likely',
    message: `${list(names, 3)}: ${who} about ${upTo}${count(total, 'row')}${sampled} (${where}).`,
    at: stores.map((path) => ({ path })),
    stores,
    tables,
    evidence: [...comparisons]
      .sort((x, y) => y.conflicting - x.conflicting)
      .slice(0, 8)
      .map(line)
      .concat(ancestry(cluster, facts)),
    consequence:
      login.length > 0
        ? `Who logs in where these rows differ (${list(login)}) is refused by one of the programs, and nobody sees why.`
        : 'Programs show and change different versions of the same thing; bringing the stores together by hand loses one of them.',
    action: `Decide per column which store is right; none of them may go before.`,
    ...diffCommand(first?.a.store, first?.b.store, first?.a.table),
  };
}

function line({
  a,
  b,
  conflicting,
  same,
  idCollisions,
  ambiguous,
  columns,
  keys,
  method,
  sampledRows,
}: TableComparison): string {
  const key = keys.find(({ chosen }) => chosen)?.columns.join(' + ');
  const differing = columns
    .filter((pair) => pair.conflicting > 0)
    .map((pair) => `${pair.a} ${pair.conflicting.toLocaleString('en-US')}`);
  const name = a.table === b.table ? a.table : `${a.table} / ${b.table}`;
  return [
    `${name}, ${a.store} and ${b.store}${key === undefined ? '' : ` by ${key}`}: ${conflicting.toLocaleString('en-US')} of ${count(conflicting + same, 'shared row')} ${conflicting === 1 ? 'differs' : 'differ'} (${list(differing, 6)})`,
    ...(idCollisions > 0 ? [`${count(idCollisions, 'id')} held by both for different rows`] : []),
    ...(ambiguous > 0 ? [`${count(ambiguous, 'row matches', 'rows match')} two others through two keys`] : []),
    ...(method === 'sample' ? [`of ${count(sampledRows ?? 0, 'sampled row')}`] : []),
  ].join('; ');
}

/** Where an earlier common state is known: rows that both sides changed, each in its way. */
function ancestry({ comparisons }: TableCluster, { ancestors }: Facts): readonly string[] {
  return comparisons.flatMap(({ a, b }) =>
    ancestors
      .filter((one) => (one.a === a.store && one.b === b.store) || (one.a === b.store && one.b === a.store))
      .flatMap(({ from, tables }) =>
        tables
          .filter(({ table, changedInBoth }) => changedInBoth > 0 && (table === a.table || table === b.table))
          .map(
            ({ table, changedInBoth }) => `${table}: ${count(changedInBoth, 'row')} of ${from} changed in both since`,
          ),
      ),
  );
}
