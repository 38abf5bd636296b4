import { expect, it } from 'vitest';
import { binding } from '../../test/builders/bindings.ts';
import { compared, related, store, table } from '../../test/builders/facts.ts';
import type { Binding } from '../bindings/model.ts';
import { groupStores } from './groups.ts';

const [a, b] = [store('data/hub.db', [table('users', 5)]), store('backend/hub.db', [table('users', 5)])];
const relation = related(a, b, compared(a, b, 'users', { same: 3, differ: { name: 2 } }));
const elect = (...bindings: readonly Binding[]) => groupStores([a, b], [relation], [], bindings)[0];
const reasons = (id: string, ...bindings: readonly Binding[]) =>
  elect(...bindings)?.candidates.find(({ store: one }) => one === id)?.reasons ?? [];

it('elects nobody where nothing speaks for either', () => {
  expect(elect()?.primary).toBeNull();
});

it('elects the store that application code writes, and says where', () => {
  const writer = binding('app/db.py', 4, a.id, { access: ['read', 'write'] });
  expect(elect(writer)?.primary).toBe(a.id);
  expect(reasons(a.id, writer)).toContain('application code writes it: app/db.py:4');
  expect(reasons(b.id, writer)).toContain('no line that was understood opens it, while data/hub.db is opened');
});

it('a reader weighs less than a writer; two stores that are both written leave it open', () => {
  expect(reasons(a.id, binding('app/db.py', 4, a.id))).toContain('application code opens it: app/db.py:4');
  const both = [a, b].map(({ id }, line) => binding('app/db.py', line + 1, id, { access: ['write'] }));
  expect(elect(...both)?.primary).toBeNull();
});

it('tests, migrations, scripts and what is unknown do not vote', () => {
  for (const purpose of ['test', 'migration', 'script'] as const)
    expect(reasons(a.id, binding('x.py', 1, a.id, { purpose, access: ['write'] }))).toEqual([]);
  expect(reasons(a.id, binding('x.py', 1, a.id, { confidence: 'unknown', access: ['write'] }))).toEqual([]);
});
