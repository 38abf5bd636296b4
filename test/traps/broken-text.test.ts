import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, differing, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { project } from '../projects/broken-text.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R16: text after a NUL and broken UTF-8 are compared to the last byte', async () => {
  const texts = tableOf(await opened.diff('data/a.db', 'data/b.db'), 'texts');
  expect(texts).toMatchObject({ key: ['id'], same: 6, conflicting: 2, onlyA: 0, onlyB: 0 });
  expect(differing(texts)).toEqual({ body: 2 });
});

it('R16: integers that are one double are two integers', async () => {
  const ids = tableOf(await opened.diff('data/a.db', 'data/b.db'), 'ids');
  expect(ids).toMatchObject({ same: 9, conflicting: 1 });
  expect(differing(ids)).toEqual({ channel: 1 });
});

it('R16: JSON carries 64-bit ids exactly', async () => {
  expect(seen.store('exports/ids.json')).toMatchObject({ kind: 'json', status: 'verified' });
  const same = (await opened.diff('exports/ids.json', 'data/a.db')).tables;
  expect(same).toMatchObject([{ b: 'ids', relation: 'identical', same: 10, conflicting: 0 }]);
  const other = (await opened.diff('exports/ids.json', 'data/b.db')).tables;
  expect(other).toMatchObject([{ b: 'ids', same: 9, conflicting: 1 }]);
});

it('R16: the audit sees the differences too', () => {
  expect(seen.table('data/a.db', 'texts', 'data/b.db')).toMatchObject({ conflicting: 2 });
  expect(seen.table('data/a.db', 'ids', 'data/b.db')).toMatchObject({ conflicting: 1 });
});
