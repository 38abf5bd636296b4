import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/false-duplicate.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S7: a "duplicate" with rows of its own has diverged, and says how many', () => {
  const relation = seen.relation('backend/kiosk.db', 'data/kiosk.db');
  expect(relation).toMatchObject({ kind: 'diverged', exact: true, byteEqual: false, onlyA: 7, conflicting: 0 });
  const [finding, ...more] = seen
    .about('diverged-store', 'backend/kiosk.db')
    .filter(({ stores }) => stores?.includes('data/kiosk.db'));
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ severity: 'high', confidence: 'proven' });
  expect(finding?.message).toMatch(/30 rows.*lacks 7 of its rows.*delete neither/);
  expect(finding?.evidence.join('\n')).toMatch(/users: 2 rows only in backend[\s\S]*bookings: 5 rows only in backend/);
});

it('S7: nothing calls it a copy or a subset', () => {
  for (const code of ['copy-store', 'subset-store']) {
    for (const finding of seen.about(code, 'backend/kiosk.db'))
      expect(finding.at.map(({ path }) => path)).not.toContain('backend/kiosk.db');
  }
});

it('S7: a backup with an account of its own is not removable either', () => {
  const [finding] = seen.about('diverged-store', 'backup/kiosk_copy.db');
  expect(finding?.message).toMatch(/1 row .*do not delete/);
});

it('S7: beside it a true subset and a true copy are named as such', () => {
  expect(seen.relation('dashboard/kiosk.db', 'data/kiosk.db')).toMatchObject({
    kind: 'subset',
    onlyA: 0,
    conflicting: 0,
  });
  expect(seen.about('subset-store', 'dashboard/kiosk.db')).toHaveLength(1);
  expect(seen.relation('mirror/kiosk.db', 'data/kiosk.db')).toMatchObject({ kind: 'copy', byteEqual: true });
  expect(seen.about('copy-store', 'mirror/kiosk.db')).toMatchObject([{ confidence: 'proven' }]);
  expect(seen.about('diverged-store', 'dashboard/kiosk.db')).toEqual([]);
});
