import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/backup-heap.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S9: 156 backups are one finding: 12 contents, oldest, newest, what could be freed', () => {
  const [finding, ...more] = seen.findings('backup-residue');
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ confidence: 'proven' });
  expect(finding?.message).toMatch(/backups\/.*156 files.*12 contents/);
  expect(finding?.stores).toHaveLength(156);
  const evidence = finding?.evidence.join('\n') ?? '';
  expect(evidence).toMatch(/oldest 2025-02-01, newest 2025-07-06/);
  expect(evidence).toContain('13 × one content');
  const each = seen.store('data/energy.db').bytes;
  const freed = 144 * each;
  // 1.2 MB, however it is rounded.
  expect(finding?.message).toMatch(new RegExp(`${(freed / 1e6).toFixed(1)} MB|${(freed / 1048576).toFixed(1)} MiB`));
});

it('S9: equal size is not equal content', () => {
  const contents = new Set(seen.audit.stores.filter(({ role }) => role === 'backup').map(({ sha256 }) => sha256));
  expect(contents.size).toBe(12);
  expect(contents).not.toContain(undefined);
  expect(seen.store('data/meters.db').role).toBe('live');
  expect(seen.about('backup-residue', 'data/meters.db')).toEqual([]);
});

it('S9: no pair of backups is told as copy, subset or rival', () => {
  for (const code of ['copy-store', 'subset-store', 'diverged-store']) expect(seen.findings(code)).toEqual([]);
});
