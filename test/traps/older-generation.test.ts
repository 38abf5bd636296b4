import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/older-generation.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S8: a backup that shares no row is an older generation, not a copy', () => {
  expect(seen.store('data/hub.db.old').role).toBe('backup');
  expect(seen.relation('data/hub.db.old', 'data/hub.db')).toMatchObject({
    kind: 'older-generation',
    byteEqual: false,
    onlyA: 85,
    onlyB: 110,
  });
  const [finding, ...more] = seen.about('older-generation', 'data/hub.db.old');
  expect(more).toEqual([]);
  expect(finding?.message).toMatch(/older generation.*not a copy.*85 rows/);
});

it('S8: the copy and the earlier state beside it are told apart', () => {
  expect(seen.relation('data/hub.db.bak', 'data/hub.db')).toMatchObject({ kind: 'copy', byteEqual: true });
  expect(seen.relation('data/hub.db.backup', 'data/hub.db')).toMatchObject({ kind: 'subset', onlyA: 0, onlyB: 38 });
  const generations = seen.findings('older-generation').flatMap(({ at }) => at.map(({ path }) => path));
  expect(generations).toEqual(['data/hub.db.old']);
});
