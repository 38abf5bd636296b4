import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { treeState } from '../../test/tree-state.ts';
import type { Disk } from '../disk/disk.ts';
import { folderSet } from '../disk/folder-set.ts';
import { realDisk } from '../disk/real-disk.ts';
import { gitIndexPrimitive } from './git-index.ts';
import { gitIndex } from './git-index-file.ts';
import type { Ground } from './primitive.ts';
import type { GitIndexStep, IndexEntry } from './step.ts';

let dir: string;
let root: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'git-index-')));
  root = join(dir, 'project');
  mkdirSync(root);
  git('init', '-q');
  git('config', 'user.email', 'a@example.org');
  git('config', 'user.name', 'a');
  for (const name of ['a', 'b', 'c', 'data/auth.db', 'with space', 'ü']) write(name, name);
  git('add', '.');
  git('commit', '-qm', 'first');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
function write(name: string, text: string): void {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), text);
}
const ground = (disk: Disk = realDisk): Ground => ({
  root,
  disk,
  objects: { open: () => expect.unreachable() },
  run: 'r',
  git: gitIndex(disk),
});
const indexOf = (): string => join(root, git('rev-parse', '--git-path', 'index').trim());
const entry = (path: string, index = indexOf()): IndexEntry | null =>
  gitIndex(realDisk).entriesOf(index, [path])[0] ?? null;
function step(changes: Readonly<Record<string, IndexEntry | null>>, index = indexOf()): GitIndexStep {
  const entries = Object.entries(changes).map(([path, after]) => ({ path, before: entry(path, index), after }));
  return { op: 'git-index', n: 1, action: 'x', index, entries };
}
const back = (one: GitIndexStep): GitIndexStep => ({
  ...one,
  entries: one.entries.map(({ path, before, after }) => ({ path, before: after, after: before })),
});
function apply(one: GitIndexStep, on = ground()): void {
  const seen = gitIndexPrimitive.inspect(one, on);
  expect(seen.is).toBe('before');
  const staged = gitIndexPrimitive.stage(one, seen, on);
  staged.file?.sync();
  const dirty = folderSet();
  gitIndexPrimitive.commit(one, staged, on, dirty);
  staged.file?.close();
  dirty.sync(realDisk);
  gitIndexPrimitive.finish?.(one, on, dirty);
  dirty.sync(realDisk);
  expect(gitIndexPrimitive.inspect(one, on).is).toBe('after');
}
const inGit = (): readonly string[] => readdirSync(join(root, '.git')).filter((name) => /desprawl|lock/.test(name));

it('S10: untracks a file that stays where it is, and takes it back: the same status', () => {
  const before = treeState(root);
  const one = step({ 'data/auth.db': null });
  apply(one);
  expect(git('status', '--porcelain')).toBe('D  data/auth.db\n?? data/\n');
  expect(readFileSync(join(root, 'data/auth.db'), 'utf8')).toBe('data/auth.db');
  apply(back(one));
  expect(treeState(root)).toEqual(before);
  expect(inGit()).toEqual([]);
});

it('moves entries as `git mv` does, staged and unstaged changes with them', () => {
  write('a', 'staged');
  git('add', 'a');
  write('a', 'and changed since');
  write('b', 'changed');
  const other = join(dir, 'other');
  execFileSync('cp', ['-a', root, other]);
  execFileSync('git', ['-C', other, 'mv', 'a', 'moved a']);
  execFileSync('git', ['-C', other, 'mv', 'b', 'data/b']);
  const before = treeState(root);
  const one = step({ a: null, 'moved a': entry('a'), b: null, 'data/b': entry('b') });
  apply(one);
  for (const [from, to] of [
    ['a', 'moved a'],
    ['b', 'data/b'],
  ] as const) {
    linkSync(join(root, from), join(root, to));
    unlinkSync(join(root, from));
  }
  const status = (at: string): string =>
    execFileSync('git', ['-C', at, 'status', '--porcelain=v2'], { encoding: 'utf8' });
  expect(status(root)).toBe(status(other));
  apply(back(one));
  for (const [from, to] of [
    ['a', 'moved a'],
    ['b', 'data/b'],
  ] as const) {
    linkSync(join(root, to), join(root, from));
    unlinkSync(join(root, to));
  }
  const state = (lines: readonly string[]) => lines.filter((line) => line.startsWith('git '));
  expect(state(treeState(root))).toEqual(state(before));
});

