import { describe, expect, it } from 'vitest';
import { orphanExport } from '../../src/audit/detectors/orphan-export.ts';
import { staleExport } from '../../src/audit/detectors/stale-export.ts';
import { compared, facts, related, sameBytes, store, table } from '../builders/facts.ts';

const hub = store('data/hub.db', [table('readings', 400), table('users', 7)]);
const csv = (path: string, rows: number, role: 'export' | 'live' = 'export') =>
  store(path, [table(path.split('/').at(-1)?.split('.')[0] ?? '', rows)], { role });

describe('orphan-export', () => {
  it('X1: 95 records that exist in no table are refused deletion', () => {
    expect(orphanExport.detect(facts([hub, csv('exports/leads.csv', 95)]))).toMatchObject([
      {
        severity: 'high',
        confidence: 'likely',
        message: 'exports/leads.csv holds 95 rows that no table has: do not delete it.',
        at: [{ path: 'exports/leads.csv' }],
      },
    ]);
  });

  it('X1: a part of the rows counts, proven against the one table it was compared with in full; stale-export is silent then', () => {
    const part = csv('exports/readings.csv', 100);
    const given = facts([hub, part], [related(part, hub, compared(part, hub, 'readings', { same: 88 }))]);
    expect(orphanExport.detect(given)).toMatchObject([
      {
        confidence: 'proven',
        message:
          'exports/readings.csv holds 12 of 100 rows that readings of data/hub.db does not have: do not delete it.',
      },
    ]);
    expect(staleExport.detect(given)).toEqual([]);
  });

  it('X1: one row of its own is enough', () => {
    const part = csv('exports/readings.csv', 100);
    const given = facts([hub, part], [related(part, hub, compared(part, hub, 'readings', { same: 99 }))]);
    expect(orphanExport.detect(given)[0]?.message).toContain('holds 1 of 100 rows that');
    const single = csv('exports/lead.csv', 1);
    expect(orphanExport.detect(facts([hub, single]))[0]?.message).toContain('holds 1 row that no table has');
  });

  it('is likely by sample, possible where its own comparison was not finished; names unread stores', () => {
    const part = csv('exports/readings.csv', 100);
    const sampled = related(part, hub, compared(part, hub, 'readings', { same: 88, more: { method: 'sample' } }));
    expect(orphanExport.detect(facts([hub, part], [sampled]))[0]).toMatchObject({
      confidence: 'likely',
      message: expect.stringContaining('sampled'),
    });
    const leads = csv('exports/leads.csv', 95);
    const unread = store('locked.db', [], { status: 'not-verified' });
    expect(orphanExport.detect(facts([hub, unread, leads]))[0]).toMatchObject({
      confidence: 'likely',
      evidence: expect.arrayContaining(['1 store or comparison could not be read: the rows may be there']),
    });
    const notCompared = [{ a: leads.id, b: hub.id, why: 'took too long' }];
    expect(orphanExport.detect(facts([hub, leads], [], { notCompared }))[0]?.confidence).toBe('possible');
  });

  it('names byte-equal files together', () => {
    const [a, b] = [csv('exports/a.csv', 5), csv('exports/b.csv', 5)];
    expect(orphanExport.detect(facts([hub, a, b], [sameBytes(b, a)])).map(({ at }) => at)).toEqual([
      [{ path: 'exports/a.csv' }, { path: 'exports/b.csv' }],
    ]);
  });

  it('is silent about rows that a table has, data files like no table, fixtures, backups, and projects without a database', () => {
    const whole = csv('exports/readings.csv', 100);
    const settings = csv('config/settings.json', 9, 'live');
    const fixture = store('test/x.csv', [table('x', 5)], { role: 'fixture' });
    const backup = store('backups/x.csv', [table('x', 5)], { role: 'backup' });
    const given = facts(
      [hub, whole, settings, fixture, backup],
      [related(whole, hub, compared(whole, hub, 'readings', { same: 100 }))],
    );
    expect(orphanExport.detect(given)).toEqual([]);
    expect(orphanExport.detect(facts([csv('exports/leads.csv', 95)]))).toEqual([]);
  });

  it('takes the table that has the rows, in use before a backup', () => {
    const part = csv('exports/readings.csv', 100);
    const empty = store('a.db', [table('readings', 10)]);
    const backup = store('b.bak', [table('readings', 100)], { role: 'backup' });
    const given = facts(
      [empty, backup, part],
      [
        related(part, empty, compared(part, empty, 'readings')),
        related(part, backup, compared(part, backup, 'readings', { same: 100 })),
      ],
    );
    expect(orphanExport.detect(given)).toEqual([]);
  });
});
