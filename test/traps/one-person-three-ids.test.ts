import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, differing, type OpenedProject, openProject, tableOf } from '../open-project.ts';
import { HASHES, project } from '../projects/one-person-three-ids.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('R2: one identity, three ids, three hashes: a conflict in one column', async () => {
  const users = tableOf(await opened.diff('data/hub.db', 'data/auth.db'), 'users');
  expect(users).toMatchObject({ key: ['email'], same: 9, onlyA: 0, onlyB: 0, conflicting: 1, renumbered: 1 });
  expect(differing(users)).toEqual({ password_hash: 1 });
});

it('R2: ids that all moved are no conflicts', async () => {
  const users = tableOf(await opened.diff('data/auth.db', 'services/mail/users.db'), 'users');
  expect(users).toMatchObject({ key: ['email'], same: 9, conflicting: 1, renumbered: 10, onlyA: 0, onlyB: 0 });
});

it('R2: three stores that disagree about one person are one critical finding', () => {
  const [finding, ...more] = seen.findings('conflicting-twin');
  expect(more).toEqual([]);
  expect(finding?.severity).toBe('critical');
  expect(finding?.stores?.toSorted()).toEqual(['data/auth.db', 'data/hub.db', 'services/mail/users.db']);
  expect(`${finding?.message} ${finding?.evidence.join(' ')}`).toContain('password_hash');
});

it('R2: the hashes themselves are told to nobody', async () => {
  const diff = JSON.stringify(await opened.diff('data/hub.db', 'data/auth.db'));
  for (const hash of HASHES) {
    expect(JSON.stringify(seen.audit)).not.toContain(hash);
    expect(diff).not.toContain(hash);
  }
});
