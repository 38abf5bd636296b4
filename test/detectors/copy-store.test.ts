import { describe, expect, it } from 'vitest';
import { copyStore } from '../../src/audit/detectors/copy-store.ts';
import { compared, facts, related, sameBytes, store, table } from '../builders/facts.ts';

const users = table('users', 7);
const hub = store('data/hub.db', [users], { sha256: 'aa' });
const copy = (path: string, more = {}) => store(path, [users], { sha256: 'aa', ...more });

describe('copy-store', () => {
  it('reports all files of one content together, proven', () => {
    const [b, c] = [copy('b/hub.db'), copy('c/hub.db')];
    const found = copyStore.detect(
      facts([hub, b, c], [sameBytes(b, hub), sameBytes(c, hub)], { primary: 'data/hub.db' }),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      confidence: 'proven',
      message: 'b/hub.db and c/hub.db hold the same bytes as data/hub.db (7 rows).',
      at: [{ path: 'b/hub.db' }, { path: 'c/hub.db' }],
    });
  });

  it('measures against the primary even where another of the equal files was the one compared', () => {
    const b = copy('b/hub.db');
    const [found] = copyStore.detect(facts([hub, b], [sameBytes(hub, b)], { primary: 'data/hub.db' }));
    expect(found?.at).toEqual([{ path: 'b/hub.db' }]);
  });

  it('calls equal rows in other bytes proven only where every row and table was compared', () => {
    const b = store('b/hub.db', [users]);
    const exact = related(b, hub, compared(b, hub, 'users', { same: 7 }));
    const sampled = related(b, hub, compared(b, hub, 'users', { same: 7, more: { method: 'sample' } }));
    expect(copyStore.detect(facts([hub, b], [exact]))[0]?.confidence).toBe('proven');
    expect(copyStore.detect(facts([hub, b], [sampled]))[0]).toMatchObject({
      confidence: 'likely',
      message: expect.stringContaining('sampled'),
    });
    const virtual = store('b/hub.db', [users, table('search', null, ['body'], { kind: 'virtual' })]);
    expect(copyStore.detect(facts([hub, virtual], [exact]))[0]).toMatchObject({
      confidence: 'likely',
      evidence: expect.arrayContaining(['search was not compared']),
    });
  });

  it('does not report a store that lacks one row, a fixture, a foreign store or a backup', () => {
    const less = store('b/hub.db', [table('users', 6)]);
    const subset = related(less, hub, compared(less, hub, 'users', { same: 6 }));
    const fixture = copy('test/hub.db', { role: 'fixture' });
    const foreign = copy('ha/hub.db', { foreign: { program: 'x', evidence: 'y' } });
    const backup = copy('data/hub.db.bak', { role: 'backup' });
    const equal = [fixture, foreign, backup].map((one) => sameBytes(one, hub));
    expect(copyStore.detect(facts([hub, less, fixture, foreign, backup], [subset, ...equal]))).toEqual([]);
  });

  it('reports equal exports, and no equal text files that nothing calls an export', () => {
    const text = (path: string, role: 'export' | 'live') => store(path, [table('rows', 3)], { role, sha256: 'bb' });
    const [a, b, c] = [text('exports/a.csv', 'export'), text('exports/b.csv', 'export'), text('web/a.json', 'live')];
    const found = copyStore.detect(facts([a, b, c], [sameBytes(b, a), sameBytes(c, a)]));
    expect(found.map(({ message, severity }) => [message, severity])).toEqual([
      ['exports/b.csv is the same export as exports/a.csv, byte for byte.', 'low'],
    ]);
  });
});
