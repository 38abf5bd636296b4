import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ABSENT, type FileState, stateOf } from '../disk/path-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import type { PlannedStep } from '../steps/step.ts';
import { openObjects, type StoredObjects } from '../vault/objects.ts';
import { assertAsCompiled, assertRight } from './gate.ts';

let parent: string;
let root: string;
let objects: StoredObjects;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'gate-'));
  root = join(parent, 'project');
  mkdirSync(join(root, 'd'), { recursive: true });
  objects = openObjects(realDisk, join(parent, 'vault'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const write = (path: string, text: string): FileState => {
  writeFileSync(join(root, path), text);
  objects.put({ bytes: Buffer.from(text) });
  return stateOf(realDisk, join(root, path)) as FileState;
};
const compare = (steps: readonly PlannedStep[]): void =>
  assertAsCompiled({ root, disk: realDisk, run: '', objects, git: gitIndex(realDisk) }, steps);
const remove = (path: string, before: FileState): PlannedStep => ({ action: 'x', op: 'remove', path, before });

it('takes what is as it was; only the first step of a path is compared', () => {
  const [a, b] = [write('a', 'a'), write('d/b', 'b')];
  compare([
    remove('a', a),
    { action: 'x', op: 'make-folder', path: 'a', after: { kind: 'folder', mode: 0o755 } },
    { action: 'x', op: 'put', path: 'a/README', before: ABSENT, after: b, how: 'replace' },
    { action: 'x', op: 'rename', path: 'd/b', to: 'b', before: b },
    { action: 'x', op: 'remove-folder', path: 'd', before: { kind: 'folder', mode: 0o755 } },
  ]);
});

it('names what changed, came, or leads elsewhere now; nothing is begun', () => {
  const [a, b] = [write('a', 'a'), write('d/b', 'b')];
  writeFileSync(join(root, 'a'), 'edited');
  expect(() => compare([remove('a', a)])).toThrow(
    /^Changed while the run was prepared: a: there was a file of 1 bytes/,
  );
  writeFileSync(join(root, 'there'), '');
  expect(() => compare([{ action: 'x', op: 'rename', path: 'd/b', to: 'there', before: b }])).toThrow(
    /there: there was/,
  );
  rmSync(join(root, 'd'), { recursive: true });
  symlinkSync('/tmp', join(root, 'd'));
  expect(() => compare([remove('d/b', b)])).toThrow(/d\/b: d is a symbolic link.*Nothing was applied/);
});

it('what is not in the vault could not go back', () => {
  writeFileSync(join(root, 'a'), 'not backed up');
  const state = stateOf(realDisk, join(root, 'a')) as FileState;
  expect(() => compare([remove('a', state)])).toThrow(/a is not in the vault/);
});

it("an entry of git's index that somebody staged meanwhile", () => {
  const git = (...args: readonly string[]): unknown => execFileSync('git', args, { cwd: root });
  git('init', '-q');
  write('a', 'a');
  git('add', 'a');
  const index = join(root, '.git/index');
  const before = gitIndex(realDisk).entriesOf(index, ['a'])[0] ?? null;
  const steps: readonly PlannedStep[] = [
    { action: 'x', op: 'git-index', index, entries: [{ path: 'a', before, after: null }] },
  ];
  compare(steps);
  write('a', 'b');
  git('add', 'a');
  expect(() => compare(steps)).toThrow(/a: its entry in git's index is another/);
});

it.runIf(process.getuid?.() !== 0)('asks whether it may write before anything takes time', () => {
  const a = write('d/a', 'a');
  chmodSync(join(root, 'd'), 0o555);
  expect(() => assertRight(realDisk, root, [remove('d/a', a)])).toThrow(/d cannot be written: this user may not/);
  chmodSync(join(root, 'd'), 0o755);
  assertRight(realDisk, root, [remove('d/a', a)]);
});

it('the place of a folder that is to be made is the nearest one that is there', () => {
  const steps: readonly PlannedStep[] = [
    { action: 'x', op: 'make-folder', path: 'new', after: { kind: 'folder', mode: 0o755 } },
    { action: 'x', op: 'put', path: 'new/deep/file', before: ABSENT, after: write('a', 'a'), how: 'replace' },
  ];
  assertRight(realDisk, root, steps);
});
