import { describe, expect, it } from 'vitest';
import { storeWithCredentials } from '../../src/audit/detectors/store-with-credentials.ts';
import { trackedStore } from '../../src/audit/detectors/tracked-store.ts';
import { facts, store, table } from '../builders/facts.ts';

const accounts = table('users', 3, ['id', 'password:password-hash', 'api_token:token']);

describe('tracked-store', () => {
  it('S10: is high with password hashes inside, names columns and never the command that deletes the file', () => {
    const [found] = trackedStore.detect(facts([store('hub.db', [accounts], { git: 'tracked' })]));
    expect(found).toMatchObject({
      severity: 'high',
      message:
        'hub.db is a database in use that git tracks; it holds password hashes (users.password), tokens (users.api_token).',
    });
    expect(found?.action).toContain('git rm --cached hub.db');
    expect(found?.action).toContain('copy the file aside first');
  });

  it('S10: ignored and tracked all the same is a contradiction, proven', () => {
    const [found] = trackedStore.detect(facts([store('hub.db', [table('t', 1)], { git: 'ignored-tracked' })]));
    expect(found).toMatchObject({
      severity: 'medium',
      confidence: 'proven',
      message: 'hub.db is tracked by git although an ignore rule names it.',
    });
  });

  it('is silent about ignored stores, fixtures, text, foreign and empty ones', () => {
    const git = 'tracked';
    const given = facts([
      store('a.db', [accounts]),
      store('test/b.db', [accounts], { git, role: 'fixture' }),
      store('c.csv', [table('t', 1)], { git }),
      store('d.db', [table('t', 1)], { git, foreign: { program: 'x', evidence: 'y' } }),
      store('e.db', [], { git, status: 'empty' }),
    ]);
    expect(trackedStore.detect(given)).toEqual([]);
  });

  it('and store-with-credentials never tell the same file', () => {
    const given = facts([store('hub.db', [accounts], { git: 'tracked' })]);
    expect([...trackedStore.detect(given), ...storeWithCredentials.detect(given)]).toHaveLength(1);
  });
});
