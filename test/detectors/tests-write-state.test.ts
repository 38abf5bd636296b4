import { describe, expect, it } from 'vitest';
import { testsWriteState } from '../../src/audit/detectors/tests-write-state.ts';
import type { Binding } from '../../src/bindings/model.ts';
import type { Store } from '../../src/stores/model.ts';
import { binding } from '../builders/bindings.ts';
import { facts, NO_CODE, store, table } from '../builders/facts.ts';

const hub = store('data/hub.db', [table('users', 3)]);
const test = (of: string | Binding['target'], more: Partial<Binding> = {}): Binding =>
  binding('tests/test_users.py', 5, of, { purpose: 'test', access: ['read', 'write'], ...more });
const found = (stores: readonly Store[], bindings: readonly Binding[]) =>
  testsWriteState.detect(facts(stores, [], { code: { ...NO_CODE, bindings } }));

describe('tests-write-state', () => {
  it('names the test, the line and the rows that are at stake', () => {
    const [one, ...more] = found([hub], [test(hub.id), binding('app.py', 2, hub.id)]);
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'high',
      confidence: 'proven',
      message: 'tests/test_users.py writes to data/hub.db, a store that the application uses.',
      at: [{ path: 'tests/test_users.py', line: 5 }],
      stores: ['data/hub.db'],
    });
    expect(one?.evidence).toContain('data/hub.db holds 3 rows');
  });

  it('is medium where no application opens it, and low for an empty one that git does not track', () => {
    expect(found([hub], [test(hub.id)])).toMatchObject([{ severity: 'medium' }]);
    expect(found([store('x.db')], [test('x.db')])).toMatchObject([{ severity: 'low' }]);
    expect(found([store('x.db', [], { git: 'tracked' })], [test('x.db')])).toMatchObject([{ severity: 'medium' }]);
  });

  it('is silent about fixtures, temporary places, memory, readers and what opens another place in some context', () => {
    const fixture = store('tests/data/users.db', [table('users', 3)], { role: 'fixture' });
    const own = store('tmp/users.db', [table('users', 3)]);
    const named = store('test.db', [table('users', 3)]);
    expect(found([fixture, own, named], [test(fixture.id), test(own.id), test(named.id)])).toEqual([]);
    expect(found([hub], [test({ kind: 'memory' }), test({ kind: 'temporary', path: '/tmp/pytest/hub.db' })])).toEqual(
      [],
    );
    expect(found([hub], [test(hub.id, { access: ['read'] })])).toEqual([]);
    expect(found([hub], [test(hub.id), test({ kind: 'memory' })])).toEqual([]);
    expect(found([hub], [test(hub.id, { purpose: 'application' })])).toEqual([]);
    expect(found([hub], [test(hub.id, { confidence: 'unknown' })])).toEqual([]);
  });
});
