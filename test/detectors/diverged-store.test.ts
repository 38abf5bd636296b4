import { describe, expect, it } from 'vitest';
import { divergedStore } from '../../src/audit/detectors/diverged-store.ts';
import { compared, facts, related, sameBytes, store, table } from '../builders/facts.ts';

const hub = store('data/hub.db', [table('users', 40), table('tasks', 60)]);

function rival(path: string, more = {}) {
  const one = store(path, [table('users', 12), table('tasks', 9)], more);
  const tables = [compared(one, hub, 'users', { same: 10 }), compared(one, hub, 'tasks', { same: 9 })];
  return { one, relation: related(one, hub, ...tables) };
}

describe('diverged-store', () => {
  it('S7: a "duplicate" with rows of its own is refused deletion, with counts per table', () => {
    const { one, relation } = rival('hub-copy.db');
    const [found, ...others] = divergedStore.detect(facts([hub, one], [relation], { primary: 'data/hub.db' }));
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      severity: 'high',
      confidence: 'proven',
      message: 'hub-copy.db holds 2 rows that data/hub.db lacks (users 2): do not delete it.',
      at: [{ path: 'hub-copy.db' }],
      evidence: expect.arrayContaining(['users: 2 rows of its own']),
    });
  });

  it('counts a table that only it has, and says what both have differently without repeating it as its own', () => {
    const one = store('b.db', [table('users', 10), table('notes', 3)]);
    const relation = related(one, hub, compared(one, hub, 'users', { same: 8, differ: { role: 2 } }));
    const given = facts([store('data/hub.db', [table('users', 40)]), one], [relation], { primary: 'data/hub.db' });
    const [found] = divergedStore.detect(given);
    expect(found?.message).toBe('b.db holds 3 rows that data/hub.db lacks (notes 3): do not delete it.');
    expect(found?.evidence).toContain('notes: 3 rows, a table that the other store does not have');
  });

  it('reports n rivals n - 1 times against the primary, not once per pair', () => {
    const rivals = ['a.db', 'b.db', 'c.db', 'd.db'].map((path) => rival(path));
    const pairs = rivals.flatMap(({ one: x }, i) =>
      rivals
        .slice(i + 1)
        .map(({ one: y }) => related(x, y, compared(x, y, 'users', { same: 9 }), compared(x, y, 'tasks', { same: 5 }))),
    );
    const given = facts([hub, ...rivals.map(({ one }) => one)], [...rivals.map(({ relation }) => relation), ...pairs]);
    const found = divergedStore.detect(given);
    expect(found.map(({ stores }) => stores)).toEqual(
      ['a.db', 'b.db', 'c.db', 'd.db'].map((id) => [id, 'data/hub.db']),
    );
  });

  it('tells a pair once where nobody was elected', () => {
    const [x, y] = [store('x.db', [table('users', 10)]), store('y.db', [table('users', 10)])];
    const given = facts([x, y], [related(x, y, compared(x, y, 'users', { same: 5 }))]);
    expect(given.groups[0]?.primary).toBeNull();
    expect(divergedStore.detect(given)).toMatchObject([
      {
        message: 'y.db holds 5 rows that x.db lacks (users 5), and lacks 5 of its rows: delete neither.',
        at: [{ path: 'x.db' }, { path: 'y.db' }],
      },
    ]);
  });

  it('is not the story of two services that share one table of several', () => {
    const auth = store('auth.db', [table('users', 12), table('sessions', 90)]);
    const relation = related(auth, hub, compared(auth, hub, 'users', { same: 10 }));
    expect(divergedStore.detect(facts([hub, auth], [relation]))).toEqual([]);
  });

  it('does not take a migration ledger for rows of its own', () => {
    const ledger = { system: 'alembic', table: 'alembic_version', entries: 1, latest: 'b', digest: 'b' };
    const version = table('alembic_version', 1, ['version_num']);
    const [a, b] = ['a.db', 'b.db'].map((path) =>
      store(path, [table('users', path === 'a.db' ? 5 : 6), version], { migrations: [ledger] }),
    );
    if (a === undefined || b === undefined) return expect.unreachable();
    const relation = related(a, b, compared(a, b, 'users', { same: 5 }), compared(a, b, 'alembic_version'));
    expect(relation.kind).toBe('diverged');
    expect(divergedStore.detect(facts([a, b], [relation], { primary: 'b.db' }))).toEqual([]);
  });

  it('speaks of a lone backup with rows of its own, and leaves a heap of backups to backup-residue', () => {
    const lone = rival('data/hub.db.bak', { role: 'backup', roleReason: 'name ends in .bak', sha256: 'aa' });
    expect(divergedStore.detect(facts([hub, lone.one], [lone.relation]))[0]).toMatchObject({ severity: 'medium' });
    const written = compared(lone.one, hub, 'users', { same: 10, more: { idCollisions: 2 } });
    const rewritten = related(lone.one, hub, written, compared(lone.one, hub, 'tasks', { same: 9 }));
    expect(divergedStore.detect(facts([hub, lone.one], [rewritten]))[0]).toMatchObject({ severity: 'high' });
    const second = store('data/hub.db.bak2', lone.one.tables, { role: 'backup', sha256: 'aa' });
    expect(divergedStore.detect(facts([hub, lone.one, second], [lone.relation, sameBytes(second, lone.one)]))).toEqual(
      [],
    );
  });

  it('R1 R17: names colliding ids and what was deleted on the other side since a common ancestor', () => {
    const one = store('b.db', [table('users', 12)]);
    const other = store('a.db', [table('users', 10)]);
    const relation = related(one, other, compared(one, other, 'users', { same: 8, more: { idCollisions: 3 } }));
    const ancestor = {
      a: 'b.db',
      b: 'a.db',
      from: 'old.db',
      at: '2025-01-01T00:00:00Z',
      tables: [
        {
          table: 'users',
          rows: 9,
          changedInA: 0,
          changedInB: 0,
          changedInBoth: 0,
          deletedInA: 0,
          deletedInB: 1,
          addedInA: 3,
          addedInB: 2,
        },
      ],
    };
    const [found] = divergedStore.detect(facts([one, other], [relation], { primary: 'a.db', ancestors: [ancestor] }));
    expect(found?.evidence).toContain('users: 3 ids held by both for different rows');
    expect(found?.evidence).toContain('users: 1 row of old.db deleted in a.db since');
  });

  it('is at most likely where rows were sampled', () => {
    const one = store('b.db', [table('users', 12)]);
    const relation = related(one, hub, compared(one, hub, 'users', { same: 8, more: { method: 'sample' } }));
    expect(divergedStore.detect(facts([hub, one], [relation]))[0]).toMatchObject({
      confidence: 'likely',
      message: expect.stringContaining('sampled'),
    });
  });
});
