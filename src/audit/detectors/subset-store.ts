/** Stores all of whose rows another store has as well, and more. Never says so where a row or a value is missing there. */
import type { Detector, Facts } from '../model.ts';
import { electedBecause, type Standing, standings } from '../standing.ts';
import { amongSampled, count, day } from '../wording.ts';
import { type Draft, diffCommand } from './finding.ts';

export const subsetStore: Detector = {
  doc: {
    code: 'subset-store',
    title: 'Every row of a store is in another one',
    severity: 'medium',
    when: 'Each row of each table of a store is found in another store with equal values, and that one holds more. Proven only where every row was compared and every table could be read.',
    why: 'Programs that still open the smaller store miss rows and do not know it; new rows written to it turn it into a rival.',
    fix: 'Point its readers and writers to the fuller store and remove this one. `desprawl diff A B` lists what is missing, table by table.',
    not: 'Backups, fixtures, stores of other programs; stores with a row, a value or a filled column of their own (see diverged-store, conflicting-twin).',
  },
  detect: (facts) =>
    standings(facts)
      .filter(({ kind, store, conflicting }) => kind === 'subset' && store.role !== 'backup' && conflicting === 0)
      .map((standing) => describe(standing, facts)),
};

function describe(standing: Standing, facts: Facts): Draft {
  const { store, against, missing, measured, primary, tables, uncompared } = standing;
  const rows = store.tables.reduce((sum, table) => sum + (table.kind === 'table' ? (table.rows ?? 0) : 0), 0);
  const sampled = amongSampled(tables) !== '';
  const message =
    rows === 0
      ? `${store.id} has tables like ${against.id} and not one row.`
      : `${sampled ? 'All sampled rows' : `All ${count(rows, 'row')}`} of ${store.id} are also in ${against.id}${missing > 0 ? `, which has ${sampled ? 'others' : `${missing.toLocaleString('en-US')} more`}` : ''}.`;
  return {
    severity: rows === 0 ? 'low' : 'medium',
    confidence: measured ? 'proven' : 'likely',
    message,
    at: [{ path: store.path }],
    stores: [store.id, against.id],
    evidence: [
      ...tables
        .filter(({ rowsA, rowsB, relation }) => rowsA + rowsB > 0 && relation !== 'unrelated')
        .slice(0, 6)
        .map((table) => `${table.a.table}: ${table.rowsA} of ${count(table.rowsB, 'row')} here, 0 differ`),
      ...(store.freshness === undefined || against.freshness === undefined
        ? []
        : [`newest row ${day(store.freshness.at)} here, ${day(against.freshness.at)} in ${against.id}`]),
      ...(primary ? [electedBecause(facts, against.id)] : []),
      ...uncompared.map((name) => `${name} was not compared`),
    ],
    consequence: `Whatever opens ${store.id} does not see the rows that only ${against.id} has, and what it writes there is lost to the others.`,
    action: `Find what opens ${store.id} and let it open ${against.id}; then this file is not needed.`,
    ...diffCommand(store.id, against.id),
  };
}
