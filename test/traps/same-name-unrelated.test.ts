import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/same-name-unrelated.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R5: one name, two things: unrelated, and said so', () => {
  const relation = seen.table('data/hub.db', 'events', 'data/calendar.db');
  expect(relation?.relation).toBe('unrelated');
  const [finding, ...more] = seen.about('same-name-unrelated', 'data/calendar.db');
  expect(more).toEqual([]);
  expect(finding?.stores).toContain('data/hub.db');
});

it('R5: nothing is concluded from the ids that both count from 1', () => {
  for (const code of ['conflicting-twin', 'twin-table', 'diverged-store', 'subset-store', 'copy-store']) {
    expect(seen.about(code, 'data/calendar.db')).toEqual([]);
  }
});

it('R5: the table of the same name that is the same thing is found', () => {
  expect(seen.table('services/gateway/log.db', 'events', 'data/hub.db')).toMatchObject({
    relation: 'subset',
    same: 45,
    onlyA: 0,
    onlyB: 15,
  });
  expect(seen.about('subset-store', 'services/gateway/log.db')).toHaveLength(1);
  expect(
    seen.about('same-name-unrelated', 'services/gateway/log.db').map(({ stores }) => stores?.toSorted()),
  ).not.toContainEqual(['data/hub.db', 'services/gateway/log.db']);
});
