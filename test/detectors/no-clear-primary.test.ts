import { describe, expect, it } from 'vitest';
import { noClearPrimary } from '../../src/audit/detectors/no-clear-primary.ts';
import { compared, facts, related, sameBytes, store, table } from '../builders/facts.ts';

const [a, b] = [store('a.db', [table('users', 10)]), store('b.db', [table('users', 10)])];
const diverged = related(a, b, compared(a, b, 'users', { same: 6 }));

describe('no-clear-primary', () => {
  it('lists the candidates with their points', () => {
    expect(noClearPrimary.detect(facts([a, b], [diverged]))).toMatchObject([
      {
        message: 'Nothing tells which of a.db and b.db holds the truth.',
        stores: ['a.db', 'b.db'],
        evidence: ['a.db: 0 points, nothing speaks for it', 'b.db: 0 points, nothing speaks for it'],
      },
    ]);
  });

  it('is silent where the owner named one', () => {
    expect(noClearPrimary.detect(facts([a, b], [diverged], { primary: 'a.db' }))).toEqual([]);
  });

  it('is silent where any choice keeps every row, and where stores share one table of several', () => {
    const [c, d] = [store('c.db', a.tables, { sha256: 'x' }), store('d.db', a.tables, { sha256: 'x' })];
    expect(noClearPrimary.detect(facts([c, d], [sameBytes(d, c)]))).toEqual([]);
    const [e, f] = [
      store('e.db', [table('users', 9), table('x', 9)]),
      store('f.db', [table('users', 9), table('y', 9)]),
    ];
    expect(noClearPrimary.detect(facts([e, f], [related(e, f, compared(e, f, 'users', { same: 5 }))]))).toEqual([]);
  });
});