it('gives back flags, of the entry itself and of all others, and names of any kind', () => {
  git('update-index', '--skip-worktree', 'a');
  git('update-index', '--assume-unchanged', 'b', 'with space');
  const odd = Buffer.concat([Buffer.from('x\n"'), Buffer.of(0xff)]);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), odd]), 'odd');
  git('add', '.');
  const before = treeState(root);
  const path = { bytes: odd.toString('base64') };
  const index = indexOf();
  const [found] = gitIndex(realDisk).entriesOf(index, [path]);
  const one = step({ a: null, 'with space': null, ü: null });
  const both: GitIndexStep = { ...one, entries: [...one.entries, { path, before: found ?? null, after: null }] };
  expect(entry('a')?.flags).toBe('S');
  expect(entry('b')?.flags).toBe('h');
  apply(both);
  expect(git('ls-files', '-v')).toBe('h b\nH c\nH data/auth.db\n');
  apply(back(both));
  expect(treeState(root)).toEqual(before);
});

it('a file that changed in the moment of the index is still seen as changed', () => {
  const moment = Math.floor(Date.now() / 1000) - 5;
  write('c', 'one');
  git('add', 'c');
  utimesSync(join(root, 'c'), moment, moment);
  git('update-index', '--refresh');
  utimesSync(indexOf(), moment, moment);
  // Of the same size, at the same time: only its content tells, and only if the index is not newer.
  write('c', 'two');
  utimesSync(join(root, 'c'), moment, moment);
  apply(step({ a: null }));
  expect(git('diff', '--name-only')).toBe('c\n');
});

it('tells a crash at any point from other people’s work, and cleans up', () => {
  const one = step({ a: null });
  const index = indexOf();
  const copy = join(root, '.git', '.desprawl-r-1');
  const on = ground();
  const is = (): string => gitIndexPrimitive.inspect(one, on).is;
  const entries = git('ls-files', '--stage');
  gitIndexPrimitive.stage(one, gitIndexPrimitive.inspect(one, on), on).file?.close();
  writeFileSync(`${copy}.lock`, 'git was killed while it wrote');
  expect(is()).toBe('partial');
  linkSync(copy, `${index}.lock`);
  expect(is()).toBe('partial');
  gitIndexPrimitive.clean(one, on);
  expect(inGit()).toEqual([]);
  expect(is()).toBe('before');
  expect(git('ls-files', '--stage')).toBe(entries);
  // Between taking effect and losing the second name.
  apply(one);
  linkSync(index, copy);
  expect(is()).toBe('after');
  gitIndexPrimitive.clean(one, on);
  expect(inGit()).toEqual([]);
  expect(is()).toBe('after');
});

it('what somebody else made of the entry is foreign', () => {
  const one = step({ a: null, b: null });
  write('a', 'other');
  git('add', 'a');
  expect(gitIndexPrimitive.inspect(one, ground())).toMatchObject({
    is: 'foreign',
    why: 'its entry of a is neither what it was nor what it is to be',
  });
  git('rm', '-q', '--cached', 'a');
  expect(gitIndexPrimitive.inspect(one, ground())).toMatchObject({ is: 'foreign' });
});

it('a conflict is no entry', () => {
  git('checkout', '-qb', 'other');
  write('a', 'theirs');
  git('commit', '-qam', 'theirs');
  git('checkout', '-q', '-');
  write('a', 'ours');
  git('commit', '-qam', 'ours');
  expect(() => git('merge', 'other')).toThrow();
  expect(entry('a')?.flags).toBe('U');
});

