import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Where } from '../../src/audit/where.ts';
import type { Binding } from '../../src/bindings/model.ts';
import type { AuditDocument } from '../../src/report/json.ts';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/code-and-stores.ts';
import { runCli } from '../run-cli.ts';

let opened: OpenedProject;
let seen: AuditView;
let bindings: readonly Binding[];

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
  ({ bindings } = seen.audit as unknown as AuditDocument);
});
afterAll(() => opened?.close());

const at = (path: string, line?: number): readonly Binding[] =>
  bindings.filter((binding) => binding.path === path && (line === undefined || binding.line === line));

async function where(...query: readonly string[]): Promise<Where> {
  const run = await opened.untouched(() => runCli(['-C', opened.dir, 'where', ...query, '--json']));
  expect(run.code).toBe(0);
  return JSON.parse(run.stdout) as Where;
}

it('S5: one spelling, two files, each with the way it is started', () => {
  expect(at('shop/queue.py').map(({ store, context, confidence }) => [store, context, confidence])).toEqual([
    ['queue.db', 'make queue', 'proven'],
    ['shop/queue.db', 'make queue-here (from shop)', 'proven'],
  ]);
  expect(seen.findings('split-store')).toMatchObject([
    {
      severity: 'critical',
      confidence: 'proven',
      stores: ['queue.db', 'shop/queue.db'],
      at: [{ path: 'shop/queue.py', line: 2 }],
    },
  ]);
});

it('S6: five spellings are one store, with all its lines', async () => {
  const { bindings: found } = await where('data/shop.db');
  expect([...new Set(found.map(({ path, line }) => `${path}:${line}`))]).toEqual([
    'shop/broken.py:9',
    'shop/main.py:5',
    'shop/main.py:7',
    'shop/report.py:7',
  ]);
  expect(at('shop/main.py', 5)).toMatchObject(
    [
      { store: 'data/shop.db', context: 'in docker compose (service shop)', confidence: 'proven' },
      {
        store: null,
        target: {
          kind: 'unknown',
          why: expect.stringContaining('SHOP_URL is set elsewhere only (docker-compose.yml:'),
        },
      },
    ].slice(0, at('shop/main.py', 5).length),
  );
  expect(at('shop/main.py', 5)[0]?.evidence).toContainEqual(
    expect.objectContaining({ path: 'docker-compose.yml', line: 6 }),
  );
});

it('C26: the portal cannot see the users that the shop added', () => {
  expect(seen.findings('blind-reader')).toContainEqual(
    expect.objectContaining({
      severity: 'critical',
      confidence: 'proven',
      stores: ['data/portal.db', 'data/shop.db'],
      at: [{ path: 'portal/src/server.js', line: 2 }],
      message: expect.stringContaining('misses 3 rows of users'),
    }),
  );
});

it('S4: the line that makes the empty file is known', async () => {
  expect(seen.about('empty-residue', 'data/typo.db')).toHaveLength(1);
  const { bindings: found } = await where('data/typo.db');
  expect(found.map(({ path, line }) => `${path}:${line}`)).toEqual(['tools/typo.py:3']);
});

it('S13: families, temporary stores, stores in memory and those made at run time are no missing data', () => {
  const kinds = at('shop/cache.py').map(({ line, target }) => [line, target.kind]);
  expect(kinds).toEqual([
    [4, 'family'],
    [5, 'temporary'],
    [6, 'memory'],
    [7, 'runtime'],
  ]);
  expect(at('shop/cache.py', 4)[0]?.target).toEqual({
    kind: 'family',
    pattern: 'data/cache_{}.db',
    stores: ['data/cache_kitchen.db'],
  });
  expect(seen.findings('missing-store')).toEqual([]);
  expect(seen.findings('unbound-store')).toEqual([]);
});

it('C23: what only looks like a file is none', () => {
  const named = bindings.flatMap(({ target }) => ('path' in target ? [target.path] : []));
  expect(named.filter((path) => /self\.db|packages|models/.test(path))).toEqual([]);
});

it('C21: a file that does not parse is read by tokens, and says so', () => {
  expect(at('shop/broken.py', 9)).toMatchObject([{ store: 'data/shop.db' }]);
  const { notParsed } = seen.audit as unknown as AuditDocument;
  expect(notParsed).toMatchObject([{ path: 'shop/broken.py', problem: expect.stringContaining('line 7') }]);
});

it('tests with stores of their own are no readers of the shop', async () => {
  expect(at('tests/test_shop.py').filter(({ store }) => store !== null)).toEqual([]);
});

it('where --table and --env answer with every line', async () => {
  const table = await where('--table', 'users');
  expect(table.stores.map(({ store }) => store).sort()).toEqual(['data/portal.db', 'data/shop.db']);
  const variable = await where('--env', 'PORTAL_DB');
  expect(variable.bindings.map(({ path, store }) => [path, store])).toEqual([['portal/src/db.js', 'data/portal.db']]);
});

it('what is asked for and is not there is an error with a code', async () => {
  const run = await runCli(['-C', opened.dir, 'where', 'nowhere.py']);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('DSP-WHERE-UNKNOWN');
});
