import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/empty-accident.ts';
import { expectNoTrace, runCli } from '../run-cli.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S4: a store of 0 bytes and one without a table are residue, with the real one named', () => {
  expect(seen.store('services/hub/data/hub.db')).toMatchObject({
    kind: 'sqlite',
    status: 'empty',
    bytes: 0,
    tables: [],
  });
  const [accident, ...more] = seen.about('empty-residue', 'services/hub/data/hub.db');
  expect(more).toEqual([]);
  expect(accident?.confidence).toBe('proven');
  expect(accident?.evidence.join('\n')).toContain('data/hub.db has the name of services/hub/data/hub.db');
  expect(seen.about('empty-residue', 'data/void.db')).toHaveLength(1);
});

it('S4: a store with a table and no row is a beginning, and not every empty file is a store', () => {
  expect(seen.rows('data/fresh.db')).toEqual({ alarms: 0 });
  expect(seen.about('empty-residue', 'data/fresh.db')).toEqual([]);
  expect(seen.about('empty-residue', 'data/hub.db')).toEqual([]);
  expect(seen.has('data/.gitkeep')).toBe(false);
});

it('S4: a store that is named and not there is never made', async () => {
  const run = await opened.untouched(() =>
    runCli(['-C', opened.dir, 'diff', 'data/hub.db', 'data/never-made.db', '--json']),
  );
  expectNoTrace(run);
  expect(run.code).toBe(2);
  expect(`${run.stdout}${run.stderr}`).toContain('data/never-made.db');
  expect(existsSync(`${opened.dir}/data/never-made.db`)).toBe(false);
});
