import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ABSENT, type FileState } from '../disk/path-state.ts';
import { keyOf } from '../disk/paths.ts';
import type { Step } from '../steps/step.ts';
import { transitionsOf } from '../steps/step.ts';
import { BATCH_BYTES, BATCH_STEPS, batchesOf } from './batches.ts';

const file = (bytes = 1): FileState => ({ kind: 'file', sha256: 'x', bytes, mode: 0o644 });
type Loose = Step extends infer S ? (S extends Step ? Omit<S, 'n' | 'action'> : never) : never;
const numbered = (steps: readonly Loose[]): Step[] =>
  steps.map((step, i) => ({ n: i + 1, action: 'a', ...step }) as Step);
const put = (path: string, bytes = 1, store?: string): Loose => ({
  op: 'put',
  path,
  before: ABSENT,
  after: file(bytes),
  how: 'replace',
  ...(store === undefined ? {} : { store }),
});
const folder = { kind: 'folder', mode: 0o755 } as const;
const cut = (...steps: readonly Loose[]): readonly string[] =>
  [...batchesOf(numbered(steps))].map((batch) => batch.map(({ n }) => n).join(' '));

it('nothing is no batch', () => expect(cut()).toEqual([]));

it('is full by number and by bytes; one that is too big stands alone', () => {
  const many = Array.from({ length: BATCH_STEPS * 2 + 1 }, (_, i) => put(`f${i}`));
  expect([...batchesOf(numbered(many))].map(({ length }) => length)).toEqual([BATCH_STEPS, BATCH_STEPS, 1]);
  expect(cut(put('a', BATCH_BYTES - 1), put('b', 1), put('c', 1))).toEqual(['1 2', '3']);
  expect(cut(put('a'), put('b', BATCH_BYTES * 3), put('c'))).toEqual(['1', '2', '3']);
});

it('what needs another step comes after its batch', () => {
  expect(cut({ op: 'make-folder', path: 'a', after: folder }, put('ab'), put('a/b/c'))).toEqual(['1 2', '3']);
  expect(
    cut({ op: 'remove', path: 'a/b', before: file() }, { op: 'remove-folder', path: 'a', before: folder }),
  ).toEqual(['1', '2']);
  expect(cut({ op: 'rename', path: 'a', to: 'b', before: file() }, put('b'))).toEqual(['1', '2']);
  expect(cut({ op: 'rename', path: 'a', to: 'b', before: file() }, put('a'))).toEqual(['1', '2']);
  const index: Loose = { op: 'git-index', index: '/p/.git/index', entries: [] };
  expect(cut(put('a'), index, index)).toEqual(['1 2', '3']);
});

it('S3: a store and its sidecars are one batch of their own, whatever their size', () => {
  const store = [put('s.db-wal', BATCH_BYTES, 's.db'), put('s.db', BATCH_BYTES, 's.db')];
  expect(cut(put('a'), ...store, put('t.db', 1, 't.db'), put('b'))).toEqual(['1', '2 3', '4', '5']);
});

it('keeps every step once and in order, and no path meets another one in a batch', () => {
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  const step = fc.oneof(
    path.map((one) => put(one)),
    fc.tuple(path, path).map(([from, to]): Loose => ({ op: 'rename', path: from, to, before: file() })),
    path.map((one): Loose => ({ op: 'make-folder', path: one, after: folder })),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const batches = [...batchesOf(numbered(steps))];
      expect(batches.flat().map(({ n }) => n)).toEqual(steps.map((_, i) => i + 1));
      for (const batch of batches) {
        const touched = batch.map((one) => transitionsOf(one).map(({ path: at }) => keyOf(at)));
        touched.forEach((keys, i) => {
          for (const other of touched.slice(i + 1).flat()) {
            for (const key of keys) {
              expect(key === other || key.startsWith(`${other}/`) || other.startsWith(`${key}/`)).toBe(false);
            }
          }
        });
      }
    }),
  );
});
