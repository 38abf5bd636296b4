import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/broken-references.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R9: broken references are counted by table and parent', () => {
  expect(seen.store('data/hub.db').sqlite?.fkViolations.toSorted((x, y) => x.count - y.count)).toEqual([
    { table: 'events', parent: 'devices', count: 13 },
    { table: 'readings', parent: 'meters', count: 24 },
  ]);
  const [finding, ...more] = seen.about('fk-baseline', 'data/hub.db');
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ severity: 'medium', confidence: 'proven' });
  expect(finding?.message).toMatch(/37 rows/);
});

it('R9: a key that names a missing column cannot be checked, and is not silence', () => {
  expect(seen.store('data/shop.db').sqlite?.fkViolations).toMatchObject([
    { table: 'prices', parent: 'articles', count: 0, broken: expect.stringContaining('mismatch') },
  ]);
  expect(seen.about('fk-baseline', 'data/shop.db')).toHaveLength(1);
  expect(seen.store('data/shop.db').status).toBe('verified');
});

it('R9: NULL refers to nothing, and a sound store has no baseline', () => {
  expect(seen.store('services/copy/sound.db').sqlite?.fkViolations).toEqual([]);
  expect(seen.about('fk-baseline', 'services/copy/sound.db')).toEqual([]);
});
