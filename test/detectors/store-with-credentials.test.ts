import { describe, expect, it } from 'vitest';
import { storeWithCredentials } from '../../src/audit/detectors/store-with-credentials.ts';
import { facts, store, table } from '../builders/facts.ts';

const accounts = table('users', 3, ['id', 'password:password-hash']);

describe('store-with-credentials', () => {
  it('S10: reports tracked backups, exports and foreign stores, one finding per folder', () => {
    const given = facts([
      store('backups/1.db', [accounts], { git: 'tracked', role: 'backup' }),
      store('backups/2.db', [accounts], { git: 'tracked', role: 'backup' }),
      store('exports/users.csv', [accounts], { git: 'tracked', role: 'export' }),
      store('ha/auth.db', [accounts], { git: 'tracked', foreign: { program: 'x', evidence: 'y' } }),
    ]);
    expect(storeWithCredentials.detect(given).map(({ message, severity }) => [message, severity])).toEqual([
      ['backups/1.db and backups/2.db hold password hashes (users.password) and are tracked by git.', 'high'],
      ['exports/users.csv holds password hashes (users.password) and is tracked by git.', 'high'],
      ['ha/auth.db holds password hashes (users.password) and is tracked by git.', 'high'],
    ]);
  });

  it('warns before the next git add . of a store that is not ignored', () => {
    expect(storeWithCredentials.detect(facts([store('hub.db', [accounts], { git: 'untracked' })]))).toMatchObject([
      { severity: 'medium', message: 'hub.db holds password hashes (users.password) and is not ignored by git.' },
    ]);
  });

  it('takes plain text in a password column for a password', () => {
    const plain = table('users', 3, ['id', 'password', 'password_hint']);
    expect(storeWithCredentials.detect(facts([store('hub.db', [plain], { git: 'untracked' })]))[0]?.message).toBe(
      'hub.db holds passwords (users.password) and is not ignored by git.',
    );
  });

  it('is silent about ignored files, projects without git, fixtures and tables without rows', () => {
    const given = facts([
      store('a.db', [accounts], { git: 'ignored' }),
      store('b.db', [accounts], { git: 'outside' }),
      store('test/c.db', [accounts], { git: 'tracked', role: 'fixture' }),
      store('d.db', [{ ...accounts, rows: 0 }], { git: 'untracked' }),
    ]);
    expect(storeWithCredentials.detect(given)).toEqual([]);
  });
});
