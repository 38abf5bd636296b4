import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, differing, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { project } from '../projects/twin-of-another-name.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R4: the same tasks under another name are found by content', () => {
  const twin = seen.table('data/hub.db', 'tasks', 'data/planner.db', 'dynamic_tasks');
  expect(twin).toMatchObject({ relation: 'diverged', same: 45, conflicting: 28, onlyA: 15, onlyB: 8, method: 'exact' });
  expect(differing(twin ?? { columns: [] })).toEqual({ status: 28 });
});

it('R4: the conflicts are a finding that names both tables and the column', () => {
  const [finding, ...more] = seen.findings('conflicting-twin');
  expect(more).toEqual([]);
  expect(finding?.tables).toEqual(
    expect.arrayContaining([
      { store: 'data/hub.db', table: 'tasks' },
      { store: 'data/planner.db', table: 'dynamic_tasks' },
    ]),
  );
  const text = [finding?.message, ...(finding?.evidence ?? [])].join('\n');
  expect(text).toContain('28');
  expect(text).toContain('status');
});

it('R4: equal columns without a common row make no conflict', () => {
  expect(
    seen
      .findings('conflicting-twin')
      .flatMap(({ tables }) => tables ?? [])
      .map(({ table }) => table),
  ).not.toContain('chores');
});

it('R4: diff lists the conflicts', async () => {
  const diff = await opened.diff('data/hub.db', 'data/planner.db', '--table', 'tasks');
  expect(tableOf(diff, 'tasks', 'dynamic_tasks')).toMatchObject({
    key: ['id'],
    same: 45,
    conflicting: 28,
    onlyA: 15,
    onlyB: 8,
  });
});
