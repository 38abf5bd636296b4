import { describe, expect, it } from 'vitest';
import { fkBaseline } from '../../src/audit/detectors/fk-baseline.ts';
import { facts, sameBytes, sqlite, store, table } from '../builders/facts.ts';

const broken = sqlite({ fkViolations: [{ table: 'sessions', parent: 'users', count: 13 }] });
const hub = store('hub.db', [table('users', 3)], { sqlite: broken, sha256: 'a' });

describe('fk-baseline', () => {
  it('R9: counts the violations there are before anything is changed', () => {
    expect(fkBaseline.detect(facts([hub]))).toMatchObject([
      {
        severity: 'medium',
        confidence: 'proven',
        message: 'hub.db: 13 rows refer to rows that do not exist (sessions → users).',
        evidence: ['sessions → users: 13 rows'],
      },
    ]);
  });

  it('R9: a foreign key that names a missing column is said, and is no violation', () => {
    const fkViolations = [{ table: 'a', parent: 'b', count: 0, broken: 'b has no column code' }];
    expect(
      fkBaseline.detect(facts([store('x.db', [table('a', 1)], { sqlite: sqlite({ fkViolations }) })])),
    ).toMatchObject([
      { severity: 'low', message: 'x.db: 1 foreign key cannot be checked.', evidence: ['a → b: b has no column code'] },
    ]);
  });

  it('is silent about clean stores, backups, fixtures, foreign ones, and repeats no byte-equal copy', () => {
    const copy = store('copy.db', hub.tables, { sqlite: broken, sha256: 'a' });
    const given = facts(
      [
        hub,
        copy,
        store('clean.db', [table('t', 1)]),
        store('b.bak', [], { sqlite: broken, role: 'backup' }),
        store('t.db', [], { sqlite: broken, role: 'fixture' }),
        store('f.db', [], { sqlite: broken, foreign: { program: 'x', evidence: 'y' } }),
      ],
      [sameBytes(copy, hub)],
    );
    expect(fkBaseline.detect(given).map(({ stores }) => stores)).toEqual([['hub.db']]);
  });
});
