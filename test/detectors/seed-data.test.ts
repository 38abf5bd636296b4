import { describe, expect, it } from 'vitest';
import { seedData } from '../../src/audit/detectors/seed-data.ts';
import { facts, sameBytes, store, table } from '../builders/facts.ts';

const people = table('users', 9, ['id', 'email', 'password:password-hash'], {
  demo: { rows: 2, columns: ['email', 'name'] },
});
const notes = table('notes', 4, ['id', 'text'], { demo: { rows: 4, columns: ['text'] } });

describe('seed-data', () => {
  it('is never proven, and medium where the rows can log in', () => {
    expect(seedData.detect(facts([store('hub.db', [people, notes])]))).toMatchObject([
      {
        severity: 'medium',
        confidence: 'likely',
        message: 'hub.db has 6 rows that look like demo data (users 2 and notes 4).',
        evidence: ['users: 2 of 9 rows, by email and name', 'notes: 4 of 4 rows, by text'],
      },
    ]);
  });

  it('looks into the primary too, with less confidence', () => {
    const hub = store('hub.db', [notes]);
    const groups = [{ id: 'hub.db', stores: ['hub.db'], primary: 'hub.db', candidates: [] }];
    expect(seedData.detect(facts([hub], [], { groups }))).toMatchObject([{ severity: 'low', confidence: 'possible' }]);
  });

  it('is silent without marks, about fixtures, backups and copies', () => {
    const hub = store('hub.db', [notes], { sha256: 'a' });
    const copy = store('copy.db', [notes], { sha256: 'a' });
    const given = facts(
      [
        hub,
        copy,
        store('plain.db', [table('users', 5)]),
        store('t.db', [notes], { role: 'fixture' }),
        store('b.bak', [notes], { role: 'backup' }),
      ],
      [sameBytes(copy, hub)],
    );
    expect(seedData.detect(given).map(({ stores }) => stores)).toEqual([['hub.db']]);
  });
});
