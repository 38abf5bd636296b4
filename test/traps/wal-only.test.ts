import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/wal-only.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S1: rows that are in the log alone are read, from a private copy', () => {
  const store = seen.store('data/telemetry.db');
  expect(store).toMatchObject({
    status: 'verified',
    readBy: 'private-copy',
    sqlite: { journalMode: 'wal', integrity: 'ok' },
  });
  expect(store.sidecars).toMatchObject([{ path: 'data/telemetry.db-wal', role: 'wal' }]);
  expect(seen.rows('data/telemetry.db')).toEqual({ pings: 40, outages: 3 });
  expect(seen.about('empty-residue', 'data/telemetry.db')).toEqual([]);
});

it('S1: a log is not a store of its own', () => {
  expect(seen.audit.stores.map(({ path }) => path)).toEqual(['data/bare.db', 'data/settled.db', 'data/telemetry.db']);
});

it('S1: a store that was closed properly is read in place, one with an empty log is read whole', () => {
  expect(seen.store('data/settled.db')).toMatchObject({
    status: 'verified',
    readBy: 'immutable',
    sqlite: { journalMode: 'wal' },
  });
  expect(seen.rows('data/settled.db')).toEqual({ rooms: 7 });
  expect(seen.rows('data/bare.db')).toEqual({ plants: 6 });
});

it('S1: diff sees the rows in the log as well', async () => {
  const { tables, notCompared } = await opened.diff('data/telemetry.db', 'data/telemetry.db');
  expect(notCompared).toEqual([]);
  expect(Object.fromEntries(tables.map(({ a, relation, same }) => [a, [relation, same]]))).toEqual({
    pings: ['identical', 40],
    outages: ['identical', 3],
  });
});
