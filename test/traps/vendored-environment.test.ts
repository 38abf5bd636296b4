import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project, VENV_FILES, WINDOWS_FILES } from '../projects/vendored-environment.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S15: environments are recognised, counted and not searched', () => {
  const skipped = Object.fromEntries(seen.audit.project.skipped.map(({ path, files }) => [path, files]));
  expect(skipped).toMatchObject({ 'service/venv': VENV_FILES, 'tools/env': WINDOWS_FILES });
  const inside = seen.audit.stores.filter(
    ({ path }) => path.startsWith('service/venv/') || path.startsWith('tools/env/'),
  );
  expect(inside).toEqual([]);
});

it("S15: what only sounds like one is the project's own", () => {
  expect(seen.rows('environment/weather.csv')).toEqual({ weather: 3 });
  expect(seen.rows('vendor/prices.db')).toEqual({ prices: 11 });
});
