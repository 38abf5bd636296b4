import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from '../disk/disk.ts';
import { realDisk } from '../disk/real-disk.ts';
import { isWithin, realPath } from '../disk/real-path.ts';
import { assertSpace } from './space.ts';
import { prepareState, projectOf, stateFolder } from './state-folder.ts';

let dir: string;
let root: string;
let stateDir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'state-')));
  root = join(dir, 'home stead');
  stateDir = join(dir, 'state');
  mkdirSync(root);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const PROJECT = { dev: '1', ino: '2', firstCommit: () => null };
const STATE = expect.objectContaining({ code: 'DSP-STATE' });

describe('where the state lies', () => {
  it('is named after the project and its real path, and looking makes nothing', () => {
    const state = stateFolder(realDisk, { stateDir, root });
    expect(state.path).toMatch(new RegExp(`^${stateDir}/desprawl/home_stead-[0-9a-f]{8}$`));
    expect(state).toMatchObject({
      runs: `${state.path}/runs`,
      vault: `${state.path}/vault`,
      held: `${state.path}/held`,
    });
    symlinkSync(root, join(dir, 'link'));
    expect(stateFolder(realDisk, { stateDir, root: join(dir, 'link') })).toEqual(state);
    mkdirSync(join(dir, 'other', 'home stead'), { recursive: true });
    expect(stateFolder(realDisk, { stateDir, root: join(dir, 'other', 'home stead') }).path).not.toBe(state.path);
    expect(readdirSync(dir).sort()).toEqual(['home stead', 'link', 'other']);
  });

  it('moves with `state:`, which is relative to the project', () => {
    expect(stateFolder(realDisk, { stateDir, root, configured: '../elsewhere' }).path).toMatch(
      new RegExp(`^${dir}/elsewhere/home_stead-[0-9a-f]{8}$`),
    );
  });

  it.each([
    ['by its name', () => 'backups'],
    ['as the project itself', () => '.'],
    [
      'through a link',
      () => {
        symlinkSync(join(root, 'data'), join(dir, 'away'));
        return '../away';
      },
    ],
  ])('never inside the project: %s', (_name, make) => {
    const configured = make();
    expect(() => stateFolder(realDisk, { stateDir, root, configured })).toThrow(STATE);
  });

  it('beside the project, with a name that begins like it, is fine', () => {
    expect(stateFolder(realDisk, { stateDir, root, configured: `${root}-state` }).path).toContain('home stead-state/');
  });
});

describe('making it', () => {
  it('makes it once, for the owner only, and knows the project again', () => {
    const state = stateFolder(realDisk, { stateDir, root });
    expect(projectOf(realDisk, state)).toBeNull();
    let asked = 0;
    const firstCommit = () => `commit ${++asked}`;
    prepareState(realDisk, state, { root, ...PROJECT, firstCommit });
    prepareState(realDisk, state, { root, ...PROJECT, firstCommit });
    expect(asked).toBe(1);
    expect(readdirSync(state.path).sort()).toEqual(['held', 'lock', 'project.json', 'runs']);
    for (const path of [state.path, state.runs, state.held]) expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(projectOf(realDisk, state)).toEqual({ version: 1, root, ...PROJECT, firstCommit: 'commit 1' });
  });

  it('closes one that others can read', () => {
    const state = stateFolder(realDisk, { stateDir, root });
    mkdirSync(state.path, { recursive: true, mode: 0o755 });
    prepareState(realDisk, state, { root, ...PROJECT });
    expect(statSync(state.path).mode & 0o777).toBe(0o700);
  });

  it('agrees with another one that begins at the same time', () => {
    const state = stateFolder(realDisk, { stateDir, root });
    const disk: Disk = {
      ...realDisk,
      link: (from, to) => {
        writeFileSync(to, readFileSync(from));
        realDisk.link(from, to);
      },
    };
    prepareState(disk, state, { root, ...PROJECT });
    expect(readdirSync(state.path).sort()).toEqual(['held', 'lock', 'project.json', 'runs']);
  });

  it.each([
    [
      'the state of another project',
      (path: string) => writeFileSync(path, '{"version":1,"root":"/other"}'),
      /state of \/other/,
    ],
    ['one of a later version', (path: string) => writeFileSync(path, '{"version":2,"root":"/other"}'), /version 2/],
    ['one that is damaged', (path: string) => writeFileSync(path, '{"ver'), /damaged/],
    ['a folder for a file', (path: string) => mkdirSync(path), /cannot be used/],
  ])('refuses %s', (_name, make, message) => {
    const state = stateFolder(realDisk, { stateDir, root });
    prepareState(realDisk, state, { root, ...PROJECT });
    rmSync(join(state.path, 'project.json'));
    make(join(state.path, 'project.json'));
    expect(() => prepareState(realDisk, state, { root, ...PROJECT })).toThrow(STATE);
    expect(() => prepareState(realDisk, state, { root, ...PROJECT })).toThrow(message);
  });

  it('says so where a file is in the way', () => {
    writeFileSync(stateDir, '');
    const state = stateFolder(realDisk, { stateDir, root });
    expect(() => prepareState(realDisk, state, { root, ...PROJECT })).toThrow(STATE);
  });
});

