import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askedEntries } from './git-index-file.ts';
import { parseIndex } from './parse-index.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'parse-index-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(args: readonly string[], input?: string | Buffer): string {
  const quiet = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  return execFileSync('git', ['-C', root, ...quiet, ...args], { encoding: 'latin1', stdio: 'pipe', input });
}
const index = (): string => join(root, '.git/index');
const read = (only?: ReadonlySet<string>) => parseIndex(readFileSync(index()), only);
const write = (path: string, text = path): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
/** Both ways, and that they agree. */
function agreed(): ReadonlyMap<string, unknown> {
  const own = read();
  expect(own).not.toBeNull();
  expect([...(own ?? [])]).toEqual([...askedEntries(index())]);
  return own ?? new Map();
}

describe.each(['2', '3', '4'])('version %s', (version) => {
  beforeEach(() => {
    git(['init', '-q']);
    git(['config', 'index.version', version]);
  });

  it('is read as git reads it: modes, flags, promises, conflicts, names of any bytes', () => {
    for (const path of ['a', 'b/c', 'b/cd/e', 'with space', 'ü', 'z'.repeat(200), 'run.sh']) write(path);
    git(['add', '.']);
    git(['update-index', '--chmod=+x', 'run.sh']);
    git(['update-index', '--assume-unchanged', 'a']);
    const oid = git(['hash-object', '-w', '--stdin'], 'x').trim();
    const long = `l/${'o'.repeat(5_000)}ng`;
    const raw = Buffer.from([0x6e, 0xff, 0xe9]);
    const lines = [`120000 ${oid} 0\tlink\0`, `160000 ${oid} 0\tsub\0`, `100644 ${oid} 0\t${long}\0`];
    for (const stage of [1, 2, 3]) lines.push(`100644 ${oid} ${stage}\tboth\0`);
    git(
      ['update-index', '-z', '--index-info'],
      Buffer.concat([Buffer.from(`${lines.join('')}100644 ${oid} 0\t`), raw, Buffer.of(0)]),
    );
    const plain = agreed();
    expect(plain.get('a')).toMatchObject({ mode: '100644', flags: 'h' });
    expect(plain.get('run.sh')).toMatchObject({ mode: '100755' });
    expect(plain.get('both')).toMatchObject({ flags: 'U' });
    expect(plain.has(raw.toString('latin1'))).toBe(true);
    expect(plain.has(long)).toBe(true);
    if (version === '2') return;
    git(['update-index', '--skip-worktree', 'b/c']);
    write('soon');
    git(['add', '-N', 'soon']);
    const more = agreed();
    expect([more.get('b/c'), more.get('soon')]).toMatchObject([{ flags: 'S' }, { flags: 'N' }]);
  });

  it('random names, in the order of their bytes', () => {
    const name = fc.stringMatching(/^[a-c/é]{1,12}$/).filter((path) => !/^\/|\/\/|\/$/.test(path));
    const oid = git(['hash-object', '-w', '--stdin'], 'x').trim();
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 30 }), (names) => {
        rmSync(index(), { force: true });
        git(['update-index', '-z', '--index-info'], names.map((path) => `100644 ${oid} 0\t${path}\0`).join(''));
        agreed();
      }),
      { numRuns: 15 },
    );
  });

  it('only what is asked for, and extensions are passed over', () => {
    for (const path of ['a', 'b/c', 'd']) write(path);
    git(['add', '.']);
    git(['commit', '-qm', 'with a cache of trees']);
    git(['update-index', '--untracked-cache']);
    git(['status']);
    agreed();
    expect([...(read(new Set(['b/c', 'none'])) ?? [])].map(([path]) => path)).toEqual(['b/c']);
  });

  it('one that is not whole is for git', () => {
    for (let i = 0; i < 20; i++) write(`dir/file${i}`);
    git(['add', '.']);
    const whole = readFileSync(index());
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const broken = Buffer.from(whole);
        broken[at] = (broken[at] ?? 0) ^ by;
        expect(parseIndex(broken)).toBeNull();
        expect(parseIndex(whole.subarray(0, at))).toBeNull();
      }),
    );
  });
});

describe('left to git', () => {
  const first = (...args: readonly string[]): void => {
    git(['init', '-q', ...args]);
    for (const path of ['a', 'b/c', 'd/e']) write(path);
    git(['add', '.']);
    git(['commit', '-qm', 'first']);
  };

  it('a split index: most of it is in another file', () => {
    first();
    git(['update-index', '--split-index']);
    expect(read()).toBeNull();
    expect(askedEntries(index()).size).toBe(3);
  });

  it('a sparse index: a folder stands for its files', () => {
    first();
    git(['sparse-checkout', 'set', '--cone', '--sparse-index', 'b']);
    expect(read()).toBeNull();
    expect(askedEntries(index()).size).toBe(3);
  });

  it('names of SHA-256', () => {
    first('--object-format=sha256');
    expect(read()).toBeNull();
    expect(askedEntries(index()).size).toBe(3);
  });

  it('one without a checksum', () => {
    git(['init', '-q']);
    git(['config', 'index.skipHash', 'true']);
    write('a');
    git(['add', '.']);
    const own = read();
    // Older versions of git do not know the setting.
    if (!readFileSync(index()).subarray(-20).equals(Buffer.alloc(20))) expect(own).not.toBeNull();
    else expect(own).toBeNull();
  });
});
