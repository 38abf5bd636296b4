import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dotted, dottedCandidates, specifierCandidates } from './respell-module.ts';
import { changedPart, respellPath } from './respell-path.ts';

describe('paths', () => {
  const seen = { base: '/app/backend', from: '/app/data/auth.db', to: '/app/data/main.db' };

  test.each([
    ['../data/auth.db', '../data/main.db'],
    ['./../data/auth.db', './../data/main.db'],
    ['/app/data/auth.db', '/app/data/main.db'],
    ['//app/data/auth.db', '//app/data/main.db'],
    ['/app/backend/../data/auth.db', '/app/backend/../data/main.db'],
    ['sqlite:///../data/auth.db', 'sqlite:///../data/main.db'],
    ['sqlite:////app/data/auth.db', 'sqlite:////app/data/main.db'],
    ['sqlite+aiosqlite:////app/data/auth.db?cache=shared', 'sqlite+aiosqlite:////app/data/main.db?cache=shared'],
    ['file:../data/auth.db?mode=ro', 'file:../data/main.db?mode=ro'],
    ['file:///app/data/auth.db', 'file:///app/data/main.db'],
    ['jdbc:sqlite:../data/auth.db', 'jdbc:sqlite:../data/main.db'],
  ])('S6: %s → %s, in its own form', (old, now) => {
    expect(respellPath(old, seen)).toBe(now);
  });

  test.each([
    'data/auth.db',
    'postgres://host/app/data/auth.db',
    '~/auth.db',
    'packages.db.models',
    'auth.db',
    '',
    'C:\\x',
  ])('C23: %s means something else', (old) => {
    expect(respellPath(old, seen)).toBeNull();
  });

  test('another folder, up and down', () => {
    const moved = { base: '/app/backend', from: '/app/backend/app.db', to: '/app/data/app.db' };
    expect(respellPath('app.db', moved)).toBe('../data/app.db');
    expect(respellPath('./app.db', moved)).toBe('../data/app.db');
    expect(respellPath('../data/app.db', { ...moved, from: moved.to, to: moved.from })).toBe('app.db');
    expect(respellPath('./data/', { base: '/r', from: '/r/data', to: '/r/var/db' })).toBe('./var/db/');
  });

  test('whatever it was, it means the new file afterwards', () => {
    const segment = fc.constantFrom('a', 'b', 'data', 'auth.db');
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`);
    const noise = fc.array(fc.constantFrom('', './', '../x/'), { maxLength: 2 });
    fc.assert(
      fc.property(
        path,
        path,
        path,
        noise,
        fc.boolean(),
        fc.constantFrom('', 'sqlite:///', 'file:'),
        (base, from, to, extra, isAbsolute, head) => {
          const plain = isAbsolute ? from : posix.relative(base, from) || '.';
          const lead = isAbsolute ? '/' : '';
          const deep = extra.map((one) => (one === '../x/' ? 'x/../' : one)).join('');
          const old = lead + deep + (isAbsolute ? plain.slice(1) : plain);
          const now = respellPath(head + old, { base, from, to });
          expect(now).not.toBeNull();
          const path = (now as string).slice(head.length);
          expect(posix.resolve(base, path)).toBe(to);
          expect(path.startsWith('/')).toBe(isAbsolute);
          const part = changedPart(head + old, now as string);
          const edited =
            part === null ? head + old : (head + old).slice(0, part.from) + part.added + (head + old).slice(part.to);
          expect(edited).toBe(now);
        },
      ),
    );
  });

  test('only whole segments change', () => {
    expect(changedPart('data/auth.db', 'data/author.db')).toEqual({ from: 5, to: 12, added: 'author.db' });
    expect(changedPart('a/x/c', 'a/y/z/c')).toEqual({ from: 2, to: 3, added: 'y/z' });
  });
});

const stays = (path: string): { before: string; after: string } => ({ before: path, after: path });

describe('Python names', () => {
  const spelled = (
    written: string,
    importer: { before: string; after: string },
    before: string,
    after: string,
  ): string[] => {
    const level = /^\.*/.exec(written)?.[0].length ?? 0;
    return dottedCandidates({ level, module: written.slice(level) }, importer, { before, after }).map(dotted);
  };

  test('C1: whole names, from the root that it has', () => {
    const to = ['services/hub/db/connection.py', 'services/hub/db/pool.py'] as const;
    expect(spelled('hub.db.connection', stays('services/hub/app.py'), ...to)[0]).toBe('hub.db.pool');
    expect(spelled('hub.db.connection_manager', stays('services/hub/app.py'), ...to)).toEqual([]);
    expect(spelled('hub.db.connection.open_db', stays('services/hub/app.py'), ...to)[0]).toBe('hub.db.pool.open_db');
  });

  test('C2: relative stays relative inside its top folder', () => {
    expect(spelled('..db.connection', stays('svc/auth/app.py'), 'svc/db/connection.py', 'svc/store/pool.py')[0]).toBe(
      '..store.pool',
    );
    expect(spelled('.connection', stays('svc/db/__init__.py'), 'svc/db/connection.py', 'lib/pool.py')[0]).toBe(
      'lib.pool',
    );
    expect(spelled('.', stays('pkg/a.py'), 'pkg/__init__.py', 'pkg/core/__init__.py')[0]).toBe('.core');
  });

  test('what moves takes its own imports along', () => {
    expect(
      spelled('.models', { before: 'app/a/x.py', after: 'app/b/c/x.py' }, 'app/a/models.py', 'app/a/models.py')[0],
    ).toBe('...a.models');
  });

  test('names that cannot be imported are none', () => {
    expect(spelled('a.b', stays('x.py'), 'a/b.py', 'a/new-name.py')).toEqual([]);
    expect(spelled('a.b', stays('x.py'), 'a/b.py', 'class/b.py')).toEqual(['b']);
  });

  test('Python itself finds what the first candidate names', () => {
    const dir = mkdtempSync(join(tmpdir(), 'desprawl-respell-'));
    try {
      const cases = [
        ['app.db.conn', 'app/db/conn.py', 'app/store/pool.py', 'app/web/view.py'],
        ['..db.conn', 'app/db/conn.py', 'app/store/deep/pool.py', 'app/web/view.py'],
        ['.conn', 'app/db/conn.py', 'app/web/conn.py', 'app/db/use.py'],
        ['app.db', 'app/db/__init__.py', 'app/store/__init__.py', 'app/web/view.py'],
      ] as const;
      for (const [index, [old, before, after, importer]] of cases.entries()) {
        const root = join(dir, String(index));
        const name = spelled(old, stays(importer), before, after)[0] as string;
        const files: Record<string, string> = {
          [importer]: `from ${name} import WHO\nprint(WHO)\n`,
          [after]: `WHO = ${JSON.stringify(after)}\n`,
        };
        for (const path of Object.keys(files))
          for (let folder = dirname(path); folder !== '.'; folder = dirname(folder))
            files[`${folder}/__init__.py`] ??= '';
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          writeFileSync(join(root, path), text);
        }
        const module = importer.replace(/\.py$/, '').replaceAll('/', '.');
        expect(execFileSync('python3', ['-m', module], { cwd: root, encoding: 'utf8' }).trim()).toBe(after);
      }
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('specifiers (C4)', () => {
  const spelled = (old: string, importer: string, before: string, after: string): string =>
    specifierCandidates(old, stays(importer), { before, after })[0] as string;

  test.each([
    ['./db.js', 'src/app.ts', 'src/db.ts', 'src/store/pool.ts', './store/pool.js'],
    ['./db', 'src/app.ts', 'src/db.ts', 'src/store/index.ts', './store'],
    ['./db/index', 'src/app.ts', 'src/db/index.ts', 'src/store/index.ts', './store/index'],
    ['./db', 'src/app.ts', 'src/db/index.ts', 'lib/db.ts', '../lib/db'],
    ['./db.mjs', 'src/app.mts', 'src/db.mts', 'src/x/db.mts', './x/db.mjs'],
    ['./db.ts', 'src/app.ts', 'src/db.ts', 'src/x/db.tsx', './x/db.tsx'],
    ['@/lib/db', 'src/web/app.ts', 'src/lib/db.ts', 'src/server/db.ts', '@/server/db'],
    ['@/lib/db', 'src/web/app.ts', 'src/lib/db.ts', 'packages/db.ts', '../../packages/db'],
    ['~lib/db', 'src/web/app.ts', 'src/lib/db.ts', 'src/lib/pool.ts', '~lib/pool'],
    ['src/lib/db', 'src/web/app.ts', 'src/lib/db.ts', 'src/server/db.ts', 'src/server/db'],
    ['./config.json', 'src/app.ts', 'src/config.json', 'etc/config.json', '../etc/config.json'],
    ['./x.svg?url', 'src/app.ts', 'src/x.svg', 'src/img/x.svg', './img/x.svg?url'],
    ['.', 'src/db/a.ts', 'src/db/index.ts', 'src/store/index.ts', '../store'],
    ['./v1.2/db', 'src/app.ts', 'src/v1.2/db.ts', 'src/v2.0/db.ts', './v2.0/db'],
  ])('%s in %s: %s → %s is %s', (old, importer, before, after, now) => {
    expect(spelled(old, importer, before, after)).toBe(now);
  });

  test('a package’s own name says nothing about a file: only a relative path is left', () => {
    expect(
      specifierCandidates('@acme/db', stays('apps/web/x.ts'), {
        before: 'packages/db/src/index.ts',
        after: 'packages/db/lib/index.ts',
      }),
    ).toEqual(['../../packages/db/lib']);
  });
});
