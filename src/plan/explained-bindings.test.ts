import { expect, test } from 'vitest';
import type { BindingTarget } from '../bindings/model.ts';
import type { CodeSnapshot, SeenBinding } from './code-snapshot.ts';
import { explainedBindings } from './explained-bindings.ts';

const NOTHING = { bindings: [], imports: [] } as unknown as CodeSnapshot;
const opens = (target: BindingTarget): SeenBinding =>
  ({ path: 'files.py', line: 3, context: 'make run', target, confidence: 'likely' }) as unknown as SeenBinding;
const family = (...stores: string[]): BindingTarget => ({ kind: 'family', pattern: 'uploads/{}', stores });

test('a name with a hole that fits fewer files, since some of them went, opens what it opened', () => {
  const isExplained = (after: BindingTarget | null, ...gone: string[]): boolean => {
    const change = {
      before: opens(family('uploads/a.db', 'uploads/b.db')),
      after: after === null ? null : opens(after),
    };
    const by = {
      before: NOTHING,
      after: NOTHING,
      moved: new Map(),
      touched: new Set(['files.py']),
      removed: new Set(gone),
    };
    return explainedBindings([change], by).has(change);
  };
  expect(isExplained(family('uploads/b.db'), 'uploads/a.db')).toBe(true);
  expect(isExplained(null, 'uploads/a.db', 'uploads/b.db')).toBe(true);
  expect(isExplained(null, 'uploads/a.db')).toBe(false);
  expect(isExplained(family('uploads/b.db'))).toBe(false);
  expect(isExplained(family('uploads/c.db'), 'uploads/a.db', 'uploads/b.db')).toBe(false);
  expect(isExplained({ kind: 'store', store: 'uploads/b.db' }, 'uploads/a.db')).toBe(false);
});
