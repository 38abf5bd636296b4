import { afterAll, expect, it } from 'vitest';
import { databaseFiles } from '../../test/builders/values.ts';
import { imagine } from '../../test/plan/files-measured.ts';
import { mergeFacts, type Told } from '../../test/plan/merge-facts.ts';
import type { StoreGroup } from '../audit/model.ts';
import type { Store } from '../stores/model.ts';
import type { Measured } from './measured.ts';
import { mergeProposals } from './merge-proposals.ts';
import { copies } from './planners/copies.ts';

const files = databaseFiles();
afterAll(files.cleanUp);

const people = (...names: readonly string[]): string =>
  `CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT);
   INSERT INTO users VALUES ${names.map((name, i) => `(${i + 1}, '${name}@x.org', '${name}')`).join(', ')};`;

async function found(told: Told, primary: string | null, target?: string, keep: readonly string[] = []) {
  const made = await mergeFacts(files, told);
  const groups: readonly StoreGroup[] =
    primary === 'no group' ? [] : made.facts.groups.map((one) => ({ ...one, primary }));
  const facts = { ...made.facts, groups, findings: [] };
  const on = imagine({ files: told.stores, stores: made.facts.stores });
  const audit = { ...on.audit, ...facts, code: { ...on.audit.code, declarations: [] } } as unknown as Measured['audit'];
  const merging: Measured['merging'] = {
    inputOf: async (asked) => ({ ...made, asked, facts: audit }),
    tryOut: async () => ({ why: 'not here' }),
  };
  const proposed = await mergeProposals({ ...on, audit, merging }, { target, keep });
  const { merges, left } = proposed;
  const empty = { target, keep, kinds: [], going: new Set<string>(), kept: new Set<string>() };
  /** What is said of stores that differ, once it is known what becomes of them. */
  const copiesLeft = (stays: readonly string[] = []) => {
    const findings = [{ code: 'diverged-store' }] as unknown as Measured['audit']['findings'];
    const staying = new Map(stays.map((path) => [path, 'it is needed']));
    const planning = { ...on, ...empty, merging, audit: { ...audit, findings }, merges: proposed, stays: staying };
    return copies(planning).left;
  };
  return {
    merges: merges.map(({ proposal }) => `${proposal.sources.join(' ')} -> ${proposal.target}`),
    left,
    copiesLeft,
  };
}

const STORES = { 'hub.db': people('ada', 'ben', 'cleo'), 'auth.db': people('eve', 'ben', 'fay') };

it('stores of a group come into the one that was elected, or named', async () => {
  expect((await found({ stores: STORES }, 'hub.db')).merges).toEqual(['auth.db -> hub.db']);
  expect((await found({ stores: STORES }, 'hub.db', 'auth.db')).merges).toEqual(['hub.db -> auth.db']);
  expect((await found({ stores: STORES }, 'hub.db', undefined, ['auth.db'])).merges).toEqual([]);
});

it('nothing is elected: people are told how to name it', async () => {
  const { merges, left } = await found({ stores: STORES }, null);
  expect(merges).toEqual([]);
  const why = (other: string): string =>
    `could be one store with ${other}; nothing tells which is the store of truth: desprawl plan --target PATH`;
  expect(left).toEqual([
    { path: 'auth.db', why: why('hub.db') },
    { path: 'hub.db', why: why('auth.db') },
  ]);
  expect((await found({ stores: STORES }, null, 'hub.db')).merges).toEqual(['auth.db -> hub.db']);
});

it('a target that shares no row with anything: what has its form comes in where it is named, and else it is said', async () => {
  const other = 'CREATE TABLE songs (id INTEGER PRIMARY KEY, title TEXT); INSERT INTO songs VALUES (1, $1);';
  const stores = {
    'a/dev.db': people('ada', 'ben', 'cleo'),
    'b/dev.db': people('dan', 'eve'),
    'songs.db': other.replace('$1', "'la'"),
  };
  expect((await found({ stores }, 'no group')).merges).toEqual([]);
  expect((await found({ stores }, 'no group', 'a/dev.db')).merges).toEqual(['b/dev.db -> a/dev.db']);
  expect((await found({ stores }, 'no group', 'songs.db')).left).toEqual([
    { path: 'songs.db', why: 'is to be the target, and no other store in use keeps rows of its form' },
  ]);
});

it('that stores differ is said with the way on where they could be one, and not where they are, or stay after it', async () => {
  const told = await found({ stores: STORES }, null);
  expect(told.copiesLeft()).toMatchObject([
    { path: 'auth.db', why: expect.stringMatching(/^no copy of hub\.db .*; could be one .* --target PATH$/) },
    { path: 'hub.db', why: expect.stringMatching(/^no copy of auth\.db .*; could be one .* --target PATH$/) },
  ]);
  const merged = await found({ stores: STORES }, 'hub.db');
  expect(merged.copiesLeft()).toEqual([]);
  expect(merged.copiesLeft(['auth.db'])).toEqual([]);
  const kept = await found({ stores: STORES }, 'hub.db', undefined, ['auth.db']);
  expect(kept.copiesLeft()).toMatchObject([{ path: 'auth.db', why: expect.stringContaining('no copy of hub.db') }]);
});

it('S7: a copy that was written after the store is a source; a backup of what was is none', async () => {
  const copy = (modified: string): Readonly<Record<string, Partial<Store>>> => ({
    'hub-copy.db': { role: 'backup', modified },
  });
  const stores = { 'hub.db': people('ada', 'ben', 'cleo'), 'hub-copy.db': people('ada', 'ben', 'dan', 'eve') };
  expect((await found({ stores, about: copy('2026-02-01T00:00:00Z') }, 'hub.db')).merges).toEqual([
    'hub-copy.db -> hub.db',
  ]);
  expect((await found({ stores, about: copy('2025-12-01T00:00:00Z') }, 'hub.db')).merges).toEqual([]);
});

it('what is repeated row by row elsewhere is no source: it goes by itself', async () => {
  const stores = { 'hub.db': people('ada', 'ben', 'cleo'), 'b.db': people('ada', 'ben') };
  expect((await found({ stores }, 'hub.db')).merges).toEqual([]);
});
