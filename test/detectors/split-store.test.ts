import { expect, it } from 'vitest';
import { splitStore } from '../../src/audit/detectors/split-store.ts';
import { binding } from '../builders/bindings.ts';
import { facts, NO_CODE } from '../builders/facts.ts';

const found = (...opened: readonly (readonly [context: string, store: string])[]) =>
  splitStore
    .detect(
      facts([], [], {
        code: { ...NO_CODE, bindings: opened.map(([context, store]) => binding('app.py', 3, store, { context })) },
      }),
    )
    .map(({ stores }) => stores);

it('S5: another way of starting opens another file', () => {
  expect(found(['from the root', 'a.db'], ['in docker', 'data/a.db'])).toEqual([['a.db', 'data/a.db']]);
  expect(found(['from the root; in make', 'a.db'], ['in docker', 'data/a.db'])).toHaveLength(1);
  expect(found(['from the root; in make', 'a.db'], ['in make', 'data/a.db'])).toHaveLength(1);
});

it('S5: what the code chooses however it is started is no split', () => {
  expect(found(['from the root', 'a.db'], ['from the root', 'data/a.db'])).toEqual([]);
  const twice = ['a.db', 'data/a.db'].flatMap((store) => [
    ['from the root', store] as const,
    ['in make', store] as const,
  ]);
  expect(found(...twice)).toEqual([]);
  expect(found(['from the root; in make', 'a.db'], ['in make; from the root', 'b.db'])).toEqual([]);
});
