import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Where } from '../../src/audit/where.ts';
import type { Binding } from '../../src/bindings/model.ts';
import type { AuditDocument } from '../../src/report/json.ts';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/names-in-passing.ts';
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

const of = (path: string): readonly Binding[] => bindings.filter((binding) => binding.path === path);

it('C20: a map from old names to new ones opens neither by standing there', () => {
  const named = bindings.flatMap(({ target }) => ('path' in target ? [target.path] : []));
  expect(named.filter((path) => /data\/(?:auth|sessions)\.db/.test(path))).toEqual([]);
  expect(of('tools/consolidate.py').map(({ line }) => line)).toEqual([4]);
});

it('C20: an importer of old data keeps its source, which is nothing that is missing here', () => {
  expect(of('tools/legacy.py').map(({ target }) => target)).toEqual([{ kind: 'outside', path: '/srv/legacy/auth.db' }]);
  expect(seen.findings('missing-store')).toEqual([]);
});

it('C20: a list of forbidden names opens nothing', () => {
  expect(of('tools/guard.js')).toEqual([]);
});

it('C22: prose, docstrings, comments and prompts that name a store do not open it', async () => {
  const run = await opened.untouched(() => runCli(['-C', opened.dir, 'where', 'data/hub.db', '--json']));
  expect((JSON.parse(run.stdout) as Where).bindings.map(({ path, line }) => `${path}:${line}`)).toEqual([
    'app.py:5',
    'tools/consolidate.py:4',
  ]);
  expect(seen.findings('several-spellings')).toEqual([]);
});

it('C22: who moves a store is told who names it, and where prose alone names one that is gone', async () => {
  const mentionsOf = async (store: string): Promise<Where['mentions']> => {
    const run = await opened.untouched(() => runCli(['-C', opened.dir, 'where', store, '--json']));
    return (JSON.parse(run.stdout) as Where).mentions;
  };
  const here = await mentionsOf('data/hub.db');
  expect(here.filter(({ prose }) => prose).map(({ path }) => path)).toContain('README.md');
  expect(here.map(({ path, line }) => `${path}:${line}`)).not.toContain('app.py:5');
  expect(await mentionsOf('data/auth.db')).not.toEqual([]);
});

it('C22: what prose names is there: the store is not unbound, and nobody misses what it tells is gone', () => {
  expect(seen.findings('unbound-store')).toEqual([]);
  expect(JSON.stringify(seen.audit.findings)).not.toContain('auth.db');
});

it('C23: attributes, suffixes, keys and names of hosts are no files', () => {
  expect([...of('names.py'), ...of('names.ts')]).toEqual([]);
});
