import { describe, expect, it } from 'vitest';
import { backupResidue } from '../../src/audit/detectors/backup-residue.ts';
import { detectAll } from '../../src/audit/detectors/index.ts';
import type { Store } from '../../src/stores/model.ts';
import { compared, facts, related, sameBytes, store, table } from '../builders/facts.ts';

const hub = store('data/hub.db', [table('users', 7)]);

function backup(path: string, sha256: string, more: Partial<Store> = {}): Store {
  return store(path, [table('users', 5)], { role: 'backup', sha256, bytes: 150_000, ...more });
}

const against = (one: Store, same: number) => related(one, hub, compared(one, hub, 'users', { same }));

describe('backup-residue', () => {
  it('S9: thirteen byte-equal backups are one finding, and no other', () => {
    const files = Array.from({ length: 13 }, (_, i) => backup(`backups/hub-${String(i).padStart(2, '0')}.db`, 'aa'));
    const [first, ...rest] = files;
    if (first === undefined) return expect.unreachable();
    const found = detectAll(
      facts([hub, ...files], [against(first, 5), ...rest.map((one) => sameBytes(one, first))]),
      [],
    );
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['backup-residue', 'backups/: 13 files are one content; 1.8 MB could be freed.'],
    ]);
  });

  it('S9: 156 files of 12 contents are grouped by content, across dated folders, with oldest and newest', () => {
    const files = Array.from({ length: 156 }, (_, i) =>
      backup(`backups/2025-${String((i % 9) + 1).padStart(2, '0')}/${i}.db`, `h${i % 12}`, {
        modified: new Date(Date.UTC(2025, 0, 1 + i)).toISOString(),
      }),
    );
    const firsts = files.slice(0, 12);
    const equal = files
      .slice(12)
      .flatMap((one, i) => (firsts[i % 12] === undefined ? [] : [sameBytes(one, firsts[i % 12] as Store)]));
    const [found, ...others] = backupResidue.detect(
      facts([hub, ...files], [...firsts.map((one) => against(one, 4)), ...equal]),
    );
    expect(others).toEqual([]);
    expect(found?.message).toBe('backups/: 156 files hold 12 contents; 22 MB could be freed.');
    expect(found?.evidence[0]).toBe('oldest 2025-01-01, newest 2025-06-05 (file dates), 23 MB in all');
    expect(found?.evidence).toContain('12 contents hold rows that data/hub.db does not have, up to 1 row');
    expect(found?.at).toEqual([{ path: 'backups' }]);
  });

  it('keeps its identity when another backup is added', () => {
    const files = [backup('backups/1.db', 'aa'), backup('backups/2.db', 'aa'), backup('backups/3.db', 'aa')];
    const [one, two, three] = files as [Store, Store, Store];
    const print = (stores: readonly Store[]) =>
      detectAll(
        facts([hub, ...stores], [against(one, 5), ...stores.slice(1).map((other) => sameBytes(other, one))]),
        [],
      ).map(({ fingerprint }) => fingerprint);
    expect(print([one, two])).toEqual(print([one, two, three]));
  });

  it('tells two heaps of one folder apart', () => {
    const energy = store('data/energy.db', [table('readings', 7)]);
    const other = ['c', 'd'].map((name) =>
      store(`backups/${name}.db`, [table('readings', 7)], { role: 'backup', sha256: 'bb' }),
    );
    const [a, b, c, d] = [backup('backups/a.db', 'aa'), backup('backups/b.db', 'aa'), ...other] as [
      Store,
      Store,
      Store,
      Store,
    ];
    const given = facts(
      [hub, energy, a, b, c, d],
      [
        against(a, 5),
        sameBytes(b, a),
        related(c, energy, compared(c, energy, 'readings', { same: 7 })),
        sameBytes(d, c),
      ],
    );
    expect(detectAll(given, []).filter(({ code }) => code === 'backup-residue')).toHaveLength(2);
  });

  it('is silent about a few that all differ, about unread and foreign ones', () => {
    const few = [backup('backups/1.db', 'a'), backup('backups/2.db', 'b'), backup('backups/3.db', 'c')];
    const unread = backup('backups/4.db', 'a', { status: 'not-verified' });
    const foreign = backup('backups/5.db', 'a', { foreign: { program: 'x', evidence: 'y' } });
    expect(backupResidue.detect(facts([hub, ...few, unread, foreign]))).toEqual([]);
    const fifth = [backup('backups/6.db', 'd'), backup('backups/7.db', 'e')];
    expect(backupResidue.detect(facts([hub, ...few, ...fifth]))).toHaveLength(1);
  });

  it('S3: a file with a write-ahead log is a content of its own', () => {
    const [a, b] = [
      backup('backups/1.db', 'a'),
      backup('backups/2.db', 'a', { sidecars: [{ path: 'backups/2.db-wal', role: 'wal', bytes: 99 }] }),
    ];
    expect(backupResidue.detect(facts([hub, a, b]))).toEqual([]);
  });
});
