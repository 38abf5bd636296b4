import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/odd-names.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

it('S11: stores are found by content, whatever they are called', () => {
  expect(seen.rows('data/app.sqlite3')).toEqual({ tiles: 5 });
  expect(seen.rows('data/history.dat')).toEqual({ trips: 6 });
  expect(seen.rows('data/ledger')).toEqual({ entries: 7 });
  expect(seen.rows('data/readme.txt')).toEqual({ hidden: 8 });
  expect(seen.rows('data/parts.db/one.db')).toEqual({ bolts: 9 });
});

it('S11: what is only called a database is listed as what it is', () => {
  const is = Object.fromEntries(seen.audit.lookalikes.map(({ path, is }) => [path, is]));
  expect(is['data/notes.db']).toBe('text');
  expect(is['data/parts.db']).toBe('folder');
  expect(is['empty.db']).toBe('folder');
  expect(is['pictures/Thumbs.db']).toMatch(/Thumbs\.db|OLE/);
  for (const path of [...Object.keys(is), 'data/prose.dat']) expect(seen.has(path)).toBe(false);
});

it('S11: an encrypted file is not verified, and neither empty nor text', () => {
  expect(seen.store('data/vault.db')).toMatchObject({
    status: 'not-verified',
    reason: { code: 'encrypted' },
    tables: [],
  });
  expect(seen.about('unreadable-store', 'data/vault.db')).toHaveLength(1);
  expect(seen.about('empty-residue', 'data/vault.db')).toEqual([]);
});

it('S11: a link is named with the store it leads to, and a link to nothing is no empty store', () => {
  expect(seen.store('data/app.sqlite3').links).toEqual(['current.db']);
  expect(seen.has('current.db')).toBe(false);
  expect(seen.store('gone.db')).toMatchObject({ status: 'not-verified', reason: { code: 'missing-content' } });
});

it('S11: a browser keeps its own databases', () => {
  expect(seen.store('profile/places.sqlite').foreign?.program).toBe('Firefox');
  expect(seen.store('profile/Cookies').foreign?.program).toBe('Chrome');
});
