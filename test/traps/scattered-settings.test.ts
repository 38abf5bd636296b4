import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project, SECRET } from '../projects/scattered-settings.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const placesOf = (code: string): readonly string[] =>
  seen.findings(code).flatMap(({ at }) => at.map(({ path, line }) => (line === undefined ? path : `${path}:${line}`)));

it('C11: two programs that declare one table of one store; the table of that name in another store is left alone', () => {
  expect(seen.findings('ddl-clash')).toMatchObject([{ severity: 'high', stores: ['data/hub.db'] }]);
  expect(placesOf('ddl-clash').join()).toMatch(/app\/hub\.py/);
  expect(placesOf('ddl-clash').join()).not.toMatch(/games/);
});

it('C12: two migration systems change one table', () => {
  expect(seen.findings('several-migration-systems')).toMatchObject([
    { severity: 'high', at: [{ path: 'alembic' }, { path: 'sql' }] },
  ]);
});

it('C16: one variable with two defaults, each with its places', () => {
  const [one, ...more] = seen.findings('config-scatter');
  expect(more).toEqual([]);
  expect(one?.message).toBe('KIOSK_MODE is read in 3 places with 2 different defaults.');
  expect(one?.evidence.join('\n')).toMatch(/loud: jobs\/nightly\.py:2/);
});

it('C16: --dry-run is ignored by one script and heeded by the other', () => {
  expect(placesOf('unread-setting')).toEqual(['scripts/purge.py:5', '.env:1']);
  expect(seen.findings('unread-setting')).toMatchObject([{ severity: 'high' }, { severity: 'low' }]);
});

it('C24: the password is reported and shown nowhere in the whole document', () => {
  expect(placesOf('credentials-in-code')).toEqual(['app/report.py:3']);
  expect(seen.findings('credentials-in-code')).toMatchObject([{ severity: 'high', confidence: 'proven' }]);
  expect(JSON.stringify(seen.audit)).not.toContain(SECRET);
});

it('X3: code reads the export; removal is refused', () => {
  expect(placesOf('export-read-by-code')).toEqual(['app/api.py:3']);
  expect(seen.findings('export-read-by-code')[0]?.action).toContain('Removal is refused');
});

it('X6: rows go into a file that code reads back', () => {
  expect(placesOf('direct-write')).toEqual(['app/signup.py:1']);
});

it('a test writes into the store in use, another into memory', () => {
  expect(placesOf('tests-write-state')).toEqual(['tests/test_hub.py:3']);
});
