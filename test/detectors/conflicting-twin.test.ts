import { describe, expect, it } from 'vitest';
import { conflictingTwin } from '../../src/audit/detectors/conflicting-twin.ts';
import { twinTable } from '../../src/audit/detectors/twin-table.ts';
import { compared, facts, related, store, table } from '../builders/facts.ts';

const users = (rows: number) =>
  table('users', rows, ['id:integer', 'email:email', 'password:password-hash', 'role', 'seen_at:timestamp-t']);
const hub = store('data/hub.db', [users(4), table('logs', 9)]);
const auth = store('data/auth.db', [users(3), table('sessions', 93)]);

describe('conflicting-twin', () => {
  it('R2: one person with two password hashes is critical, counted per column', () => {
    const key = {
      columns: ['email'],
      kind: 'unique',
      surrogate: false,
      matched: 3,
      agreeing: 3,
      chosen: true,
      why: '',
    } as const;
    const twin = compared(auth, hub, 'users', {
      same: 1,
      differ: { password: 2, role: 1 },
      more: { keys: [key], idCollisions: 2, ambiguous: 1 },
    });
    expect(conflictingTwin.detect(facts([hub, auth], [related(auth, hub, twin)]))).toMatchObject([
      {
        severity: 'critical',
        confidence: 'proven',
        message: 'users: data/auth.db and data/hub.db disagree about 2 rows (password 2 and role 1).',
        evidence: [
          'users, data/auth.db and data/hub.db by email: 2 of 3 shared rows differ (password 2 and role 1); 2 ids held by both for different rows; 1 row matches two others through two keys',
        ],
      },
    ]);
  });

  it('tells three files that disagree about one table once', () => {
    const third = store('data/dash.db', [users(2), table('views', 5)]);
    const differ = { role: 1 };
    const given = facts(
      [hub, auth, third],
      [
        related(auth, hub, compared(auth, hub, 'users', { same: 1, differ })),
        related(third, hub, compared(third, hub, 'users', { same: 1, differ })),
        related(auth, third, compared(auth, third, 'users', { same: 1, differ })),
      ],
    );
    const found = conflictingTwin.detect(given);
    expect(found.map(({ message, severity }) => [message, severity])).toEqual([
      ['users: 3 files disagree about up to 1 row (role 1).', 'high'],
    ]);
  });

  it('R4: finds contradictions under different names', () => {
    const a = store('a.db', [table('tasks', 80)]);
    const b = store('b.db', [table('dynamic_tasks', 75)]);
    const twin = compared(a, b, ['tasks', 'dynamic_tasks'], { same: 45, differ: { role: 28 } });
    expect(conflictingTwin.detect(facts([a, b], [related(a, b, twin)]))).toMatchObject([
      {
        message: 'dynamic_tasks and tasks: a.db and b.db disagree about 28 rows (role 28).',
        tables: [
          { store: 'a.db', table: 'tasks' },
          { store: 'b.db', table: 'dynamic_tasks' },
        ],
      },
    ]);
  });

  it('is low where only times differ, likely where rows were sampled', () => {
    const times = compared(auth, hub, 'users', {
      same: 1,
      differ: { seen_at: 2 },
      more: { method: 'sample', sampledRows: 7 },
    });
    expect(conflictingTwin.detect(facts([hub, auth], [related(auth, hub, times)]))).toMatchObject([
      { severity: 'low', confidence: 'likely', message: expect.stringContaining('2 rows among those sampled') },
    ]);
  });

  it('R17: says how many rows both sides changed since a common ancestor, whichever side is named first', () => {
    const untouched = { rows: 4, changedInA: 1, changedInB: 1, deletedInA: 0, deletedInB: 0, addedInA: 0, addedInB: 0 };
    const at = '2025-01-01T00:00:00Z';
    const ancestor = (a: string, b: string, changedInBoth: number) => ({
      a,
      b,
      from: 'backups/1.db',
      at,
      tables: [
        { table: 'users', ...untouched, changedInBoth },
        { table: 'logs', ...untouched, changedInBoth: 9 },
      ],
    });
    const relation = related(auth, hub, compared(auth, hub, 'users', { same: 1, differ: { role: 2 } }));
    const evidence = (a: string, b: string, changedInBoth: number) =>
      conflictingTwin
        .detect(facts([hub, auth], [relation], { ancestors: [ancestor(a, b, changedInBoth)] }))[0]
        ?.evidence.slice(1);
    const line = 'users: 1 row of backups/1.db changed in both since';
    expect(evidence(auth.id, hub.id, 1)).toEqual([line]);
    expect(evidence(hub.id, auth.id, 1)).toEqual([line]);
    expect(evidence(hub.id, auth.id, 0)).toEqual([]);
    expect(evidence(hub.id, 'other.db', 1)).toEqual([]);
  });

  it('gathers more than five tables of the same stores, except those that have to do with logging in', () => {
    const names = ['t1', 't2', 't3', 't4', 't5', 't6'];
    const [a, b] = ['a.db', 'b.db'].map((path) => store(path, [users(4), ...names.map((name) => table(name, 4))]));
    if (a === undefined || b === undefined) return expect.unreachable();
    const twins = names.map((name) => compared(a, b, name, { same: 3, differ: { role: 1 } }));
    const login = compared(a, b, 'users', { same: 3, differ: { password: 1 } });
    const found = conflictingTwin.detect(facts([a, b], [related(a, b, login, ...twins)]));
    expect(found.map(({ message }) => message)).toEqual([
      't1, t2 and 4 more: a.db and b.db disagree about 6 rows (t1.role 1, t2.role 1, t3.role 1 and 3 more).',
      'users: a.db and b.db disagree about 1 row (password 1).',
    ]);
    expect(conflictingTwin.detect(facts([a, b], [related(a, b, ...twins.slice(1))]))).toHaveLength(5);
  });

  it('is silent about backups, fixtures, ledgers and twins that agree; twin-table never repeats it', () => {
    const differ = { role: 1 };
    const backup = { ...auth, id: 'auth.bak', path: 'auth.bak', role: 'backup' as const };
    const fixture = { ...auth, id: 'test/auth.db', path: 'test/auth.db', role: 'fixture' as const };
    const given = facts(
      [hub, backup, fixture, auth],
      [
        related(backup, hub, compared(backup, hub, 'users', { same: 1, differ })),
        related(fixture, hub, compared(fixture, hub, 'users', { same: 1, differ })),
        related(auth, hub, compared(auth, hub, 'users', { same: 3 })),
      ],
    );
    expect(conflictingTwin.detect(given)).toEqual([]);
    const contradicting = facts([hub, auth], [related(auth, hub, compared(auth, hub, 'users', { same: 1, differ }))]);
    expect(twinTable.detect(contradicting)).toEqual([]);
  });
});
