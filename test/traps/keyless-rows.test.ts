import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { project } from '../projects/keyless-rows.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R18: rows without a key are a multiset: three equal sales are three', async () => {
  const sales = tableOf(await opened.diff('data/a.db', 'data/b.db'), 'sales');
  expect(sales).toMatchObject({
    relation: 'superset',
    same: 20,
    onlyA: 2,
    onlyB: 0,
    conflicting: 0,
    rowsA: 22,
    rowsB: 20,
  });
});

it('R18: a row that two keys lead to two partners is ambiguous, not a guess', async () => {
  const members = tableOf(await opened.diff('data/a.db', 'data/b.db'), 'members');
  expect(members).toMatchObject({ ambiguous: 1 });
  expect(members.same).toBe(15);
});

it('R18: the audit says the same, and no copy or subset', () => {
  expect(seen.table('data/a.db', 'sales', 'data/b.db')).toMatchObject({ same: 20, onlyA: 2, onlyB: 0 });
  expect(seen.table('data/a.db', 'members', 'data/b.db')).toMatchObject({ ambiguous: 1 });
  expect([...seen.findings('copy-store'), ...seen.findings('subset-store')]).toEqual([]);
});
