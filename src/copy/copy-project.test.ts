import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStoreProcess, type StoreProcess } from '../../test/store-process.ts';
import { treeHash } from '../../test/tree-hash.ts';
import { treeState } from '../../test/tree-state.ts';
import type { Disk } from '../disk/disk.ts';
import { realDisk } from '../disk/real-disk.ts';
import type { HeldStore } from '../vault/model.ts';
import { type CopyRequest, copyProject } from './copy-project.ts';
import { removeCopy } from './remove-copy.ts';

let parent: string;
let root: string;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'copy-')));
  root = join(parent, 'kiosk');
  mkdirSync(root);
});
afterEach(() => removeCopy(realDisk, parent));

const write = (path: string, text: string | Buffer = 'x', mode = 0o644): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), mode);
};
const git = (dir: string, ...args: string[]): string =>
  execFileSync(
    'git',
    ['-C', dir, '-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...args],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0' },
    },
  ).trim();
let copies = 0;
const copy = (more: Partial<CopyRequest> = {}) =>
  copyProject({ disk: realDisk, root, to: join(parent, `copy-${++copies}`), ...more });

it('is the project again: bytes, modes, times to the microsecond, links, ignored and odd files; the project is not touched', async () => {
  write('a.txt', 'hello', 0o640);
  write('run.sh', '#!/bin/sh\n', 0o755);
  write('readonly/inner/b.txt', 'b', 0o444);
  write('-x \'y\' "z"\n{a}');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0x66, 0xff)]), 'bytes');
  write('node_modules/m/index.js');
  mkdirSync(join(root, 'empty'));
  symlinkSync('a.txt', join(root, 'link'));
  symlinkSync('nowhere', join(root, 'dangling'));
  lutimesSync(join(root, 'link'), 1, 1_700_000_000.123456);
  utimesSync(join(root, 'a.txt'), 1, '1700000000.654321');
  chmodSync(join(root, 'readonly'), 0o500);
  utimesSync(join(root, 'readonly'), 1, 1_600_000_000);
  utimesSync(root, 1, 1_500_000_000);
  const before = treeHash(root);
  const made = await copy();
  expect(treeState(made.root)).toEqual(treeState(root));
  expect(treeHash(root)).toEqual(before);
  expect(made).toMatchObject({ files: 6, linked: [], outward: [], notCopied: [] });
  expect(statSync(dirname(made.root)).mode & 0o777).toBe(0o700);
});

it('names of one file stay names of one file', async () => {
  write('a', 'one');
  linkSync(join(root, 'a'), join(root, 'b'));
  const made = await copy();
  expect(statSync(join(made.root, 'b')).ino).toBe(statSync(join(made.root, 'a')).ino);
  expect(statSync(join(made.root, 'b')).ino).not.toBe(statSync(join(root, 'b')).ino);
});

it('holes stay holes', async () => {
  write('sparse.bin', 'head');
  truncateSync(join(root, 'sparse.bin'), 1_000_000_000);
  const made = await copy();
  const { size, blocks } = statSync(join(made.root, 'sparse.bin'));
  expect(size).toBe(1_000_000_000);
  expect(blocks * 512).toBeLessThan(1_000_000);
}, 60_000);

it('pipes are left out and said', async () => {
  spawnSync('mkfifo', [join(root, 'pipe')]);
  const made = await copy();
  expect(made.notCopied).toEqual([{ what: 'pipe', why: 'a pipe, socket or device' }]);
  expect(readdirSync(made.root)).toEqual([]);
});

describe('links', () => {
  it('into the project lead into the copy, however they are spelt; out of it, where they did', async () => {
    write('data/hub.db', 'not really');
    writeFileSync(join(parent, 'shared.db'), 'shared');
    symlinkSync(join(root, 'data/hub.db'), join(root, 'absolute'));
    symlinkSync('data/hub.db', join(root, 'relative'));
    symlinkSync(`../kiosk/data/hub.db`, join(root, 'around'));
    symlinkSync(root, join(parent, 'alias'));
    symlinkSync(join(parent, 'alias/data'), join(root, 'by-alias'));
    symlinkSync(root, join(root, 'self'));
    symlinkSync('../shared.db', join(root, 'out'));
    symlinkSync('/nowhere/at/all', join(root, 'out-absolute'));
    const made = await copy();
    const target = (name: string) => readlinkSync(join(made.root, name));
    expect(target('absolute')).toBe(join(made.root, 'data/hub.db'));
    expect(target('relative')).toBe('data/hub.db');
    for (const name of ['around', 'by-alias', 'self']) {
      expect(realpathSync(join(made.root, name)).startsWith(made.root)).toBe(true);
    }
    expect(readFileSync(join(made.root, 'out'), 'utf8')).toBe('shared');
    expect(made.outward).toEqual([
      { path: 'out', to: join(parent, 'shared.db') },
      { path: 'out-absolute', to: '/nowhere/at/all' },
    ]);
  });
});

