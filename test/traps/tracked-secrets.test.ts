import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/tracked-secrets.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S10: a store that is ignored and tracked all the same, with hashes in it', () => {
  expect(seen.store('data/auth.db').git).toBe('ignored-tracked');
  const [finding, ...more] = seen.about('tracked-store', 'data/auth.db');
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ severity: 'high', confidence: 'proven' });
  expect(finding?.message).toMatch(/password hashes \(accounts\.password_hash\)/);
});

it('S10: untracking it would delete the live file on the next deploy, and the finding says so', () => {
  const [finding] = seen.about('tracked-store', 'data/auth.db');
  expect(finding?.action).toMatch(/git rm --cached[\s\S]*copy the file aside[\s\S]*deletes/);
});

it('S10: a tracked store without secrets is less, an ignored one with secrets nothing', () => {
  expect(seen.store('data/catalog.db').git).toBe('tracked');
  expect(seen.about('tracked-store', 'data/catalog.db')).toMatchObject([{ severity: 'medium' }]);
  expect(seen.store('data/sessions.db').git).toBe('ignored');
  expect(seen.about('tracked-store', 'data/sessions.db')).toEqual([]);
  expect(seen.about('store-with-credentials', 'data/sessions.db')).toEqual([]);
});

it('S10: no hash gets into the report', () => {
  expect(JSON.stringify(seen.audit)).not.toContain('$2b$');
});
