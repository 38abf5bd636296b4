import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Where } from '../../src/audit/where.ts';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/moved-deeper.ts';
import { runCli } from '../run-cli.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

/** Paths that a file opens. */
async function opens(file: string): Promise<readonly string[]> {
  const run = await opened.untouched(() => runCli(['-C', opened.dir, 'where', file, '--json']));
  const { bindings } = JSON.parse(run.stdout) as Where;
  return bindings.map(({ target }) =>
    'path' in target ? target.path : 'store' in target ? target.store : target.kind,
  );
}

it('C13: a script that was moved deeper opens another place than before', async () => {
  expect(await opens('tools/nightly/count.py')).toEqual(['tools/data/shop.db']);
  expect(await opens('tools/nightly/sum.py')).toEqual(['data/shop.db']);
  expect(await opens('tools/weekly.py')).toEqual(['data/shop.db']);
});

it('C13: what it reads there is missing; for its neighbour it is there', () => {
  const places = seen.findings('missing-store').flatMap(({ at }) => at.map(({ path, line }) => `${path}:${line}`));
  expect(places.sort()).toEqual(['tools/nightly/count.py:4', 'tools/nightly/import.py:4']);
});

it('C15: a package wins over the module of its name', () => {
  expect(seen.findings('unused-module').map(({ at }) => at)).toEqual([[{ path: 'kiosk/models.py' }]]);
});

it('C15: a folder without __init__.py is a package, but not beside a module of its name', () => {
  expect(seen.findings('dangling-import')).toMatchObject([
    { severity: 'high', at: [{ path: 'kiosk/main.py', line: 5 }] },
  ]);
  expect(seen.findings('dangling-import')[0]?.message).toContain('kiosk.views.login');
});
