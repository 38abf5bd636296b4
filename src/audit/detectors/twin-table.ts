/**
 * Tables that several stores keep for the same kind of rows, without contradiction and without the stores being copies
 * or rivals as a whole: that would be told as a story of stores.
 */
import type { Detector, Facts, TableComparison } from '../model.ts';
import { shared } from '../orient.ts';
import { standings } from '../standing.ts';
import { clusterTables, joinByStores, liveComparisons, type TableCluster } from '../table-clusters.ts';
import { amongSampled, count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const twinTable: Detector = {
  doc: {
    code: 'twin-table',
    title: 'The same kind of rows is kept in several stores',
    severity: 'medium',
    when: 'Tables of stores in use, of one name or not, share rows and contradict each other nowhere; or they have the same columns (four at least) and no row in common, which is only possible and low. One finding per set of stores.',
    why: 'Two places for one thing drift apart: each program adds to its own, and a question across both is answered by neither.',
    fix: 'Decide which table stays and let both programs use it. `desprawl diff A B --table T` shows what each side has.',
    not: 'Pairs already told as copy, subset or diverged store; tables with contradictions (see conflicting-twin); empty tables, migration ledgers, backups, fixtures, exports.',
  },
  detect(facts) {
    const told = storyOf(facts);
    const all = liveComparisons(facts).filter((table) => isTwin(table) && told(table.a.store) !== told(table.b.store));
    const twins = all.filter(({ conflicting }) => conflicting === 0);
    const [common, apart] = [twins.filter((table) => shared(table) > 0), twins.filter((table) => shared(table) === 0)];
    // Where some tables of two stores share rows, agreeing or not, those without are part of the same story.
    const known = clusterTables(all.filter((table) => shared(table) > 0)).map(({ stores }) => stores);
    const alone = apart.filter(
      ({ a, b }) => !known.some((stores) => stores.includes(a.store) && stores.includes(b.store)),
    );
    return [...joinByStores(clusterTables(common)).map(sharing), ...joinByStores(clusterTables(alone)).map(alike)];
  },
};

/** Columns that must bear the same names before tables without a common row are called alike. */
const ALIKE_COLUMNS = 4;

function isTwin(table: TableComparison): boolean {
  if (table.relation === 'unrelated') return false;
  return shared(table) > 0 || table.columns.filter(({ via }) => via === 'name').length >= ALIKE_COLUMNS;
}

/** Stores that are connected through copy, subset and diverged stories answer the same name. */
function storyOf(facts: Facts): (store: string) => string {
  const parent = new Map<string, string>();
  const root = (id: string): string => {
    const up = parent.get(id) ?? id;
    return up === id ? id : root(up);
  };
  for (const { store, against } of standings(facts)) parent.set(root(store.id), root(against.id));
  return root;
}

function sharing(cluster: TableCluster): Draft {
  const { stores, names, tables, comparisons } = cluster;
  const rows = Math.max(...comparisons.map(shared));
  const exact = comparisons.every(({ method }) => method !== 'sample');
  const first = comparisons[0];
  return {
    severity: 'medium',
    confidence: exact ? 'proven' : 'likely',
    message: `${list(names, 3)}: ${list(stores)} share ${comparisons.length > 1 ? 'up to ' : ''}${count(rows, 'equal row')}${amongSampled(comparisons)} and contradict each other nowhere.`,
    at: stores.map((path) => ({ path })),
    stores,
    tables,
    evidence: [...comparisons]
      .sort((x, y) => shared(y) - shared(x))
      .slice(0, 8)
      .map(line),
    consequence: 'They will drift apart: a row changed through one program stays as it was in the other.',
    action: `Decide which table stays.`,
    ...diffCommand(first?.a.store, first?.b.store, first?.a.table),
  };
}

function alike(cluster: TableCluster): Draft {
  const { stores, names, tables, comparisons } = cluster;
  const first = comparisons[0];
  return {
    severity: 'low',
    confidence: 'possible',
    message: `${list(names, 3)}: ${list(stores)} keep rows of the same form, none in common.`,
    at: stores.map((path) => ({ path })),
    stores,
    tables,
    evidence: comparisons.slice(0, 8).map(line),
    consequence: 'If they are one thing, each program sees a part of it. If they are kept apart on purpose, nothing.',
    action: `Look whether they belong together.`,
    ...diffCommand(first?.a.store, first?.b.store, first?.a.table),
  };
}

function line({ a, b, same, onlyA, onlyB, idCollisions, method, columns }: TableComparison): string {
  const name = a.table === b.table ? a.table : `${a.table} / ${b.table}`;
  return [
    `${name}: ${same.toLocaleString('en-US')} equal, ${onlyA.toLocaleString('en-US')} only in ${a.store}, ${onlyB.toLocaleString('en-US')} only in ${b.store}`,
    `${count(columns.length, 'column')} compared`,
    ...(idCollisions > 0 ? [`${count(idCollisions, 'id')} held by both for different rows`] : []),
    ...(method === 'sample' ? ['by sample'] : []),
  ].join('; ');
}
