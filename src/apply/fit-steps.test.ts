import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Disk } from '../disk/disk.ts';
import { type FileState, stateOf } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import type { PlannedStep } from '../steps/step.ts';
import { fitSteps, severalNames } from './fit-steps.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fit-'));
  mkdirSync(join(root, 'mounted'));
  for (const name of ['a', 'one', 'mounted/file']) writeFileSync(join(root, name), name);
  linkSync(join(root, 'a'), join(root, 'b'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = (path: string): FileState => stateOf(realDisk, join(root, path)) as FileState;
const put = (path: string, before: FileState): PlannedStep => ({
  action: 'x',
  op: 'put',
  path,
  before,
  after: { ...before, sha256: 'f'.repeat(64) },
  how: 'replace',
});
/** What lies at these paths, and below them, is another file system. */
const elsewhere = (...paths: readonly string[]): Disk =>
  Object.create(realDisk, {
    lstat: {
      value: (path: string) => {
        const stat = realDisk.lstat(path);
        const other = paths.some((one) => `${path}/`.startsWith(`${join(root, one)}/`));
        return stat === null || !other ? stat : { ...stat, dev: stat.dev + 1n };
      },
    },
  });

it('a file of several names is written in place, also after it moved; others are replaced', () => {
  const steps: readonly PlannedStep[] = [
    { action: 'x', op: 'rename', path: 'a', to: 'c', before: file('a') },
    put('c', file('a')),
    put('one', file('one')),
    { action: 'x', op: 'remove', path: 'b', before: file('b') },
  ];
  const fitted = fitSteps(realDisk, root, steps);
  expect(fitted.map((step) => (step.op === 'put' ? step.how : step.op))).toEqual([
    'rename',
    'in-place',
    'replace',
    'remove',
  ]);
  expect(severalNames(realDisk, root, fitted)).toEqual(['b']);
});

it('what would cross file systems is put there from the vault, and then removed', () => {
  const before = file('one');
  const steps: readonly PlannedStep[] = [{ action: 'x', op: 'rename', path: 'one', to: 'mounted/one', before }];
  expect(fitSteps(elsewhere('mounted'), root, steps)).toEqual([
    { action: 'x', op: 'put', path: 'mounted/one', before: { kind: 'absent' }, after: before, how: 'replace' },
    { action: 'x', op: 'remove', path: 'one', before },
  ]);
  expect(fitSteps(realDisk, root, steps)).toEqual(steps);
});

it('a file that is mounted by itself (trap S20) is written in place, and neither moved nor removed', () => {
  const disk = elsewhere('one');
  expect(fitSteps(disk, root, [put('one', file('one'))])).toMatchObject([{ how: 'in-place' }]);
  const remove: PlannedStep = { action: 'x', op: 'remove', path: 'one', before: file('one') };
  expect(() => fitSteps(disk, root, [remove])).toThrow(/one is mounted by itself.*Nothing was begun/);
});

it('S20: a file that is mounted by itself from the same file system is no other file to its folder, and is not removed', () => {
  const mounts = new Set([join(root, 'one')]);
  const step: PlannedStep = { action: 'x', op: 'remove', path: 'one', before: file('one') };
  expect(() => fitSteps(realDisk, root, [step], mounts)).toThrow('one is mounted by itself');
  expect(fitSteps(realDisk, root, [put('one', file('one'))], mounts)).toMatchObject([{ how: 'in-place' }]);
  expect(fitSteps(realDisk, root, [step])).toHaveLength(1);
});
