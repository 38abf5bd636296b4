import { describe, expect, it } from 'vitest';
import { detectAll } from '../../src/audit/detectors/index.ts';
import { unreadableStore } from '../../src/audit/detectors/unreadable-store.ts';
import type { Store, UnreadableReason } from '../../src/stores/model.ts';
import { facts, store, table } from '../builders/facts.ts';

const closed = (path: string, code: UnreadableReason, more: Partial<Store> = {}) =>
  store(path, [], { status: 'not-verified', reason: { code, message: `because ${code}` }, ...more });

describe('unreadable-store', () => {
  it('S14: reports every reason and concludes nothing', () => {
    const codes: readonly UnreadableReason[] = [
      'permission',
      'corrupt',
      'truncated',
      'encrypted',
      'lfs-pointer',
      'missing-content',
      'changing',
      'timeout',
      'memory',
      'no-space',
      'unsupported',
      'vanished',
      'not-utf8',
      'error',
    ];
    const found = unreadableStore.detect(facts(codes.map((code) => closed(`${code}.db`, code))));
    expect(found).toHaveLength(codes.length);
    for (const { message, consequence, confidence } of found) {
      expect(message).toMatch(/is not verified: /);
      expect(consequence).toMatch(/Nothing is concluded about it\.$/);
      expect(confidence).toBe('proven');
    }
  });

  it('X2: one line of a text file that breaks its form is no damaged database', () => {
    const found = unreadableStore.detect(facts([closed('list.csv', 'corrupt'), closed('hub.db', 'corrupt')]));
    expect(found.map(({ severity, at }) => [at[0]?.path, severity])).toEqual([
      ['list.csv', 'low'],
      ['hub.db', 'critical'],
    ]);
  });

  it('S14: a damaged store in use is critical, a damaged backup is not; nothing else is said about them', () => {
    const found = detectAll(facts([closed('hub.db', 'corrupt'), closed('hub.bak', 'corrupt', { role: 'backup' })]), []);
    expect(found.map(({ code, severity, at }) => [code, severity, at[0]?.path])).toEqual([
      ['unreadable-store', 'critical', 'hub.db'],
      ['unreadable-store', 'medium', 'hub.bak'],
    ]);
  });

  it('says fifty pointers of one folder once', () => {
    const many = Array.from({ length: 50 }, (_, i) => closed(`data/${i}.db`, 'lfs-pointer'));
    expect(unreadableStore.detect(facts(many))).toMatchObject([
      { message: 'data/0.db, data/1.db, data/2.db and 47 more are not verified: a Git LFS pointer, not the content.' },
    ]);
  });

  it('reports folders that could not be listed and comparisons that were not finished', () => {
    const given = facts([store('a.db', [table('t', 1)])], [], {
      notCompared: [{ a: 'a.db', b: 'b.db', why: 'took too long' }],
      project: {
        name: 'p',
        root: '/p',
        git: null,
        files: 1,
        bytes: 1,
        skipped: [],
        unreadable: [{ path: 'secret', why: 'permission denied' }],
      },
    });
    expect(unreadableStore.detect(given).map(({ message, evidence }) => [message, evidence[0]])).toEqual([
      ['secret could not be listed or read: stores in there are not part of this audit.', 'secret: permission denied'],
      ['1 pair of stores could not be compared (a.db and b.db).', 'a.db and b.db: took too long'],
    ]);
  });

  it('is silent about verified and empty stores', () => {
    expect(
      unreadableStore.detect(facts([store('a.db', [table('t', 1)]), store('e.db', [], { status: 'empty' })])),
    ).toEqual([]);
  });
});
