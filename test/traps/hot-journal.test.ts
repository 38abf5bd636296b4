import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { ORDERS, project } from '../projects/hot-journal.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S18: uncommitted changes are rolled back in the copy, and only there', () => {
  const store = seen.store('data/orders.db');
  expect(store).toMatchObject({ status: 'verified', readBy: 'private-copy', sqlite: { integrity: 'ok' } });
  expect(store.sidecars).toMatchObject([{ role: 'journal', path: 'data/orders.db-journal' }]);
  expect(seen.rows('data/orders.db')).toEqual({ orders: ORDERS });
});

it('S18: what is read is the last committed state, row for row', async () => {
  const diff = await opened.diff('data/orders.db', 'backup/orders.db');
  expect(diff.tables).toMatchObject([{ relation: 'identical', same: ORDERS, onlyA: 0, onlyB: 0, conflicting: 0 }]);
});

it('S18: a journal that is finished with changes nothing', () => {
  expect(seen.rows('data/kept.db')).toEqual({ lists: 10 });
  expect(seen.rows('data/cut.db')).toEqual({ lists: 15 });
});
