import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { project } from '../projects/column-order.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R6: columns are matched by name, never by position', async () => {
  const contacts = tableOf(await opened.diff('data/a.db', 'data/b.db'), 'contacts');
  expect(contacts).toMatchObject({
    same: 25,
    conflicting: 0,
    onlyA: 0,
    onlyB: 0,
    columnsOnlyA: ['nickname'],
    columnsOnlyB: ['phone'],
  });
  expect(Object.fromEntries(contacts.columns.map(({ a, b }) => [a, b]))).toEqual({
    id: 'id',
    first_name: 'first_name',
    last_name: 'last_name',
    email: 'email',
    city: 'city',
  });
});

it('R6: neither is a copy or a subset: each has a column of its own', () => {
  for (const code of ['copy-store', 'subset-store']) expect(seen.findings(code)).toEqual([]);
  const [finding] = [...seen.about('diverged-store', 'data/a.db'), ...seen.about('diverged-store', 'data/b.db')];
  expect(`${finding?.message} ${finding?.evidence.join(' ')}`).toMatch(/nickname|phone/);
});
