import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnreadableStore } from '../stores/reader.ts';
import { type Git, gitMark, openGit } from './git.ts';

let dir = '';
let root = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'git-test-'));
  root = join(dir, 'project');
  mkdirSync(root);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Dates of commits: one day after the other. */
let day = 0;

function git(...args: readonly string[]): string {
  const date = `2025-01-${String(Math.max(day, 1)).padStart(2, '0')}T10:00:00+02:00`;
  const env = {
    PATH: process.env.PATH,
    HOME: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
  };
  const who = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.org'];
  return execFileSync('git', [...who, ...args], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
}

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function commit(path: string, content: string): void {
  day++;
  put(path, content);
  git('add', '-f', path);
  git('commit', '-q', '-m', `day ${day}`);
}

async function open(folder: string, ...paths: readonly string[]): Promise<Git> {
  const opened = await openGit(folder, paths);
  if (opened === null) throw new TypeError('no repository');
  return opened;
}

describe('how git sees a file', () => {
  const STATES = {
    'kept.db': 'tracked',
    'data/live.db': 'ignored-tracked',
    'data/cache.db': 'ignored',
    'new.db': 'untracked',
    '-odd name "é".db': 'untracked',
    '../elsewhere.db': 'outside',
    '/tmp/elsewhere.db': 'outside',
  };

  beforeEach(() => {
    git('init', '-q', '-b', 'main');
    put('.gitignore', 'data/\n');
    commit('kept.db', 'x');
    commit('data/live.db', 'x');
    for (const path of ['data/cache.db', 'new.db', '-odd name "é".db']) put(path, 'x');
  });

  it('S10: tracked, ignored, tracked though ignored, untracked, outside', async () => {
    const opened = await open(root, ...Object.keys(STATES).filter((path) => !/^\.\.|^\//.test(path)));
    const states = Object.keys(STATES).map((path) => [path, opened.state(path)]);
    expect(Object.fromEntries(states)).toEqual(STATES);
    const mark = { branch: 'main', head: git('rev-parse', 'HEAD').trim() };
    expect(opened).toMatchObject(mark);
    expect(await gitMark(root)).toEqual(mark);
  });

  it('in a folder below the top, and where nothing is ignored', async () => {
    commit('sub/x.db', 'x');
    put('sub/y.db', 'y');
    const opened = await open(join(root, 'sub'), 'x.db', 'y.db');
    expect([opened.state('x.db'), opened.state('y.db'), opened.state('../kept.db')]).toEqual([
      'tracked',
      'untracked',
      'outside',
    ]);
    expect(await opened.history('x.db', 5)).toHaveLength(1);
  });
});

describe('no repository', () => {
  it('is none', async () => {
    expect(await openGit(root, ['a.db'])).toBeNull();
    expect(await gitMark(root)).toBeNull();
  });

  it('nor is a broken one', async () => {
    put('.git', 'gitdir: /nowhere/at/all\n');
    expect(await openGit(root, ['a.db'])).toBeNull();
    expect(await gitMark(root)).toBeNull();
  });

  it('one before its first commit has files but no history', async () => {
    git('init', '-q', '-b', 'main');
    put('a.db', 'x');
    git('add', 'a.db');
    const opened = await open(root, 'a.db');
    expect(opened).toMatchObject({ head: null, branch: 'main' });
    expect(await gitMark(root)).toEqual({ head: null, branch: 'main' });
    expect(opened.state('a.db')).toBe('tracked');
    expect(await opened.history('a.db', 5)).toEqual([]);
  });
});

describe('history', () => {
  beforeEach(() => {
    git('init', '-q', '-b', 'main');
    day = 0;
    for (const content of ['one', 'two', 'two', 'one', 'three']) {
      put('note.txt', `${day}`);
      git('add', 'note.txt');
      commit('data/a.db', content);
    }
  });

  it('is the distinct contents of a path, newest first', async () => {
    const versions = await (await open(root)).history('data/a.db', 10);
    expect(versions.map(({ at, bytes }) => [at, bytes])).toEqual([
      ['2025-01-05T08:00:00.000Z', 5],
      ['2025-01-04T08:00:00.000Z', 3],
      ['2025-01-02T08:00:00.000Z', 3],
    ]);
  });

  it('is cut where enough was seen, and empty for a path that never was', async () => {
    const opened = await open(root);
    expect(await opened.history('data/a.db', 2)).toHaveLength(2);
    expect(await opened.history('never.db', 2)).toEqual([]);
    expect(await opened.history('--all', 2)).toEqual([]);
  });

  it('goes back behind a deletion, on no branch too', async () => {
    rmSync(join(root, 'data/a.db'));
    git('commit', '-qam', 'gone');
    git('checkout', '-q', '--detach');
    const opened = await open(root);
    expect(opened.branch).toBeNull();
    expect(await gitMark(root)).toEqual({ head: opened.head, branch: null });
    expect(await opened.history('data/a.db', 10)).toHaveLength(3);
  });

  it('gives each content back, byte for byte, in a private file', async () => {
    const opened = await open(root);
    const contents = [];
    for (const { blob } of await opened.history('data/a.db', 10)) {
      const to = join(dir, blob);
      await opened.extract(blob, to);
      expect(statSync(to).mode & 0o777).toBe(0o600);
      contents.push(readFileSync(to, 'utf8'));
    }
    expect(contents).toEqual(['three', 'one', 'two']);
  });

  it('S14: a content that this clone lacks is unreadable; a file in the way is not overwritten', async () => {
    const opened = await open(root);
    const missing = opened.extract('0123456789012345678901234567890123456789', join(dir, 'x'));
    await expect(missing).rejects.toThrow(UnreadableStore);
    const [newest] = await opened.history('data/a.db', 1);
    writeFileSync(join(dir, 'taken'), 'mine');
    await expect(opened.extract(newest?.blob ?? '', join(dir, 'taken'))).rejects.toThrow(/EEXIST/);
    expect(readFileSync(join(dir, 'taken'), 'utf8')).toBe('mine');
  });
});

/** A commit that claims to be signed. */
function sign(): void {
  const text = git('cat-file', 'commit', 'HEAD').replace(
    '\n\n',
    '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n',
  );
  writeFileSync(join(dir, 'commit'), text);
  git('reset', '-q', '--soft', git('hash-object', '-t', 'commit', '-w', join(dir, 'commit')).trim());
}

describe('asking changes nothing and runs nothing', () => {
  /** Everything that may be asked. */
  async function askAll(): Promise<void> {
    const opened = await open(root, 'a.db', 'b.db');
    opened.state('a.db');
    const [newest] = await opened.history('a.db', 5);
    await opened.extract(newest?.blob ?? '', join(dir, 'out'));
  }

  beforeEach(() => {
    git('init', '-q', '-b', 'main');
    commit('a.db', 'x');
  });

  it('S19: the index is not rewritten, though a file only looks changed', async () => {
    utimesSync(join(root, 'a.db'), 1e9, 1e9);
    const index = (): string => `${statSync(join(root, '.git/index'), { bigint: true }).mtimeNs}`;
    const before = [index(), readFileSync(join(root, '.git/index'), 'latin1')];
    await askAll();
    expect([index(), readFileSync(join(root, '.git/index'), 'latin1')]).toEqual(before);
  });

  it.each([
    ['a monitor', 'core.fsmonitor=RUN', ''],
    ['a filter', 'filter.evil.smudge=RUN filter.evil.clean=RUN', '* filter=evil'],
    ['a text conversion', 'diff.evil.textconv=RUN', '* diff=evil'],
    ['a diff driver', 'diff.external=RUN diff.evil.command=RUN', '* diff=evil'],
    ['a hook', 'core.hooksPath=.', ''],
    ['a pager', 'core.pager=RUN pager.log=RUN pager.ls-files=RUN', ''],
    ['a check of signatures', 'log.showSignature=true gpg.program=RUN', ''],
    [
      'a remote',
      'remote.origin.url=ext::RUN remote.origin.promisor=true extensions.partialClone=origin protocol.ext.allow=always core.repositoryformatversion=1',
      '',
    ],
    ['an alias', 'alias.log=!RUN alias.ls-files=!RUN', ''],
  ])('%s that the repository names is not run', async (_, settings, attributes) => {
    sign();
    const script = join(dir, 'run.sh');
    for (const file of [script, join(root, 'post-index-change')])
      writeFileSync(file, `#!/bin/sh\ntouch '${join(dir, 'ran')}'\ncat\n`, { mode: 0o755 });
    put('.gitattributes', `${attributes}\n`);
    for (const setting of settings.replaceAll('RUN', script).split(' ')) git('config', ...setting.split('='));
    await askAll();
    const opened = await open(root);
    await opened.extract('0123456789012345678901234567890123456789', join(dir, 'none')).catch(() => {});
    expect(existsSync(join(dir, 'ran'))).toBe(false);
  });
});
