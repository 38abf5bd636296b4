import { describe, expect, it } from 'vitest';
import { roleOf } from './store-role.ts';

const role = (path: string, ...siblings: readonly string[]): string => roleOf(path, new Set([path, ...siblings])).role;

describe('what a store is kept for', () => {
  it.each([
    ['data/app.db', 'live'],
    ['backup_service/app.db', 'backup'],
    ['backups/app.db', 'backup'],
    ['data/archive/2024/app.db', 'backup'],
    ['data/pre-migration/app.db', 'backup'],
    ['S8: data/app.db.old', 'backup'],
    ['data/app.db.bak', 'backup'],
    ['data/app.db.bak2', 'backup'],
    ['data/app.db~', 'backup'],
    ['data/app.db.backup.20250916', 'backup'],
    ['data/app_backup.db', 'backup'],
    ['data/app (copy).db', 'backup'],
    ['data/app.pre_merge.db', 'backup'],
    ['users.csv.bak', 'backup'],
    ['data/household.db', 'live'],
    ['data/threshold.db', 'live'],
    ['data/gold.db', 'live'],
    ['data/copyright.db', 'live'],
    ['data/prehistory.db', 'live'],
    ['exports/users.csv', 'export'],
    ['out/report.json', 'export'],
    ['data/users_export.csv', 'export'],
    ['data/dump.jsonl', 'export'],
    ['exports/app.db', 'live'],
    ['data/exporters.csv', 'live'],
    ['tests/data/app.db', 'fixture'],
    ['src/__fixtures__/users.csv', 'fixture'],
    ['examples/app.db', 'fixture'],
    ['tests/backups/app.db', 'fixture'],
    ['contest/app.db', 'live'],
    ['latest/app.db', 'live'],
  ])('%s: %s', (path, expected) => {
    expect(role(path.replace(/^S\d+: /, ''))).toBe(expected);
  });

  it('the reason is told, where there is one', () => {
    expect(roleOf('backups/app.db', new Set())).toEqual({
      role: 'backup',
      reason: 'in a folder for backups (backups/)',
    });
    expect(roleOf('app.db', new Set())).toEqual({ role: 'live' });
  });
});

describe('S9: a date in the name makes a backup', () => {
  it.each([
    ['data/app_2025-09-16.db', 'data/app.db', 'backup'],
    ['data/app-20250916_101500.db', 'data/app.db', 'backup'],
    ['data/app.20250916.db', 'data/app.db', 'backup'],
    ['data/2025-09-16-app.db', 'data/app.db', 'backup'],
    ['data/app (1).db', 'data/app.db', 'backup'],
    ['data/app_2025-09-16.db', 'other/app.db', 'live'],
    ['data/app_2025-19-16.db', 'data/app.db', 'live'],
    ['data/orders_2025-09-16.csv', 'data/orders.csv', 'live'],
    ['data/app_12345678.db', 'data/app.db', 'live'],
  ])('%s beside %s: %s', (path, sibling, expected) => {
    expect(role(path, sibling)).toBe(expected);
  });
});
