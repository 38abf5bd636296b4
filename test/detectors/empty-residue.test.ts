import { describe, expect, it } from 'vitest';
import { emptyResidue } from '../../src/audit/detectors/empty-residue.ts';
import { facts, store, table } from '../builders/facts.ts';

const empty = (path: string, more = {}) => store(path, [], { status: 'empty', bytes: 0, ...more });

describe('empty-residue', () => {
  it('S4: reports a 0-byte store and the store of the same name that has the rows', () => {
    const [found] = emptyResidue.detect(facts([empty('app.db'), store('backend/app.db', [table('users', 14)])]));
    expect(found).toMatchObject({
      severity: 'low',
      confidence: 'proven',
      message: 'app.db is empty (0 bytes).',
      evidence: ['app.db: 0 bytes', 'backend/app.db has the name of app.db and 14 rows'],
    });
  });

  it('S4: reports a SQLite file without a table, and several of one folder together', () => {
    const found = emptyResidue.detect(facts([store('a/x.db'), empty('a/y.db'), empty('b/z.db')]));
    expect(found.map(({ message }) => message)).toEqual([
      'a/x.db and a/y.db are empty (0 bytes or no table).',
      'b/z.db is empty (0 bytes).',
    ]);
  });

  it('is high where a backup of that name has rows', () => {
    const backup = store('data/hub.db.bak', [table('users', 7)], { role: 'backup' });
    expect(emptyResidue.detect(facts([empty('data/hub.db'), backup]))).toMatchObject([
      { severity: 'high', message: 'data/hub.db is empty while data/hub.db.bak beside it holds rows.' },
    ]);
  });

  it('S1: is silent about a store whose rows are in its write-ahead log, a fixture, tables without rows', () => {
    const wal = store('w.db', [], { sidecars: [{ path: 'w.db-wal', role: 'wal', bytes: 4152 }] });
    const shm = store('s.db', [], { sidecars: [{ path: 's.db-shm', role: 'shm', bytes: 32768 }] });
    const drained = store('d.db', [], { sidecars: [{ path: 'd.db-wal', role: 'wal', bytes: 0 }] });
    expect(emptyResidue.detect(facts([shm, drained])).flatMap(({ stores }) => stores ?? [])).toEqual(['s.db', 'd.db']);
    const fixture = empty('test/fixtures/e.db', { role: 'fixture' });
    const bare = store('b.db', [table('users', 0)]);
    const unread = store('u.db', [], { status: 'not-verified' });
    expect(emptyResidue.detect(facts([wal, fixture, bare, unread]))).toEqual([]);
  });
});
