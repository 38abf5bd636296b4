import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, differing, type OpenedProject, openProject } from '../open-project.ts';
import { EXPORTED, LOST, project } from '../projects/lossy-export.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('X4: an export that is poorer than its table is named with what it lacks', () => {
  const [finding, ...more] = seen.about('stale-export', 'exports/devices.csv');
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    severity: 'medium',
    confidence: 'proven',
    tables: [{ store: 'data/hub.db', table: 'devices' }],
  });
  const evidence = finding?.evidence.join('\n') ?? '';
  for (const column of LOST) expect(evidence).toContain(column);
  expect(evidence).toMatch(/one value .*score/);
  expect(finding?.message).toMatch(/11 of the 19 columns/);
});

it('X4: compared column by column: only the scores differ, eight columns are lost', async () => {
  const diff = await opened.diff('exports/devices.csv', 'data/hub.db');
  expect(diff.tables).toHaveLength(1);
  const [table] = diff.tables;
  expect(table).toMatchObject({ b: 'devices', conflicting: 40, same: 0, onlyA: 0, onlyB: 0, columnsOnlyA: [] });
  expect(differing(table ?? { columns: [] })).toEqual({ score: 40 });
  expect(table?.columns.map(({ a }) => a).sort()).toEqual([...EXPORTED].sort());
  expect(table?.columnsOnlyB.toSorted()).toEqual(LOST.toSorted());
});

it('X4: a complete export is not reproached', async () => {
  expect(seen.about('stale-export', 'exports/devices-full.csv')).toEqual([]);
  expect(seen.about('orphan-export', 'exports/devices-full.csv')).toEqual([]);
  const diff = await opened.diff('exports/devices-full.csv', 'data/hub.db');
  expect(diff.tables).toMatchObject([{ relation: 'identical', same: 40, columnsOnlyA: [], columnsOnlyB: [] }]);
});
