import { describe, expect, it } from 'vitest';
import { orphanExport } from '../../src/audit/detectors/orphan-export.ts';
import { staleExport } from '../../src/audit/detectors/stale-export.ts';
import { column, compared, facts, related, store, table } from '../builders/facts.ts';

const names = Array.from({ length: 11 }, (_, i) => `c${i}`);
const lost = Array.from({ length: 8 }, (_, i) => `d${i}`);
const energy = store('data/energy.db', [table('readings', 120, [...names, ...lost]), table('users', 7)]);
const csv = (
  rows: number,
  columns: readonly (string | ReturnType<typeof column>)[],
  role: 'export' | 'live' = 'export',
) => store('exports/readings.csv', [table('readings', rows, columns)], { role });

describe('stale-export', () => {
  it('counts the rows it has of the table, low where only rows are missing', () => {
    const whole = store('data/energy.db', [table('readings', 120, names), table('users', 7)]);
    const one = csv(40, names);
    const given = facts([whole, one], [related(one, whole, compared(one, whole, 'readings', { same: 40 }))]);
    expect(staleExport.detect(given)).toMatchObject([
      {
        severity: 'low',
        confidence: 'proven',
        message: 'exports/readings.csv holds 40 of the 120 rows of readings (data/energy.db).',
      },
    ]);
    expect(orphanExport.detect(given)).toEqual([]);
  });

  it('one missing row is enough; names the table, the store and both dates', () => {
    const newest = (day: string) => ({ freshness: { at: `${day}T00:00:00Z`, table: 'readings', column: 'at' } });
    const source = store('data/energy.db', [table('readings', 120, names, newest('2025-09-16')), table('users', 7)]);
    const one = { ...csv(119, names), ...newest('2025-08-01'), roleReason: 'lies in exports/' };
    const given = facts([source, one], [related(one, source, compared(one, source, 'readings', { same: 119 }))]);
    expect(staleExport.detect(given)).toMatchObject([
      {
        stores: ['exports/readings.csv', 'data/energy.db'],
        tables: [{ store: 'data/energy.db', table: 'readings' }],
        evidence: [
          'readings: 119 equal, 0 differ, 1 only in the table',
          'newest row 2025-08-01, in the table 2025-09-16',
          'taken for an export: lies in exports/',
        ],
      },
    ]);
  });

  it('X4: an export with 11 of 19 columns is poorer, column by column', () => {
    const one = csv(40, names);
    const found = staleExport.detect(
      facts([energy, one], [related(one, energy, compared(one, energy, 'readings', { same: 40 }))]),
    );
    expect(found).toMatchObject([
      {
        severity: 'medium',
        message: 'exports/readings.csv holds 40 of the 120 rows and 11 of the 19 columns of readings (data/energy.db).',
      },
    ]);
    expect(found[0]?.evidence).toContain('columns it lacks: d0, d1, d2, d3, d4, d5, d6 and d7');
  });

  it('X4: a score written as 0 in every row is one value where the table has several', () => {
    const source = store('data/energy.db', [table('readings', 120, names)]);
    const one = csv(120, [...names.slice(1), column('c0:integer', 1 / 120)]);
    const twin = compared(one, source, 'readings', { same: 20, differ: { c0: 100 } });
    const [found] = staleExport.detect(facts([source, one], [related(one, source, twin)]));
    expect(found?.message).toBe(
      'exports/readings.csv holds all 120 rows of readings (data/energy.db), 100 with other values, and one value throughout in c0.',
    );
    expect(found?.severity).toBe('medium');
    const several = csv(120, [...names.slice(1), column('c0:integer', 0.5)]);
    expect(
      staleExport.detect(
        facts(
          [source, several],
          [related(several, source, compared(several, source, 'readings', { same: 20, differ: { c0: 100 } }))],
        ),
      )[0]?.severity,
    ).toBe('low');
  });

  it('is likely by sample, and where nothing calls the file an export', () => {
    const sampled = csv(40, names);
    const live = csv(40, names, 'live');
    const by = (one: typeof live, method: 'sample' | 'exact') =>
      staleExport.detect(
        facts([energy, one], [related(one, energy, compared(one, energy, 'readings', { same: 40, more: { method } }))]),
      )[0]?.confidence;
    expect([by(sampled, 'sample'), by(live, 'exact'), by(sampled, 'exact')]).toEqual(['likely', 'likely', 'proven']);
  });

  it('X4: is silent where the export agrees in every row and column, or lacks only columns that are empty', () => {
    const source = store('data/energy.db', [table('readings', 120, [...names, column('note:empty')])]);
    const one = csv(120, names);
    const twin = compared(one, source, 'readings', { same: 120, more: { relation: 'identical' } });
    expect(staleExport.detect(facts([source, one], [related(one, source, twin)]))).toEqual([]);
  });
});
