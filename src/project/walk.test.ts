import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DesprawlError } from '../errors.ts';
import { type Walk, walkProject } from './walk.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'walk-test-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), path);
  }
}

const walk = (...ignore: readonly string[]): Walk => walkProject(root, { ignore });
const paths = (...ignore: readonly string[]): readonly string[] => walk(...ignore).files.map(({ path }) => path);

/** Runs as a user without rights where the tests run as root, whom no mode stops. */
function withoutRights<T>(run: () => T): T {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

describe('files', () => {
  it('are listed by path, with size and times, but for what git keeps', () => {
    put('b.db', 'a/x.csv', 'a-b.txt', '.env', '.git/config', 'sub/.git/index');
    expect(paths()).toEqual(['.env', 'a-b.txt', 'a/x.csv', 'b.db']);
    const stat = statSync(join(root, 'b.db'), { bigint: true });
    expect(walk().files.at(-1)).toMatchObject({
      bytes: 4,
      mtimeNs: stat.mtimeNs,
      ino: stat.ino,
      mode: Number(stat.mode),
    });
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['nothing', [], ['a.db', 'data/a.db', 'data/b.db', 'logs/x.csv']],
    ['a folder', ['logs/'], ['a.db', 'data/a.db', 'data/b.db']],
    ['a name anywhere', ['a.db'], ['data/b.db', 'logs/x.csv']],
    ['a name at the root', ['/a.db'], ['data/a.db', 'data/b.db', 'logs/x.csv']],
    ['all but one', ['*.db', '!data/b.db'], ['data/b.db', 'logs/x.csv']],
  ])('ignored by the configuration: %s', (_, ignore, expected) => {
    put('a.db', 'data/a.db', 'data/b.db', 'logs/x.csv');
    expect(paths(...ignore)).toEqual(expected);
  });

  it('folders and pipes that are named like a store are lookalikes', () => {
    put('x.db/readme.txt');
    execFileSync('mkfifo', [join(root, 'pipe.sqlite')]);
    expect(walk()).toMatchObject({
      files: [{ path: 'x.db/readme.txt' }],
      lookalikes: [{ path: 'pipe.sqlite' }, { path: 'x.db', is: 'folder' }],
    });
  });
});

describe('S15: folders of other people', () => {
  it.each([
    [
      'an environment by its configuration',
      ['env/pyvenv.cfg', 'env/lib/x.csv'],
      'env',
      'virtual environment of Python',
    ],
    [
      'an environment by its packages',
      ['py/lib/python3.12/site-packages/a/data.csv'],
      'py',
      'virtual environment of Python',
    ],
    ['an environment from Windows', ['py/Lib/site-packages/a.csv'], 'py', 'virtual environment of Python'],
    ['packages of npm, however deep', ['web/node_modules/a/x.db'], 'web/node_modules', 'packages of npm'],
    ['modules of Go', ['go.mod', 'vendor/x/data.csv'], 'vendor', 'modules of Go'],
    ['a cache that says so', ['tmp/CACHEDIR.TAG', 'tmp/x.db'], 'tmp', 'cache, marked by CACHEDIR.TAG'],
  ])('%s: recognised, skipped and counted', (_, made, path, why) => {
    put(...made, 'own.db');
    const { files, skipped } = walk();
    expect(files.map((file) => file.path)).toEqual(
      ['go.mod', 'own.db'].filter((one) => one === 'own.db' || made.includes(one)),
    );
    expect(skipped).toEqual([{ path, why, files: made.filter((one) => one.startsWith(`${path}/`)).length }]);
  });

  it('are not any folder called vendor, build or lib', () => {
    put('vendor/orders.csv', 'build/app.db', 'lib/python-notes/x.db', 'dist/y.db');
    expect(walk().skipped).toEqual([]);
    expect(paths()).toHaveLength(4);
  });
});

describe('links', () => {
  it('S11: lead to their file, inside or outside, or nowhere', () => {
    put('data/x.db');
    symlinkSync('data/x.db', join(root, 'link.db'));
    symlinkSync(process.execPath, join(root, 'out.db'));
    symlinkSync('gone/y.db', join(root, 'lost.db'));
    const link = Object.fromEntries(walk().files.map((file) => [file.path, file.link]));
    expect(link).toMatchObject({
      'link.db': { target: 'data/x.db', inside: 'data/x.db', dangling: false },
      'out.db': { inside: null, dangling: false },
      'lost.db': { target: 'gone/y.db', inside: null, dangling: true },
    });
    const [file, target] = ['link.db', 'data/x.db'].map((path) => walk().files.find((one) => one.path === path));
    expect(file?.ino).toBe(target?.ino);
  });

  it('in circles end: folders are listed where they are', () => {
    put('a/x.db');
    symlinkSync('..', join(root, 'a', 'up'));
    symlinkSync('self', join(root, 'self'));
    symlinkSync('a', join(root, 'again'));
    expect(paths()).toEqual(['a/x.db', 'self']);
    expect(walk().files.at(-1)?.link?.dangling).toBe(true);
  });

  it('within a project that is itself reached by a link are inside', () => {
    put('real/x.db');
    symlinkSync('x.db', join(root, 'real', 'l.db'));
    symlinkSync('real', join(root, 'project'));
    const { files } = walkProject(join(root, 'project'), { ignore: [] });
    expect(files.find(({ path }) => path === 'l.db')?.link?.inside).toBe('x.db');
  });
});

describe('what cannot be read', () => {
  it('S14: a folder without permission is named, and the rest is listed', () => {
    put('a.db', 'closed/x.db');
    chmodSync(root, 0o755);
    chmodSync(join(root, 'closed'), 0o000);
    const result = withoutRights(() => walk());
    chmodSync(join(root, 'closed'), 0o755);
    expect(result).toMatchObject({
      files: [{ path: 'a.db' }],
      unreadable: [{ path: 'closed', why: 'permission denied' }],
    });
  });

  it('S14: names that are not UTF-8 are named as unreadable, not lost', () => {
    const odd = (name: string): Buffer => Buffer.from(`${root}/${name}`, 'latin1');
    writeFileSync(odd('file\xe9.db'), 'x');
    mkdirSync(odd('folder\xe9'));
    symlinkSync('b.db', odd('link\xe9.db'));
    put('b.db');
    const { files, unreadable } = walk();
    expect(files.map(({ path }) => path)).toEqual(['b.db']);
    const why = 'its name is not UTF-8';
    const expected = ['file\ufffd.db', 'folder\ufffd', 'link\ufffd.db'].map((path) => ({ path, why }));
    expect(unreadable).toEqual(expected);
  });

  it('odd names are names like others', () => {
    const names = [' lead.db', '-rf.db', 'a\nb.db', 'a\\b.db', 'dash–é.db', '#.db', '%41.db'];
    put(...names);
    expect(paths('*.csv')).toEqual([...names].sort());
  });

  it.each<[string, string]>([
    ['gone', 'DSP-PROJECT-MISSING'],
    ['a.db/sub', 'DSP-PROJECT-MISSING'],
    ['self', 'DSP-PROJECT-UNREADABLE'],
    ['a.db', 'DSP-PROJECT-NOT-A-FOLDER'],
  ])('a project at %s: %s', (path, code) => {
    put('a.db');
    symlinkSync('self', join(root, 'self'));
    expect(() => walkProject(join(root, path), { ignore: [] })).toThrow(DesprawlError);
    expect(() => walkProject(join(root, path), { ignore: [] })).toThrow(expect.objectContaining({ code }));
  });

  it('a project that may not be listed: DSP-PROJECT-UNREADABLE', () => {
    chmodSync(root, 0o000);
    const attempt = (): unknown => withoutRights(() => walk());
    expect(attempt).toThrow(expect.objectContaining({ code: 'DSP-PROJECT-UNREADABLE' }));
    chmodSync(root, 0o755);
  });
});
