import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { realDisk } from '../disk/real-disk.ts';
import { diffTrees } from './diff-trees.ts';

let parent: string;
let a: string;
let b: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'diff-'));
  a = join(parent, 'a');
  b = join(parent, 'b');
  for (const side of [a, b]) {
    for (const [path, text] of Object.entries({
      'kept.txt': 'same',
      'edited.py': 'db = "a.db"',
      'data/old.db': 'rows',
      'tool.sh': 'sh',
      empty: '',
      '.git/index': side,
    })) {
      mkdirSync(dirname(join(side, path)), { recursive: true });
      writeFileSync(join(side, path), text);
    }
  }
});
afterEach(() => rmSync(parent, { recursive: true }));

it('equal trees have no difference, whatever their times', () => {
  utimesSync(join(b, 'kept.txt'), 1, 1);
  expect(diffTrees(realDisk, a, b)).toEqual([]);
});

it('names what was added, removed, changed and moved, with lengths', () => {
  writeFileSync(join(b, 'edited.py'), 'db = "b.db"');
  mkdirSync(join(b, 'archive'));
  renameSync(join(b, 'data/old.db'), join(b, 'archive/old.db'));
  chmodSync(join(b, 'tool.sh'), 0o755);
  unlinkSync(join(b, 'kept.txt'));
  writeFileSync(join(b, 'new'), '');
  unlinkSync(join(b, 'empty'));
  expect(diffTrees(realDisk, a, b)).toEqual([
    { path: 'archive', is: 'added', kind: 'folder', before: null, after: null },
    { path: 'archive/old.db', is: 'moved', from: 'data/old.db', kind: 'file', before: 4, after: 4 },
    { path: 'edited.py', is: 'changed', kind: 'file', before: 11, after: 11 },
    { path: 'empty', is: 'removed', kind: 'file', before: 0, after: null },
    { path: 'kept.txt', is: 'removed', kind: 'file', before: 4, after: null },
    { path: 'new', is: 'added', kind: 'file', before: null, after: 0 },
    { path: 'tool.sh', is: 'mode', kind: 'file', before: 2, after: 2 },
  ]);
});

it('one of two equal files that went is removed, the other moved', () => {
  writeFileSync(join(a, 'copy.db'), 'rows');
  unlinkSync(join(b, 'data/old.db'));
  writeFileSync(join(b, 'main.db'), 'rows');
  const is = diffTrees(realDisk, a, b).map((one) => `${one.is} ${String(one.path)}`);
  expect(is).toEqual(['removed data/old.db', 'moved main.db']);
});

it('links are compared by where they lead in their own tree', () => {
  symlinkSync(join(a, 'kept.txt'), join(a, 'link'));
  symlinkSync(join(b, 'kept.txt'), join(b, 'link'));
  expect(diffTrees(realDisk, a, b)).toMatchObject([{ path: 'link', is: 'changed' }]);
  expect(diffTrees(realDisk, a, b, { linksOf: { before: a, after: b } })).toEqual([]);
});

it('a file that became a folder is both', () => {
  unlinkSync(join(b, 'kept.txt'));
  mkdirSync(join(b, 'kept.txt'));
  expect(diffTrees(realDisk, a, b)).toMatchObject([
    { path: 'kept.txt', is: 'added', kind: 'folder' },
    { path: 'kept.txt', is: 'removed', kind: 'file' },
  ]);
});
