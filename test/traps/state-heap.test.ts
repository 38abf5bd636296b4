import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { FILES, project } from '../projects/state-heap.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('X5: 244 state files are one family and one finding', () => {
  expect(seen.audit.families).toMatchObject([
    {
      folder: 'state/scenes',
      format: 'json',
      files: FILES,
      tracked: 3,
      oldest: '2025-01-01T00:00:00.000Z',
      newest: '2025-09-01T00:00:00.000Z',
    },
  ]);
  expect(seen.audit.families[0]?.keys.toSorted()).toEqual(['active', 'lamps', 'saved_at', 'scene']);
  const [finding, ...more] = seen.findings('state-residue');
  expect(more).toEqual([]);
  expect(finding?.severity).toBe('medium');
  expect(finding?.message).toMatch(/state\/scenes.*244.*3 tracked by git/);
  expect(`${finding?.consequence} ${finding?.action}`).toMatch(/241 files[\s\S]*archive/i);
});

it('X5: they are not 244 stores, and configurations are no state', () => {
  expect(seen.audit.stores.map(({ path }) => path).filter((path) => path.startsWith('state/'))).toEqual([]);
  expect(seen.findings('state-residue').filter(({ message }) => message.includes('config'))).toEqual([]);
});
