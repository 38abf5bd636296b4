import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/migration-ledgers.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S17: the ledgers are read, with the newest step', () => {
  expect(seen.store('data/kiosk.db').migrations).toMatchObject([
    { system: 'django', entries: 5, latest: expect.stringContaining('0005_audit') },
  ]);
  expect(seen.store('backend/kiosk.db').migrations).toMatchObject([
    { entries: 3, latest: expect.stringContaining('0003_rooms') },
  ]);
  expect(seen.store('data/shop.db').migrations).toMatchObject([{ system: 'alembic', latest: 'a1f0c3d2e4b5' }]);
  expect(seen.store('data/house.db').migrations).toMatchObject([
    { system: 'prisma', entries: 2, latest: '20250201_rooms' },
  ]);
});

it('S17: rivals at different levels are a finding each', () => {
  expect(seen.about('migration-drift', 'data/kiosk.db')).toHaveLength(1);
  expect(seen.about('migration-drift', 'data/kiosk.db')[0]?.stores).toContain('backend/kiosk.db');
  expect(seen.about('migration-drift', 'data/shop.db')).toHaveLength(1);
});

it('S17: the schema level speaks in the election of the primary', () => {
  const group = seen.audit.groups.find(({ stores }) => stores.includes('data/kiosk.db'));
  const of = (store: string) => group?.candidates.find((candidate) => candidate.store === store);
  expect(of('data/kiosk.db')?.score).toBeGreaterThan(of('backend/kiosk.db')?.score ?? Number.POSITIVE_INFINITY);
  expect(of('data/kiosk.db')?.reasons.join('; ')).toMatch(/migration|schema/i);
});

it('S17: the same migrations in another order are the same level, and a backup may be behind', () => {
  expect(seen.about('migration-drift', 'data/house.db')).toEqual([]);
  expect(seen.about('migration-drift', 'backup/kiosk.db')).toEqual([]);
});