describe('real paths', () => {
  it('are those of the system, and keep what is not there', () => {
    mkdirSync(join(dir, 'a/b/c'), { recursive: true });
    symlinkSync('b/../../a/b', join(dir, 'a/link'));
    symlinkSync(join(dir, 'a/link'), join(dir, 'far'));
    expect(realPath(realDisk, `${dir}/far/c`)).toBe(realpathSync(`${dir}/far/c`));
    // What `..` goes out of is where the link leads, as for the system and unlike for text.
    expect(realPath(realDisk, `${dir}/far/../b/./c/`)).toBe(`${dir}/a/b/c`);
    expect(realPath(realDisk, `${dir}/far/none/x`)).toBe(`${dir}/a/b/none/x`);
    expect(realPath(realDisk, '/')).toBe('/');
    symlinkSync('loop', join(dir, 'loop'));
    expect(() => realPath(realDisk, join(dir, 'loop'))).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });

  it('lie within by whole names', () => {
    expect([isWithin('/a/b', '/a'), isWithin('/a', '/a'), isWithin('/ab', '/a'), isWithin('/a', '/')]).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});

describe('space', () => {
  const disk = (free: Record<string, bigint>): Disk => ({
    ...realDisk,
    lstat: (path) => {
      const stat = realDisk.lstat(path);
      return stat && { ...stat, dev: String(path).startsWith(stateDir) ? 2n : 1n };
    },
    free: (path) => free[String(path).startsWith(stateDir) ? 'state' : 'project'] ?? 0n,
  });

  it('is summed by file system, for places that are not there yet as well', () => {
    mkdirSync(stateDir);
    const needs = [
      { path: `${stateDir}/vault/x`, bytes: 60, for: 'the backup' },
      { path: `${stateDir}/runs`, bytes: 40, for: 'the journal' },
      { path: `${root}/a/b`, bytes: 5, for: 'temporaries' },
    ];
    assertSpace(disk({ state: 100n, project: 5n }), needs);
    expect(() => assertSpace(disk({ state: 99n, project: 5n }), needs)).toThrow(
      /100 B are needed on the file system of .*state \(the backup 60 B, the journal 40 B\), and 99 B are free/,
    );
    expect(() => assertSpace(disk({ state: 100n, project: 4n }), needs)).toThrow(
      expect.objectContaining({ code: 'DSP-NO-SPACE' }),
    );
  });

  it('asks the real one', () => {
    assertSpace(realDisk, [{ path: root, bytes: 1, for: 'a byte' }]);
    expect(() => assertSpace(realDisk, [{ path: root, bytes: 1e18, for: 'too much' }])).toThrow(/1000000 TB/);
  });
});
