import { describe, expect, it } from 'vitest';
import { copyStore } from '../../src/audit/detectors/copy-store.ts';
import { divergedStore } from '../../src/audit/detectors/diverged-store.ts';
import { olderGeneration } from '../../src/audit/detectors/older-generation.ts';
import { compared, facts, fresh, related, store, table } from '../builders/facts.ts';

const hub = store('data/hub.db', [table('users', 7), table('logs', 100)], fresh('2025-09-16'));

function old(path: string, at: string, same = 0) {
  const one = store(path, [table('users', 4), table('logs', 50)], { role: 'backup', ...fresh(at) });
  return { one, relation: related(one, hub, compared(one, hub, 'users', { same }), compared(one, hub, 'logs')) };
}

describe('older-generation', () => {
  it('S8: an .old file that shares no row is an older generation, not a copy', () => {
    const { one, relation } = old('data/hub.db.old', '2023-02-01');
    const given = facts([hub, one], [relation]);
    expect(olderGeneration.detect(given)).toMatchObject([
      {
        severity: 'medium',
        message: 'data/hub.db.old is an older generation of data/hub.db, not a copy: 54 rows that are not in it.',
        evidence: [
          'data/hub.db.old: 2 tables in both, 0 rows in common; newest row 2023-02-01, in data/hub.db 2025-09-16',
        ],
      },
    ]);
    expect([...copyStore.detect(given), ...divergedStore.detect(given)]).toEqual([]);
  });

  it('gathers several of one store and warns where the backup is the newer one', () => {
    const [a, b] = [old('data/a.old', '2023-02-01'), old('data/b.old', '2022-02-01')];
    const later = old('data/c.bak', '2025-12-01');
    const found = olderGeneration.detect(
      facts([hub, a.one, b.one, later.one], [a.relation, b.relation, later.relation]),
    );
    expect(found.map(({ severity, at }) => [severity, at.map(({ path }) => path)])).toEqual([
      ['medium', ['data/a.old', 'data/b.old']],
      ['high', ['data/hub.db', 'data/c.bak']],
    ]);
  });

  it('is silent about a backup that shares rows and about two stores in use', () => {
    const near = old('data/hub.db.bak', '2025-09-01', 4);
    const live = { ...old('hub2.db', '2023-01-01').one, role: 'live' as const };
    const apart = related(live, hub, compared(live, hub, 'users'), compared(live, hub, 'logs'));
    expect(olderGeneration.detect(facts([hub, near.one, live], [near.relation, apart]))).toEqual([]);
  });
});
