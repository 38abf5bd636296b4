import { expect, it } from 'vitest';
import { missingStore } from '../../src/audit/detectors/missing-store.ts';
import { binding } from '../builders/bindings.ts';
import { facts, NO_CODE } from '../builders/facts.ts';

const found = (...bindings: readonly ReturnType<typeof binding>[]) =>
  missingStore.detect(facts([], [], { code: { ...NO_CODE, bindings } })).map(({ message }) => message);
const copied = binding('admin.py', 9, { kind: 'missing', path: 'instance/app.db' }, { by: 'copy' });

it('S13: a file that a line reads, and that is not there', () => {
  expect(found(copied)).toEqual(['instance/app.db is not there; 1 line opens it.']);
});

it('S13: what another line makes when it runs is not missing, what it makes elsewhere does not help', () => {
  const opens = (path: string) => binding('config.py', 3, { kind: 'runtime', path });
  expect(found(copied, opens('instance/app.db'))).toEqual([]);
  expect(found(copied, opens('app.db'))).toHaveLength(1);
});
