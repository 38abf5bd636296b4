import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/wal-sidecars.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S2: every store is read whole; that nothing was touched is checked around each run', () => {
  expect(seen.rows('data/crashed.db')).toEqual({ notes: 12 });
  expect(seen.rows('data/open.db')).toEqual({ notes: 21 });
  expect(seen.rows('data/quiet.db')).toEqual({ notes: 30 });
});

it('S2: no sidecar appears, none goes', () => {
  expect(readdirSync(`${opened.dir}/data`).sort()).toEqual([
    'crashed.db',
    'crashed.db-wal',
    'open.db',
    'open.db-shm',
    'open.db-wal',
    'quiet.db',
  ]);
});

it('S2: what has a log is read from a copy, what has none in place', () => {
  const by = (path: string) => seen.store(path).readBy;
  expect([by('data/crashed.db'), by('data/open.db'), by('data/quiet.db')]).toEqual([
    'private-copy',
    'private-copy',
    'immutable',
  ]);
});

it('S2: comparing does not touch them either', async () => {
  const diff = await opened.diff('data/open.db', 'data/crashed.db');
  expect(diff.tables).toMatchObject([
    { a: 'notes', relation: 'superset', same: 12, onlyA: 9, onlyB: 0, conflicting: 0 },
  ]);
});