describe('repositories', () => {
  const commitAll = (dir: string): void => {
    git(dir, 'add', '-A');
    git(dir, 'commit', '-qm', 'x');
  };

  it('of its own: same answers, no remote, no hook, nothing that runs, objects shared', async () => {
    write('.gitignore', 'ignored.db\n');
    write('a.txt', 'one');
    write('b.txt', 'two');
    write('ignored.db');
    git(root, 'init', '-q', '-b', 'main');
    commitAll(root);
    git(root, 'remote', 'add', 'origin', 'https://example.com/x.git');
    git(root, 'config', 'core.hooksPath', '/tmp/hooks');
    git(root, 'config', 'core.fsmonitor', 'false');
    git(root, 'config', 'alias.st', '!touch /tmp/ran');
    git(root, 'config', 'core.autocrlf', 'input');
    writeFileSync(join(root, '.git/hooks/pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    write('a.txt', 'changed');
    write('staged.txt');
    git(root, 'add', 'staged.txt');
    git(root, 'update-index', '--assume-unchanged', 'b.txt');
    write('new.txt');
    const made = await copy();
    expect(treeState(made.root)).toEqual(treeState(root));
    const config = readFileSync(join(made.root, '.git/config'), 'utf8');
    expect(config).not.toMatch(/origin|hooks|fsmonitor|alias/i);
    expect(git(made.root, 'config', 'core.autocrlf')).toBe('input');
    expect(existsSync(join(made.root, '.git/hooks'))).toBe(false);
    git(made.root, 'commit', '-qam', 'in the copy');
    expect(git(root, 'log', '--oneline')).not.toMatch('in the copy');
    git(made.root, 'fsck');
  });

  it('a worktree and a submodule are repositories of their own (trap S21)', async () => {
    const library = join(parent, 'library');
    mkdirSync(library);
    writeFileSync(join(library, 'lib.py'), 'x = 1\n');
    git(library, 'init', '-q');
    commitAll(library);
    const main = join(parent, 'main');
    mkdirSync(main);
    writeFileSync(join(main, 'app.py'), 'import lib\n');
    git(main, 'init', '-q', '-b', 'main');
    git(main, 'submodule', 'add', '-q', library, 'vendor/lib');
    commitAll(main);
    removeCopy(realDisk, root);
    git(main, 'worktree', 'add', '-q', '-b', 'feature', root);
    git(root, 'submodule', 'update', '-q', '--init');
    writeFileSync(join(root, 'vendor/lib/lib.py'), 'x = 2\n');
    writeFileSync(join(root, 'app.py'), 'import lib # edited\n');
    const before = treeHash(parent);
    const to = realpathSync(mkdtempSync(join(tmpdir(), 'elsewhere-')));
    try {
      const made = await copyProject({ disk: realDisk, root, to: join(to, 'c') });
      expect(statSync(join(made.root, '.git')).isDirectory()).toBe(true);
      expect(git(made.root, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('feature');
      for (const dir of ['', 'vendor/lib']) {
        expect(git(join(made.root, dir), 'status', '--porcelain')).toBe(git(join(root, dir), 'status', '--porcelain'));
        expect(git(join(made.root, dir), 'rev-parse', 'HEAD')).toBe(git(join(root, dir), 'rev-parse', 'HEAD'));
      }
      git(made.root, 'commit', '-qam', 'in the copy');
      expect(git(made.root, 'rev-parse', '--git-common-dir')).toBe('.git');
    } finally {
      removeCopy(realDisk, to);
    }
    git(root, 'status');
    // Where a commit in the copy finds an object that is there, git moves the time of that object.
    const apart = (lines: readonly string[]) => lines.filter((line) => !line.includes('/objects/'));
    expect(apart(treeHash(parent))).toEqual(apart(before));
  });

  it('sparse checkouts and split indexes say the same', async () => {
    write('kept/a.txt');
    write('left/b.txt');
    git(root, 'init', '-q');
    commitAll(root);
    git(root, 'sparse-checkout', 'set', 'kept');
    git(root, 'update-index', '--split-index');
    const made = await copy();
    expect(treeState(made.root)).toEqual(treeState(root));
    expect(git(made.root, 'ls-files', '-v')).toMatch(/^S left\/b.txt$/m);
  });

  it('a folder of a repository keeps the rules of the folders above', async () => {
    git(parent, 'init', '-q');
    writeFileSync(join(parent, '.gitignore'), '*.db\ncopy-*/\n');
    write('app.py');
    write('data.db');
    git(parent, 'add', '.gitignore', 'kiosk/app.py');
    git(parent, 'commit', '-qm', 'x');
    const made = await copy();
    expect(git(made.root, 'ls-files')).toBe('app.py');
    expect(git(made.root, 'check-ignore', 'data.db')).toBe('data.db');
    expect(git(made.root, 'status', '--porcelain', '.')).toBe('');
  });

  it('the copy of a project in none is in none, wherever it lies', async () => {
    write('app.py');
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'dotfiles-')));
    try {
      git(home, 'init', '-q');
      const made = await copyProject({ disk: realDisk, root, to: join(home, 'c') });
      expect(spawnSync('git', ['-C', made.root, 'ls-files']).status).not.toBe(0);
    } finally {
      removeCopy(realDisk, home);
    }
  });

  it('an index that another git holds is not held in the copy', async () => {
    write('a.txt');
    git(root, 'init', '-q');
    commitAll(root);
    writeFileSync(join(root, '.git/index.lock'), '');
    const made = await copy();
    git(made.root, 'update-index', '--refresh');
  });
});

describe('live stores', () => {
  let writer: StoreProcess;
  beforeEach(async () => {
    mkdirSync(join(root, 'data'));
    writer = openStoreProcess(join(root, 'data/hub.db'));
    await writer.run('PRAGMA journal_mode = WAL');
    await writer.run('CREATE TABLE pings (id INTEGER PRIMARY KEY, note TEXT)');
    await writer.run("INSERT INTO pings (note) VALUES ('only in the log')");
  });
  afterEach(() => writer.close());

  it('are copied with their log, of one moment, and are not touched (traps S1, S3, S16)', async () => {
    const before = treeHash(join(root, 'data'));
    const made = await copy();
    expect(treeHash(join(root, 'data'))).toEqual(before);
    const reader = openStoreProcess(join(made.root, 'data/hub.db'));
    expect(await reader.run('SELECT note FROM pings')).toEqual([{ note: 'only in the log' }]);
    await reader.close();
  });

  it('written to all the time, are still of one moment, or the copy is refused', async () => {
    await writer.run('CREATE TABLE totals (n INTEGER)');
    await writer.run('INSERT INTO totals VALUES (0)');
    let stop = false;
    const writing = (async () => {
      while (!stop) {
        await writer.run('BEGIN');
        await writer.run('INSERT INTO pings (note) VALUES (hex(randomblob(5000)))');
        await writer.run('UPDATE totals SET n = n + 1');
        await writer.run('COMMIT');
      }
    })();
    const outcomes: string[] = [];
    for (let i = 0; i < 4; i++) {
      const made = await copy().catch((error: { code: string }) => error);
      if ('code' in made) {
        outcomes.push(made.code);
        continue;
      }
      const reader = openStoreProcess(join(made.root, 'data/hub.db'));
      const [row] = await reader.run('SELECT (SELECT count(*) FROM pings) - 1 AS rows, (SELECT n FROM totals) AS n');
      expect(row?.rows).toBe(row?.n);
      expect(await reader.run('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      outcomes.push('copied');
      await reader.close();
    }
    stop = true;
    await writing;
    expect(outcomes.every((one) => one === 'copied' || one === 'DSP-STORE-BUSY')).toBe(true);
    expect(readdirSync(parent).filter((name) => name.startsWith('copy-')).length).toBe(
      outcomes.filter((one) => one === 'copied').length,
    );
  }, 60_000);

  it('a writer that never rests is kept out for a moment, where the caller can', async () => {
    const disk = everChanging('/data/hub.db-wal');
    let held = 0;
    const made = await copy({
      disk: disk.disk,
      hold: async (store): Promise<HeldStore> => {
        held++;
        disk.rest();
        return { store, isHeld: () => true, release: () => Promise.resolve() };
      },
    });
    expect(held).toBe(1);
    expect(existsSync(join(made.root, 'data/hub.db-wal'))).toBe(true);
    await expect(copy({ disk: everChanging('/data/hub.db-wal').disk })).rejects.toMatchObject({
      code: 'DSP-STORE-BUSY',
    });
  });
});

/** A disk on which one file is always newer than it was. */
function everChanging(end: string): { readonly disk: Disk; rest(): void } {
  let changes = 0n;
  let resting = false;
  const lstat: Disk['lstat'] = (path) => {
    const stat = realDisk.lstat(path);
    if (stat === null || resting || !String(path).endsWith(end)) return stat;
    return { ...stat, ctimeNs: stat.ctimeNs + ++changes };
  };
  return {
    disk: { ...realDisk, lstat },
    rest: () => {
      resting = true;
    },
  };
}

it('a log that grows all the time is copied and said to be of no one moment', async () => {
  write('app.log', 'lines');
  const made = await copy({ disk: everChanging('/kiosk/app.log').disk });
  expect(made.notCopied).toEqual([{ what: 'app.log', why: 'it was written while it was copied' }]);
  expect(readFileSync(join(made.root, 'app.log'), 'utf8')).toBe('lines');
});

it('other people’s files that are too large are used where they are, and that is said', async () => {
  write('node_modules/big/index.js', 'x'.repeat(1000));
  write('node_modules/small.js');
  write('app.js');
  const made = await copy({ linkFrom: 500 });
  expect(made.linked).toEqual(['node_modules']);
  expect(readlinkSync(join(made.root, 'node_modules'))).toBe(join(root, 'node_modules'));
  expect(made.notCopied.map(({ what }) => what)).toEqual(['node_modules/']);
});

it('without room nothing is begun (DSP-NO-SPACE), and the numbers are said', async () => {
  write('a.txt');
  const disk: Disk = { ...realDisk, clone: () => false, free: () => 1_000_000n };
  await expect(copy({ disk })).rejects.toMatchObject({
    code: 'DSP-NO-SPACE',
    message: expect.stringMatching(/needs 67 MB .* 1\.0 MB are free/),
  });
  expect(readdirSync(parent)).toEqual(['kiosk']);
});

it('a disk that is full on the way leaves nothing of the copy', async () => {
  for (const name of ['a', 'b', 'c']) write(name);
  let writes = 0;
  const disk: Disk = {
    ...realDisk,
    clone: () => false,
    open: (path, how, mode) => {
      if (how === 'create' && ++writes > 2) throw Object.assign(new Error('ENOSPC: full'), { code: 'ENOSPC' });
      return realDisk.open(path, how, mode);
    },
  };
  await expect(copy({ disk })).rejects.toMatchObject({ code: 'DSP-NO-SPACE' });
  expect(readdirSync(parent)).toEqual(['kiosk']);
});

it('a copy in the project is refused; Ctrl-C leaves nothing', async () => {
  write('a');
  await expect(copy({ to: join(root, 'copy') })).rejects.toMatchObject({ code: 'DSP-STATE' });
  await expect(copy({ signal: AbortSignal.abort() })).rejects.toThrow();
  expect(readdirSync(parent)).toEqual(['kiosk']);
});

it.skipIf(process.getuid?.() !== 0)('owners come along where the user may give them', async () => {
  write('a');
  execFileSync('chown', ['-R', '1234:2345', root]);
  const made = await copy();
  expect(statSync(join(made.root, 'a'))).toMatchObject({ uid: 1234, gid: 2345 });
  expect(treeState(made.root)).toEqual(treeState(root));
});

it('any tree: the copy is the same, the project untouched', async () => {
  const name = fc.constantFrom('a', 'b.db', 'b.db-wal', 'ü', '.env', "it's", 'x y', '-r');
  const leaf = fc.record({
    path: fc.array(name, { minLength: 1, maxLength: 3 }),
    kind: fc.constantFrom('file', 'file', 'link', 'folder'),
    mode: fc.constantFrom(0o644, 0o600, 0o755, 0o444, 0o4755),
    time: fc.integer({ min: 0, max: 2_000_000_000_000_000 }),
    text: fc.string({ maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(leaf, { maxLength: 12 }), async (leaves) => {
      removeCopy(realDisk, root);
      mkdirSync(root);
      for (const { path, kind, mode, time, text } of leaves) {
        const full = join(root, ...path);
        try {
          mkdirSync(dirname(full), { recursive: true });
          if (kind === 'folder') mkdirSync(full);
          else if (kind === 'link') symlinkSync(text.replaceAll('\0', '').replaceAll('/', '') || 'x', full);
          else writeFileSync(full, text, { flag: 'wx' });
        } catch {
          // Another leaf has the place.
          continue;
        }
        if (kind === 'file') chmodSync(full, mode);
        realDisk.setAttributes(full, { mtimeNs: BigInt(time) * 1000n });
      }
      const before = treeHash(root);
      const made = await copy();
      expect(treeState(made.root)).toEqual(treeState(root));
      expect(treeHash(root)).toEqual(before);
      removeCopy(realDisk, dirname(made.root));
    }),
    { numRuns: 40 },
  );
}, 60_000);
