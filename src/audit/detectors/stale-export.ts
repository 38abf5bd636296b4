/**
 * Text files that repeat a table, older or poorer than it is (traps X1, X4). An export that lacks columns, or has one
 * value where the table has many, is told here too: it is one story, and the reason why it must not replace the table.
 */
import type { Column, Table } from '../../stores/model.ts';
import { type ExportMatch, exportMatches, type MatchedTable } from '../export-matches.ts';
import type { Detector, TableComparison } from '../model.ts';
import { shared } from '../orient.ts';
import { count, day, list } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const staleExport: Detector = {
  doc: {
    code: 'stale-export',
    title: 'An export is older or poorer than its table',
    severity: 'medium',
    when: 'Every row of a CSV or JSON file is in a table of a database, and the table has more rows, other values, more columns, or different values where the file has one and the same (scores written as 0). Medium where it is poorer: columns or values are missing.',
    why: 'Code that reads it works on old data. Importing it back over the table erases what it lacks.',
    fix: 'Find who reads it (an endpoint, a notebook, a person). If nobody does, remove it; else make it again as part of the job that needs it. Never load it back without comparing column by column: `desprawl diff FILE STORE`.',
    not: 'Exports that agree with their table in every row and column; files with rows of their own (see orphan-export); fixtures and backups.',
  },
  detect: (facts) =>
    exportMatches(facts).flatMap((one) => {
      const complete = one.tables.every(({ best }) => best !== undefined && best.onlyA === 0 && shared(best) > 0);
      const behind = one.tables.filter(isBehind);
      return complete && behind.length > 0 ? [describe(one, behind)] : [];
    }),
};

function isBehind({ best, table, sourceTable }: MatchedTable): boolean {
  if (best === undefined) return false;
  return (
    best.onlyB > 0 ||
    best.conflicting > 0 ||
    missing(best, sourceTable).length > 0 ||
    flattened(best, table, sourceTable).length > 0
  );
}

/** Columns that the export lacks and that have values in the table. */
function missing(best: TableComparison, sourceTable: Table | undefined): readonly string[] {
  return best.columnsOnlyB.filter(
    (name) => sourceTable?.columns.find((column) => column.name === name)?.profile?.shape !== 'empty',
  );
}

/** Columns with one value (or none) in every row of the export, and with several in the table. */
function flattened(best: TableComparison, table: Table, sourceTable: Table | undefined): readonly string[] {
  return best.columns
    .filter(({ a, b, conflicting }) => {
      const [mine, theirs] = [
        table.columns.find(({ name }) => name === a),
        sourceTable?.columns.find(({ name }) => name === b),
      ];
      return conflicting > 0 && values(mine, best.rowsA) <= 1 && values(theirs, best.rowsB) > 1;
    })
    .map(({ a }) => a);
}

/** Distinct values of a column, as far as its profile tells. */
function values(column: Column | undefined, rows: number): number {
  if (column?.profile === undefined) return 2;
  const { shape, nulls, distinct } = column.profile;
  return shape === 'empty' ? 0 : Math.round(distinct * rows * (1 - nulls));
}

function describe({ store, files }: ExportMatch, behind: readonly MatchedTable[]): Draft {
  const lossy = behind.some(
    ({ best, table, sourceTable }) =>
      best !== undefined && (missing(best, sourceTable).length > 0 || flattened(best, table, sourceTable).length > 0),
  );
  const measured = behind.every(({ best }) => best?.method !== 'sample');
  const first = behind[0];
  const sources = [...new Set(behind.flatMap(({ source }) => (source === undefined ? [] : [source.id])))];
  return {
    severity: lossy ? 'medium' : 'low',
    confidence: measured && store.role === 'export' ? 'proven' : 'likely',
    message: `${store.id} ${behind.length === 1 ? summary(first) : `is behind ${behind.length} tables of ${list(sources)}`}.`,
    at: files.map((path) => ({ path })),
    stores: [...files, ...sources],
    tables: behind.flatMap(({ best }) => (best === undefined ? [] : [best.b])),
    evidence: [
      ...behind.slice(0, 4).flatMap(lines),
      ...(store.freshness === undefined || first?.sourceTable?.freshness === undefined
        ? []
        : [`newest row ${day(store.freshness.at)}, in the table ${day(first.sourceTable.freshness.at)}`]),
      ...(store.roleReason === undefined ? [] : [`taken for an export: ${store.roleReason}`]),
      ...(files.length > 1 ? [`${files.length} files of the same bytes`] : []),
    ],
    consequence: lossy
      ? 'Whoever loads it back, or reads it instead of the table, loses the columns and values it does not have.'
      : 'Whoever reads it works on old data and cannot tell.',
    action: 'Find who reads it before removing it, and what it lacks.',
    ...diffCommand(store.id, first?.source?.id),
  };
}

/** `holds 40 of the 120 rows and 11 of the 19 columns of readings (data/energy.db), 3 differ`. */
function summary(match: MatchedTable | undefined): string {
  if (match?.best === undefined) return '';
  const { best, table, sourceTable } = match;
  const lost = missing(best, sourceTable).length;
  const flat = flattened(best, table, sourceTable);
  const rows =
    best.onlyB > 0
      ? `${shared(best).toLocaleString('en-US')} of the ${count(best.rowsB, 'row')}`
      : `all ${count(best.rowsB, 'row')}`;
  const columns = lost > 0 ? ` and ${best.columns.length} of the ${best.columns.length + lost} columns` : '';
  const older = best.conflicting > 0 ? `, ${best.conflicting.toLocaleString('en-US')} with other values` : '';
  const one = flat.length > 0 ? `, and one value throughout in ${list(flat)}` : '';
  return `holds ${rows}${columns} of ${best.b.table} (${best.b.store})${older}${one}${best.method === 'sample' ? ' (rows counted among those sampled)' : ''}`;
}

function lines(match: MatchedTable): readonly string[] {
  const { best, table, sourceTable } = match;
  if (best === undefined) return [];
  const lost = missing(best, sourceTable);
  const flat = flattened(best, table, sourceTable);
  const differ = best.columns
    .filter(({ conflicting }) => conflicting > 0)
    .map(({ a, conflicting }) => `${a} ${conflicting.toLocaleString('en-US')}`);
  const key = best.keys.find(({ chosen }) => chosen)?.columns.join(' + ');
  return [
    `${best.b.table}${key === undefined ? '' : ` by ${key}`}: ${best.same.toLocaleString('en-US')} equal, ${count(best.conflicting, 'differs', 'differ')}, ${best.onlyB.toLocaleString('en-US')} only in the table${best.method === 'sample' ? ' (by sample)' : ''}`,
    ...(differ.length > 0 ? [`differing columns: ${list(differ, 6)}`] : []),
    ...(lost.length > 0 ? [`columns it lacks: ${list(lost, 8)}`] : []),
    ...(flat.length > 0 ? [`one value in every row where the table has several: ${list(flat, 8)}`] : []),
  ];
}
