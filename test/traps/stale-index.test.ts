import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/stale-index.ts';
import { runAudit } from '../run-cli.ts';
import { openStoreProcess } from '../store-process.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it("S19: git's index is not refreshed by being asked", () => {
  expect(seen.audit.project.git).toMatchObject({ branch: 'main', head: expect.stringMatching(/^[0-9a-f]{40}$/) });
  expect(seen.store('data/shared.db').git).toBe('tracked');
});

it('S19: the lock of a program is still held after its store was read', async () => {
  const file = join(opened.dir, 'data/shared.db');
  const [first, second] = [openStoreProcess(file), openStoreProcess(file)];
  try {
    await first.run('BEGIN IMMEDIATE');
    await opened.untouched(() => runAudit(opened.dir));
    await expect(second.run('BEGIN IMMEDIATE')).rejects.toThrow(/locked/);
    await first.run("INSERT INTO slots (label) VALUES ('Slot of the first')");
    await first.run('COMMIT');
    expect(await second.run('SELECT count(*) AS n FROM slots')).toEqual([{ n: 11 }]);
  } finally {
    await first.close();
    await second.close();
  }
});
