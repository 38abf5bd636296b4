import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { project, TABLE_NAMES } from '../projects/exact-values.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R12: the catalog says what each table is', () => {
  const table = (name: string) => seen.store('data/exact.db').tables.find((one) => one.name === name);
  expect(table('parts')).toMatchObject({ withoutRowid: true, primaryKey: ['maker', 'number'] });
  expect(table('fits')?.foreignKeys).toMatchObject([
    { columns: ['maker', 'number'], table: 'parts', parentColumns: ['maker', 'number'] },
  ]);
  expect(table('folders')?.foreignKeys).toMatchObject([{ columns: ['parent_id'], table: 'folders' }]);
  expect(table('teams')?.foreignKeys).toMatchObject([{ columns: ['lead_id'], table: 'players' }]);
  expect(table('strict_counts')).toMatchObject({ strict: true });
  expect(table('boxes')?.columns.map(({ name, generated }) => [name, generated])).toEqual([
    ['id', false],
    ['width', false],
    ['height', false],
    ['area', true],
    ['label', true],
  ]);
});

it('R12: rows written in another order into other pages are the same rows', async () => {
  const diff = await opened.diff('data/exact.db', 'data/same.db');
  const relations = Object.fromEntries(diff.tables.map(({ a, relation }) => [a, relation]));
  expect(relations).toEqual(Object.fromEntries(TABLE_NAMES.map((name) => [name, 'identical'])));
  expect(seen.relation('data/exact.db', 'data/same.db')).toMatchObject({ kind: 'copy', byteEqual: false, exact: true });
});

it.each(TABLE_NAMES)('R12: the one difference in %s is seen', async (name) => {
  const diff = await opened.diff('data/exact.db', 'data/changed.db', '--table', name);
  const { same, conflicting, onlyA, onlyB, rowsA } = tableOf(diff, name);
  expect({ name, differ: conflicting + onlyA, missing: onlyA - onlyB, rest: same }).toEqual({
    name,
    differ: 1,
    missing: 0,
    rest: rowsA - 1,
  });
});

it('R12: the audit does not take the changed store for a copy', () => {
  expect(seen.relation('data/exact.db', 'data/changed.db')).toMatchObject({ kind: 'diverged', exact: true });
  const copies = seen.findings('copy-store').flatMap(({ stores }) => stores ?? []);
  expect(copies).not.toContain('data/changed.db');
});
