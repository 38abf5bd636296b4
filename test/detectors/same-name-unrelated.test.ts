import { describe, expect, it } from 'vitest';
import { detectAll } from '../../src/audit/detectors/index.ts';
import { sameNameUnrelated } from '../../src/audit/detectors/same-name-unrelated.ts';
import type { Store } from '../../src/stores/model.ts';
import { compared, facts, related, store, table } from '../builders/facts.ts';

const a = store('a.db', [table('events', 4, ['id', 'topic', 'payload'])]);
const b = store('b.db', [table('events', 9, ['id', 'starts_at', 'room'])]);
const unrelated = (x: Store, y: Store) =>
  related(x, y, compared(x, y, 'events', { more: { relation: 'unrelated', columns: [] } }));

describe('same-name-unrelated', () => {
  it('R5: one name for two things is said, low, and nothing else is made of it', () => {
    const found = detectAll(facts([a, b], [unrelated(a, b)]), []);
    expect(found).toMatchObject([
      {
        code: 'same-name-unrelated',
        severity: 'low',
        message: 'events in a.db and b.db share a name and nothing else.',
        evidence: ['events: 0 columns matched; a.db has topic and payload, b.db has starts_at and room'],
      },
    ]);
  });

  it('R5: several stores are one finding; twins, empty tables and backups are none', () => {
    const c = store('c.db', b.tables);
    const backup = store('b.bak', b.tables, { role: 'backup' });
    const empty = store('e.db', [table('events', 0, ['id'])]);
    const given = facts(
      [a, b, c, backup, empty],
      [
        unrelated(a, b),
        unrelated(a, c),
        unrelated(a, backup),
        unrelated(a, empty),
        related(b, c, compared(b, c, 'events', { same: 9 })),
      ],
    );
    expect(sameNameUnrelated.detect(given).map(({ stores }) => stores)).toEqual([['a.db', 'b.db', 'c.db']]);
  });
});
