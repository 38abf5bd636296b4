import { describe, expect, it } from 'vitest';
import { wellKept } from '../../src/audit/detectors/well-kept.ts';
import type { Store } from '../../src/stores/model.ts';
import { compared, facts, fresh, related, sqlite, store, table } from '../builders/facts.ts';

const good = (path: string, more: Partial<Store> = {}) =>
  store(path, [table('readings', 40), table('meters', 3)], { ...fresh('2025-09-10'), ...more });
const names = (given: Parameters<typeof wellKept.detect>[0]) =>
  wellKept.detect(given).flatMap(({ at }) => at.map(({ path }) => path));

describe('well-kept', () => {
  it('praises a store of one role with keys on every table', () => {
    expect(wellKept.detect(facts([good('data/energy.db')]))).toMatchObject([
      {
        severity: 'good',
        message: 'data/energy.db is well kept: no rivals, keys on all 2 tables, no broken reference.',
      },
    ]);
  });

  it('praises a primary whose other versions agree with it, and not those', () => {
    const [a, b] = [good('a.db'), store('b.db', [table('readings', 30), table('meters', 3)], fresh('2025-09-09'))];
    const relation = related(b, a, compared(b, a, 'readings', { same: 30 }), compared(b, a, 'meters', { same: 3 }));
    expect(names(facts([a, b], [relation]))).toEqual(['a.db']);
  });

  it('is silent about a store in contradiction, tracked, without keys, with broken references, damaged, stale or unread', () => {
    const [a, b] = [good('a.db'), good('b.db')];
    const relation = related(b, a, compared(b, a, 'readings', { same: 30, differ: { role: 2 } }));
    const unkeyed = store('k.db', [table('t', 3, ['a'], { primaryKey: [] })], fresh('2025-09-10'));
    const given = [
      a,
      b,
      unkeyed,
      good('t.db', { git: 'tracked' }),
      good('f.db', { sqlite: sqlite({ fkViolations: [{ table: 'a', parent: 'b', count: 1 }] }) }),
      good('d.db', { sqlite: sqlite({ integrity: 'not-checked' }) }),
      good('o.db', fresh('2025-01-01')),
      good('n.db', { status: 'not-verified' }),
      good('x.db', { role: 'fixture' }),
      store('e.db', [table('t', 0)], fresh('2025-09-10')),
    ];
    expect(names(facts(given, [relation], { primary: 'a.db' }))).toEqual([]);
  });
});
