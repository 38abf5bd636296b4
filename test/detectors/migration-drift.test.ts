import { describe, expect, it } from 'vitest';
import { migrationDrift } from '../../src/audit/detectors/migration-drift.ts';
import { compared, facts, related, store, table } from '../builders/facts.ts';

function at(path: string, entries: number, digest: string, more = {}) {
  const ledger = { system: 'alembic', table: 'alembic_version', entries, latest: `rev${entries}`, digest };
  return store(path, [table('users', 10), table('alembic_version', 1, ['version_num'])], {
    migrations: [ledger],
    ...more,
  });
}

describe('migration-drift', () => {
  it('S17: rival stores with different applied migrations are shown with their levels', () => {
    const [a, b] = [at('a.db', 4, 'x'), at('b.db', 6, 'y')];
    const given = facts(
      [a, b],
      [related(a, b, compared(a, b, 'users', { same: 8 }), compared(a, b, 'alembic_version'))],
    );
    expect(migrationDrift.detect(given)).toMatchObject([
      {
        confidence: 'proven',
        message: 'a.db and b.db are at different alembic levels (4 to 6 migrations).',
        evidence: ['a.db: 4 migrations, latest rev4', 'b.db: 6 migrations, latest rev6'],
        tables: [
          { store: 'a.db', table: 'alembic_version' },
          { store: 'b.db', table: 'alembic_version' },
        ],
      },
    ]);
  });

  it('S17: is silent at one level, for a backup, and for services that share nothing but the migrator', () => {
    const [a, b] = [at('a.db', 4, 'x'), at('b.db', 4, 'x')];
    const backup = at('a.db.bak', 3, 'y', { role: 'backup' });
    const other = store('c.db', [table('devices', 5), table('alembic_version', 1, ['version_num'])], {
      migrations: at('c.db', 1, 'z').migrations,
    });
    const given = facts(
      [a, b, backup, other],
      [
        related(a, b, compared(a, b, 'users', { same: 8 })),
        related(backup, a, compared(backup, a, 'users', { same: 10 })),
        related(other, a, compared(other, a, 'alembic_version')),
      ],
    );
    expect(migrationDrift.detect(given)).toEqual([]);
  });
});