it('keeps what is staged between making the new index and taking the lock', () => {
  const one = step({ a: null });
  const on = ground();
  const staged = gitIndexPrimitive.stage(one, gitIndexPrimitive.inspect(one, on), on);
  write('new', 'new');
  git('add', 'new');
  gitIndexPrimitive.commit(one, staged, on, folderSet());
  gitIndexPrimitive.finish?.(one, on, folderSet());
  staged.file?.close();
  expect(git('status', '--porcelain')).toBe('D  a\nA  new\n?? a\n');
  expect(inGit()).toEqual([]);
});

it('waits for another git', async () => {
  const lock = `${indexOf()}.lock`;
  const other = spawn('sh', ['-c', 'echo x > "$1"; echo; sleep 0.6; rm "$1"', 'sh', lock]);
  await new Promise((made) => other.stdout.once('data', made));
  apply(step({ a: null }));
  expect(git('status', '--porcelain')).toBe('D  a\n?? a\n');
});

it('does not wait for ever, and leaves the lock to whose it is', () => {
  writeFileSync(`${indexOf()}.lock`, 'theirs');
  const one = step({ a: null });
  expect(() => gitIndexPrimitive.inspect(one, ground())).toThrow(expect.objectContaining({ code: 'DSP-GIT-BUSY' }));
  expect(readFileSync(`${indexOf()}.lock`, 'utf8')).toBe('theirs');
});

it('S21: the index of a worktree and of a submodule is its own', () => {
  const tree = join(dir, 'tree');
  git('worktree', 'add', '-q', tree);
  const index = join(root, '.git', 'worktrees', 'tree', 'index');
  const before = git('ls-files', '--stage');
  apply(step({ a: null }, index));
  expect(git('ls-files', '--stage')).toBe(before);
  expect(execFileSync('git', ['-C', tree, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('D  a\n?? a\n');
});

it('a split index keeps its other half', () => {
  git('update-index', '--split-index');
  const before = treeState(root);
  const one = step({ a: null });
  apply(one);
  expect(git('status', '--porcelain')).toBe('D  a\n?? a\n');
  apply(back(one));
  expect(treeState(root)).toEqual(before);
});

it('refuses an entry whose content git has thrown away, and touches nothing', () => {
  const one = step({ a: { mode: '100644', oid: '1'.repeat(40), flags: '' } });
  const before = readFileSync(indexOf());
  expect(() => gitIndexPrimitive.stage(one, gitIndexPrimitive.inspect(one, ground()), ground())).toThrow(
    /no longer has the content of a/,
  );
  expect(readFileSync(indexOf())).toEqual(before);
  expect(inGit()).toEqual([]);
});

it('a file and a folder of one name: no entry is lost that nobody named', () => {
  const one = step({ data: entry('a') });
  expect(() => gitIndexPrimitive.stage(one, gitIndexPrimitive.inspect(one, ground()), ground())).toThrow(
    /would lose the entry of data\/auth.db/,
  );
  const both = step({ data: entry('a'), 'data/auth.db': null });
  apply(both);
  expect(git('ls-files')).toBe('a\nb\nc\ndata\nwith space\n"\\303\\274"\n');
  apply(back(both));
});

it('keeps mode and time of the index, makes one where there is none, and runs nothing of the repository', () => {
  const hook = join(root, '.git', 'hooks', 'post-index-change');
  writeFileSync(hook, `#!/bin/sh\ntouch ${join(dir, 'ran')}\n`, { mode: 0o755 });
  const was = lstatSync(indexOf(), { bigint: true });
  apply(step({ a: null }));
  const is = lstatSync(indexOf(), { bigint: true });
  expect(is.mode).toBe(was.mode);
  expect(is.mtimeNs / 1000n).toBe(was.mtimeNs / 1000n);
  expect(existsSync(join(dir, 'ran'))).toBe(false);
  const blob = { mode: '100644', oid: git('rev-parse', 'HEAD:b').trim(), flags: '' };
  unlinkSync(indexOf());
  apply(step({ 'only one': blob }));
  expect(git('ls-files')).toBe('only one\n');
});
