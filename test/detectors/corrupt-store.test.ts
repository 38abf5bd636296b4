import { describe, expect, it } from 'vitest';
import { corruptStore } from '../../src/audit/detectors/corrupt-store.ts';
import { facts, sqlite, store, table } from '../builders/facts.ts';

const damaged = sqlite({ integrity: 'damaged', integrityMessages: ['row 3 missing from index users_email'] });

describe('corrupt-store', () => {
  it('reports a readable store whose check fails, with the messages', () => {
    expect(corruptStore.detect(facts([store('hub.db', [table('users', 3)], { sqlite: damaged })]))).toMatchObject([
      { severity: 'high', confidence: 'proven', evidence: ['1 message', 'row 3 missing from index users_email'] },
    ]);
  });

  it('is low for a backup', () => {
    expect(corruptStore.detect(facts([store('hub.bak', [], { sqlite: damaged, role: 'backup' })]))[0]?.severity).toBe(
      'low',
    );
  });

  it('is silent where the check passed, was not run, or the store could not be verified', () => {
    const stores = [
      store('a.db', [table('t', 1)]),
      store('b.db', [], { sqlite: sqlite({ integrity: 'not-checked' }) }),
      store('c.db', [], { sqlite: damaged, status: 'not-verified', reason: { code: 'corrupt', message: 'x' } }),
    ];
    expect(corruptStore.detect(facts(stores))).toEqual([]);
  });
});
