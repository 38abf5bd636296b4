import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/imported-by-name.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const unused = (): readonly string[] => seen.findings('unused-module').flatMap(({ at }) => at.map(({ path }) => path));

it('C1: a module that is gone is missed, though another begins like it', () => {
  const [found, ...more] = seen.findings('dangling-import').filter(({ severity }) => severity === 'high');
  expect(more).toEqual([]);
  expect(found).toMatchObject({ at: [{ path: 'kiosk/report.py', line: 1 }] });
  expect(found?.message).toContain('kiosk.core.connection,');
});

it('C1: a module has no importers because one that begins like it has them', () => {
  expect(unused()).toContain('kiosk/core/pool.py');
  expect(unused()).not.toContain('kiosk/core/pool_manager.py');
});

it('C2: each way to import a module is seen; what no way leads to is unused', () => {
  expect(unused().filter((path) => path.startsWith('kiosk/ways/'))).toEqual(['kiosk/ways/nobody.py']);
});

it('C3: a text that names a module keeps it', () => {
  expect(unused().filter((path) => /^(?:kiosk\/named|migrations)\//.test(path))).toEqual([]);
});

it('C3: a mock of a module that is gone patches nothing', () => {
  const found = seen.findings('dangling-import').filter(({ severity }) => severity === 'low');
  expect(found).toMatchObject([{ at: [{ path: 'tests/test_mail.py', line: 6 }] }]);
  expect(found[0]?.message).toContain('kiosk.named.post');
});

it('C10: a module whose only importer is dead is dead, with the chain', () => {
  expect(unused().filter((path) => path.startsWith('kiosk/dead/'))).toEqual([
    'kiosk/dead/first.py',
    'kiosk/dead/last.py',
    'kiosk/dead/next.py',
  ]);
  expect(seen.about('unused-module', 'kiosk/dead/last.py')[0]?.evidence).toContain(
    'imported only by dead modules: kiosk/dead/last.py ← kiosk/dead/next.py ← kiosk/dead/first.py',
  );
});
