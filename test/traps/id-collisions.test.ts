import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { project } from '../projects/id-collisions.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R1: ids 1 to 3 are different people, found by address and not by id', async () => {
  const diff = await opened.diff('data/hub.db', 'data/auth.db');
  const users = tableOf(diff, 'users');
  expect(users).toMatchObject({
    relation: 'diverged',
    key: ['email'],
    same: 5,
    onlyA: 3,
    onlyB: 3,
    conflicting: 0,
    idCollisions: 3,
  });
  expect(users.keys.find(({ columns }) => columns.join() === 'id')).toMatchObject({
    surrogate: true,
    chosen: false,
    matched: 8,
    agreeing: 5,
  });
});

it('R1: what refers to those ids is named', async () => {
  const diff = await opened.diff('data/hub.db', 'data/auth.db', '--table', 'users');
  const named = tableOf(diff, 'users').references.map(
    ({ store, table, column, rows }) => `${store} ${table}.${column} ${rows}`,
  );
  expect(named.sort()).toEqual(['data/auth.db sessions.user_id 3', 'data/hub.db sessions.user_id 4']);
});

it('R1: the rooms carry the same ids and are the same rooms', async () => {
  const diff = await opened.diff('data/hub.db', 'data/auth.db');
  expect(tableOf(diff, 'rooms')).toMatchObject({ relation: 'identical', same: 9, idCollisions: 0 });
});

it('R1: the audit says the same', () => {
  expect(seen.table('data/hub.db', 'users', 'data/auth.db')).toMatchObject({
    idCollisions: 3,
    same: 5,
    onlyA: 3,
    onlyB: 3,
    conflicting: 0,
  });
  expect(seen.about('copy-store', 'data/auth.db')).toEqual([]);
  expect(seen.about('diverged-store', 'data/auth.db').concat(seen.about('diverged-store', 'data/hub.db'))).not.toEqual(
    [],
  );
});
