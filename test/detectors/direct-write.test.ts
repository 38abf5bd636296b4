import { describe, expect, it } from 'vitest';
import { directWrite } from '../../src/audit/detectors/direct-write.ts';
import { exportReadByCode } from '../../src/audit/detectors/export-read-by-code.ts';
import type { Binding } from '../../src/bindings/model.ts';
import { binding } from '../builders/bindings.ts';
import { compared, facts, NO_CODE, related, store, table } from '../builders/facts.ts';

const hub = store('data/hub.db', [table('users', 6)]);
const listed = store('data/users.csv', [table('users', 5)]);
const kept = store('exports/users.csv', [table('users', 5)], { role: 'export', roleReason: 'in a folder of exports' });
const given = (file: typeof listed, bindings: readonly Binding[]) =>
  facts([hub, file], [related(file, hub, compared(file, hub, 'users', { same: 4, differ: { name: 1 } }))], {
    code: { ...NO_CODE, bindings },
  });
const write = (path: string, line = 4) => ({ access: ['write'] as const, evidence: [], path, line });
const w = (path: string, to: string): Binding => binding(path, 4, to, { ...write(path), by: 'open' });
const r = (path: string, of: string, more: Partial<Binding> = {}): Binding =>
  binding(path, 9, of, { access: ['read'], ...more });

describe('direct-write', () => {
  it('X6: rows written into a file that a table holds as well, with the line', () => {
    const [one] = directWrite.detect(given(listed, [w('app/signup.py', listed.id)]));
    expect(one).toMatchObject({
      severity: 'high',
      confidence: 'proven',
      at: [{ path: 'app/signup.py', line: 4 }],
      tables: [{ store: 'data/hub.db', table: 'users' }],
    });
  });

  it('X6: an export made from the database, a script, a test, a cache are none', () => {
    expect(directWrite.detect(given(listed, [w('app/report.py', listed.id), r('app/report.py', hub.id)]))).toEqual([]);
    expect(directWrite.detect(given(kept, [w('app/report.py', kept.id)]))).toEqual([]);
    for (const purpose of ['script', 'test', 'migration'] as const)
      expect(directWrite.detect(given(listed, [{ ...w('x.py', listed.id), purpose }]))).toEqual([]);
    const cache = { kind: 'runtime', path: 'data/cache.csv' } as const;
    expect(
      directWrite.detect(
        facts([hub], [], {
          code: { ...NO_CODE, bindings: [binding('a.py', 1, cache, { access: ['write', 'read'] }), r('a.py', hub.id)] },
        }),
      ),
    ).toEqual([]);
  });

  it('X6: a file that is read back is a second place of truth only beside a database', () => {
    const path = { kind: 'runtime', path: 'data/orders.csv' } as const;
    const both = [binding('a.py', 1, path, { access: ['write'] }), binding('b.py', 2, path, { access: ['read'] })];
    expect(directWrite.detect(facts([], [], { code: { ...NO_CODE, bindings: both } }))).toEqual([]);
    expect(
      directWrite.detect(facts([hub], [], { code: { ...NO_CODE, bindings: [...both, r('c.py', hub.id)] } })),
    ).toMatchObject([{ severity: 'medium', confidence: 'possible' }]);
  });
});

describe('export-read-by-code', () => {
  it('X3: readers and writers are listed and removal is refused', () => {
    const [one] = exportReadByCode.detect(given(kept, [r('app/api.py', kept.id), w('jobs/export.py', kept.id)]));
    expect(one).toMatchObject({ severity: 'high', confidence: 'proven', at: [{ path: 'app/api.py', line: 9 }] });
    expect(one?.evidence).toContain('read at app/api.py:9');
    expect(one?.evidence).toContain('written at jobs/export.py:4');
    expect(one?.message).toContain('may not be removed');
    expect(one?.action).toContain('Removal is refused');
  });

  it('X3: an export that nobody reads, or a script alone, is none', () => {
    expect(exportReadByCode.detect(given(kept, [w('jobs/export.py', kept.id)]))).toEqual([]);
    expect(exportReadByCode.detect(given(kept, [r('scripts/load.py', kept.id, { purpose: 'script' })]))).toEqual([]);
    expect(exportReadByCode.detect(given(kept, [r('tests/test_x.py', kept.id, { purpose: 'test' })]))).toEqual([]);
  });

  it('and direct-write never tell the same file', () => {
    const all = given(listed, [w('app/a.py', listed.id), r('app/b.py', listed.id)]);
    expect([...exportReadByCode.detect(all), ...directWrite.detect(all)]).toHaveLength(1);
  });
});
