import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, differing, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { project } from '../projects/spellings.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R8: what is only spelled differently is the same', async () => {
  const accounts = tableOf(await opened.diff('data/a.db', 'data/b.db'), 'accounts');
  expect(accounts).toMatchObject({ onlyA: 0, onlyB: 0, same: 29, conflicting: 1, ambiguous: 0 });
  expect(Object.fromEntries(accounts.columns.map(({ a, normaliser }) => [a, normaliser]))).toMatchObject({
    id: 'uuid',
    email: 'email',
    created_at: 'timestamp',
    visits: 'number',
  });
});

it('R8: other letters in a name are a difference all the same', async () => {
  expect(differing(tableOf(await opened.diff('data/a.db', 'data/b.db'), 'accounts'))).toEqual({ name: 1 });
});

it('R8: NULL in a key matches nothing', async () => {
  const codes = tableOf(await opened.diff('data/a.db', 'data/b.db'), 'codes');
  expect(codes).toMatchObject({ same: 10, onlyA: 2, onlyB: 2, conflicting: 0 });
});

it('R8: the audit says the same', () => {
  expect(seen.table('data/a.db', 'accounts', 'data/b.db')).toMatchObject({
    same: 29,
    conflicting: 1,
    onlyA: 0,
    onlyB: 0,
  });
});
