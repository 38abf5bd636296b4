import { describe, expect, it } from 'vitest';
import { divergedStore } from '../../src/audit/detectors/diverged-store.ts';
import { subsetStore } from '../../src/audit/detectors/subset-store.ts';
import { column, compared, facts, fresh, related, store, table } from '../builders/facts.ts';

const hub = store('data/hub.db', [table('users', 7), table('logs', 20)]);

describe('subset-store', () => {
  it('says how many rows are contained and how many more the other has', () => {
    const old = store('hub.db', [table('users', 5)]);
    const relation = related(old, hub, compared(old, hub, 'users', { same: 5 }));
    const [found] = subsetStore.detect(facts([hub, old], [relation]));
    expect(found).toMatchObject({
      confidence: 'proven',
      message: 'All 5 rows of hub.db are also in data/hub.db, which has 22 more.',
      stores: ['hub.db', 'data/hub.db'],
    });
  });

  it('says both dates where both are known', () => {
    const old = store('hub.db', [table('users', 5)], fresh('2025-01-01'));
    const newer = { ...hub, ...fresh('2025-09-16') };
    const relation = related(old, newer, compared(old, newer, 'users', { same: 5 }));
    expect(subsetStore.detect(facts([newer, old], [relation]))[0]?.evidence).toContain(
      'newest row 2025-01-01 here, 2025-09-16 in data/hub.db',
    );
    const undated = subsetStore.detect(facts([hub, old], [relation]))[0]?.evidence;
    expect(undated?.some((line) => line.startsWith('newest row'))).toBe(false);
  });

  it('is at most likely by sample', () => {
    const old = store('hub.db', [table('users', 5)]);
    const relation = related(old, hub, compared(old, hub, 'users', { same: 5, more: { method: 'sample' } }));
    expect(subsetStore.detect(facts([hub, old], [relation]))[0]).toMatchObject({
      confidence: 'likely',
      message: expect.stringContaining('sampled'),
    });
  });

  it('says that a store with tables and no rows has none', () => {
    const bare = store('hub.db', [table('users', 0)]);
    const relation = related(bare, hub, compared(bare, hub, 'users'));
    expect(subsetStore.detect(facts([hub, bare], [relation]))[0]).toMatchObject({
      severity: 'low',
      message: 'hub.db has tables like data/hub.db and not one row.',
    });
  });

  it('S7: is silent where one row, one value or one filled column is missing there; diverged-store speaks', () => {
    const row = store('hub.db', [table('users', 6)]);
    const oneRow = related(row, hub, compared(row, hub, 'users', { same: 5 }));
    const wide = store('hub.db', [table('users', 5, ['id', 'name', 'email', 'role', 'phone'])]);
    const oneColumn = related(wide, hub, compared(wide, hub, 'users', { same: 5 }));
    for (const given of [facts([hub, row], [oneRow]), facts([hub, wide], [oneColumn])]) {
      expect(subsetStore.detect(given)).toEqual([]);
      expect(divergedStore.detect(given)).toHaveLength(1);
    }
    const value = store('hub.db', [table('users', 5)]);
    expect(
      subsetStore.detect(
        facts([hub, value], [related(value, hub, compared(value, hub, 'users', { same: 4, differ: { name: 1 } }))]),
      ),
    ).toEqual([]);
  });

  it('takes an empty column of its own for nothing, and leaves backups out', () => {
    const wide = store('hub.db', [table('users', 5, ['id', 'name', 'email', 'role', column('phone:empty')])]);
    const relation = related(wide, hub, compared(wide, hub, 'users', { same: 5, more: { relation: 'subset' } }));
    expect(subsetStore.detect(facts([hub, wide], [relation]))).toHaveLength(1);
    const backup = { ...wide, role: 'backup' as const };
    expect(subsetStore.detect(facts([hub, backup], [relation]))).toEqual([]);
  });
});
