/**
 * Text files whose rows no table has (trap X1): not exports any more, but the only place of their rows. Never offers to
 * delete one. Files that nothing calls an export and no table resembles are data of their own and not spoken of.
 */

import { type ExportMatch, exportMatches, type MatchedTable } from '../export-matches.ts';
import type { Detector, Facts } from '../model.ts';
import { shared } from '../orient.ts';
import { isRival } from '../standing.ts';
import { amongSampled, count, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const orphanExport: Detector = {
  doc: {
    code: 'orphan-export',
    title: 'An export holds rows that no table has',
    severity: 'high',
    when: 'A CSV or JSON file kept as an export has rows without any table like it in the databases of the project, or a file that shares rows with a table has further rows which that table lacks.',
    why: 'It looks like something that can be made again at any time. It cannot: deleting it loses these rows.',
    fix: 'Do not delete it. `desprawl diff FILE STORE` shows which rows are missing where. Import them or move the file to where data is kept.',
    not: 'Data files that nothing calls an export and that resemble no table; fixtures, backups, stores of other programs; projects without a database.',
  },
  detect(facts) {
    if (!facts.stores.some((store) => isRival(store) && store.role === 'live')) return [];
    return exportMatches(facts).flatMap((one) => {
      const orphans = one.tables.filter((table) => ownRows(table) > 0 && isExpected(one, table));
      return orphans.length === 0 ? [] : [describe(one, orphans, facts)];
    });
  },
};

function ownRows({ table, best }: MatchedTable): number {
  return best === undefined ? (table.rows ?? 0) : best.onlyA;
}

/** Should its rows be in a table? Yes where name and place call it an export, or where some of them are. */
function isExpected({ store }: ExportMatch, { best }: MatchedTable): boolean {
  return store.role === 'export' || (best !== undefined && shared(best) > 0);
}

function describe(
  { store, files, tables, notCompared }: ExportMatch,
  orphans: readonly MatchedTable[],
  { stores }: Facts,
): Draft {
  const own = orphans.reduce((sum, table) => sum + ownRows(table), 0);
  const rows = tables.reduce((sum, { table }) => sum + (table.rows ?? 0), 0);
  const sources = [
    ...new Set(
      orphans.flatMap(({ best }) =>
        best === undefined || shared(best) === 0 ? [] : [`${best.b.table} of ${best.b.store}`],
      ),
    ),
  ];
  const unread = stores.filter(({ kind, status }) => kind !== 'csv' && status === 'not-verified').length + notCompared;
  const measured = orphans.every(
    ({ best, candidates }) => best !== undefined && candidates === 1 && shared(best) > 0 && best.method !== 'sample',
  );
  const sampled = amongSampled(orphans.flatMap(({ best }) => (best === undefined ? [] : [best])));
  const part = own === rows ? count(own, 'row') : `${own.toLocaleString('en-US')} of ${count(rows, 'row')}`;
  return {
    severity: store.role === 'export' ? 'high' : 'medium',
    confidence: measured ? 'proven' : notCompared > 0 ? 'possible' : 'likely',
    message: `${store.id} holds ${part}${sampled} that ${sources.length === 0 ? 'no table has' : `${list(sources)} ${sources.length === 1 ? 'does' : 'do'} not have`}: do not delete it.`,
    at: files.map((path) => ({ path })),
    stores: [...files, ...new Set(orphans.flatMap(({ source }) => (source === undefined ? [] : [source.id])))],
    evidence: [
      ...orphans.slice(0, 6).map(line),
      ...(store.roleReason === undefined ? [] : [`taken for an export: ${store.roleReason}`]),
      ...(files.length > 1 ? [`${files.length} files of the same bytes`] : []),
      ...(unread > 0
        ? [`${count(unread, 'store or comparison', 'stores or comparisons')} could not be read: the rows may be there`]
        : []),
    ],
    consequence: 'Whoever tidies up exports deletes the only place of these rows; until then no query finds them.',
    action:
      sources.length === 0
        ? 'Keep it; find out where these rows belong and import them there.'
        : 'Keep it; see what is missing where before anything is imported.',
    ...diffCommand(store.id, orphans.find(({ source }) => source !== undefined)?.source?.id),
  };
}

function line({ table, best }: MatchedTable): string {
  const rows = count(table.rows ?? 0, 'row');
  if (best === undefined)
    return `${table.name}: ${rows}, ${count(table.columns.length, 'column')}, like no table of any database`;
  const key = best.keys.find(({ chosen }) => chosen)?.columns.join(' + ');
  const how = best.method === 'sample' ? ', by sample' : '';
  return `${table.name}: ${rows}, ${best.onlyA.toLocaleString('en-US')} not in ${best.b.table} of ${best.b.store}${key === undefined ? '' : ` by ${key}`}${how}`;
}
