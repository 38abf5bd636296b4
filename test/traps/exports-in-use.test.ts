import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/exports-in-use.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const placesOf = (code: string): readonly string[] =>
  seen.findings(code).flatMap(({ at }) => at.map(({ path, line }) => `${path}:${line}`));

it('X1: 95 records that no table has are no export that can be made again', () => {
  expect(seen.findings('orphan-export')).toMatchObject([
    { severity: 'high', stores: ['exports/readings.csv'], message: expect.stringContaining('95 rows') },
  ]);
  expect(seen.findings('orphan-export')[0]?.message).toContain('do not delete it');
});

it('X1: an export whose rows the table has, and data that nobody calls an export, are none', () => {
  expect(seen.about('orphan-export', 'exports/orders.csv')).toEqual([]);
  expect(seen.about('orphan-export', 'data/words.csv')).toEqual([]);
});

it('X3: endpoints that read an export, in two languages; the script that makes it and a test are no readers', () => {
  expect(placesOf('export-read-by-code')).toEqual(['api/server.js:7', 'web/orders.php:2']);
  const [found] = seen.findings('export-read-by-code');
  expect(found?.evidence).toContain('written at scripts/export.py:5 (script)');
  expect(found?.action).toContain('Removal is refused');
});

it('X6: rows that go into files which code reads back, with the lines', () => {
  expect([...placesOf('direct-write')].sort()).toEqual(['api/subscribe.js:6', 'web/contact.php:2']);
});
