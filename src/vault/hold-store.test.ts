import { chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeHotStore, makeStore, makeWalStore } from '../../test/projects/make-store.ts';
import { writeFile } from '../../test/projects/write-file.ts';
import { openStoreProcess, type StoreProcess } from '../../test/store-process.ts';
import { treeState } from '../../test/tree-state.ts';
import { realDisk } from '../disk/real-disk.ts';
import { type Hold, hasHotJournal, holdStore } from './hold-store.ts';
import type { HeldStore } from './model.ts';
import { whoHasOpen } from './openers.ts';

let dir: string;
let others: StoreProcess[];
let held: HeldStore[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hold-'));
  others = [];
  held = [];
});
afterEach(async () => {
  for (const one of held) await one.release();
  for (const other of others) await other.close();
  rmSync(dir, { recursive: true, force: true });
});

const path = (name: string): string => join(dir, name);
const tempDir = tmpdir();
async function hold(name: string): Promise<Hold> {
  const answer = await holdStore(realDisk, path(name), { tempDir });
  if (answer.is === 'held') held.push(answer.store);
  return answer;
}
function open(name: string): StoreProcess {
  const other = openStoreProcess(path(name));
  others.push(other);
  return other;
}
const TABLE = 'CREATE TABLE t (a)';

const KINDS: readonly (readonly [string, () => void])[] = [
  ['in rollback mode', () => makeStore(dir, 's.db', TABLE)],
  ['in WAL mode, with everything in the log (S1)', () => makeWalStore(dir, 's.db', TABLE)],
  ['in WAL mode, with its shared memory left', () => makeWalStore(dir, 's.db', TABLE, { shm: true })],
  ['in WAL mode, closed properly: without a log', () => makeStore(dir, 's.db', 'PRAGMA journal_mode = WAL', TABLE)],
  ['of 0 bytes', () => writeFile(dir, 's.db', '')],
  [
    'with a journal that says nothing',
    () => makeStore(dir, 's.db', 'PRAGMA journal_mode = PERSIST', TABLE, 'INSERT INTO t VALUES (1)'),
  ],
];

it.each(KINDS)('keeps others out of a store %s, and changes nothing of it', async (_kind, make) => {
  make();
  const before = treeState(dir);
  expect(await hold('s.db')).toMatchObject({ is: 'held' });
  expect(treeState(dir)).toEqual(before);
  const other = open('s.db');
  // Reading nothing is harmless, and what is kept out of an empty file is who would write.
  const reads = (): Promise<unknown> => other.run('SELECT count(*) FROM sqlite_schema');
  if (statSync(path('s.db')).size > 0) await expect(reads()).rejects.toThrow(/locked/);
  await expect(other.run('CREATE TABLE other (a)')).rejects.toThrow(/locked/);
  // The bytes may be read by this process, which has no lock that reading could drop (S19).
  readFileSync(path('s.db'));
  await expect(other.run('CREATE TABLE other (a)')).rejects.toThrow(/locked/);
  expect(held[0]?.isHeld()).toBe(true);
  await held[0]?.release();
  expect(held[0]?.isHeld()).toBe(false);
  if (statSync(path('s.db')).size > 0) expect(treeState(dir)).toEqual(before);
  await other.run('CREATE TABLE other (a)');
});

it('S16: a writer and a reader are in the way; in WAL mode an idle one as well', async () => {
  makeStore(dir, 'rollback.db', TABLE);
  makeStore(dir, 'wal.db', 'PRAGMA journal_mode = WAL', TABLE);
  const writer = open('rollback.db');
  await writer.run('BEGIN IMMEDIATE');
  expect(await hold('rollback.db')).toMatchObject({ is: 'busy' });
  await writer.run('COMMIT');
  const idle = open('wal.db');
  await idle.run('SELECT count(*) FROM t');
  expect(await hold('wal.db')).toMatchObject({ is: 'busy' });
  await idle.run('INSERT INTO t VALUES (1)');
});

it('an idle user in rollback mode holds no lock: only /proc tells of it', async () => {
  makeStore(dir, 's.db', TABLE);
  const idle = open('s.db');
  await idle.run('SELECT count(*) FROM t');
  expect(await hold('s.db')).toMatchObject({ is: 'held' });
  const without = held.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  expect(whoHasOpen([path('s.db')], { without })).toMatchObject({
    answer: 'yes',
    who: [{ program: 'node', path: path('s.db') }],
  });
});

it('S18: a hot journal is not opened, which would roll it back', async () => {
  const rows = `INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT hex(randomblob(50)) FROM n`;
  makeHotStore(dir, 's.db', `${TABLE}; ${rows}`, 'DELETE FROM t');
  const before = treeState(dir);
  expect(hasHotJournal(realDisk, path('s.db'))).toBe(true);
  expect(await hold('s.db')).toMatchObject({ is: 'cannot' });
  expect(treeState(dir)).toEqual(before);
});

it('what is no database cannot be held, and stays as it is', async () => {
  writeFile(dir, 's.db', 'SQLite format 3\0'.padEnd(5000, 'x'));
  const before = treeState(dir);
  expect(await hold('s.db')).toMatchObject({ is: 'cannot', why: expect.stringMatching(/not a database/) });
  expect(treeState(dir)).toEqual(before);
});

it('the connection is not collected as garbage while it is needed', async () => {
  makeStore(dir, 's.db', TABLE);
  await hold('s.db');
  const other = open('s.db');
  for (let i = 0; i < 20; i++) {
    await expect(other.run('SELECT count(*) FROM t')).rejects.toThrow(/locked/);
    await new Promise((done) => setTimeout(done, 50));
  }
  expect(held[0]?.isHeld()).toBe(true);
});

it('says at once that the holder died, whoever killed it', async () => {
  makeWalStore(dir, 's.db', TABLE);
  const before = treeState(dir);
  await hold('s.db');
  process.kill(held[0]?.pid ?? 0, 'SIGKILL');
  const deadline = Date.now() + 5000;
  while (held[0]?.isHeld() === true && Date.now() < deadline) await new Promise((done) => setTimeout(done, 5));
  expect(held[0]?.isHeld()).toBe(false);
  expect(treeState(dir)).toEqual(before);
});

it('gives back what SQLite, run as root, makes of the owner of a sidecar', async () => {
  makeWalStore(dir, 's.db', TABLE);
  chownSync(path('s.db-wal'), 65534, 65534);
  const before = treeState(dir);
  expect(await hold('s.db')).toMatchObject({ is: 'held' });
  expect(treeState(dir)).toEqual(before);
});

it('two at once: one of them is refused', async () => {
  makeWalStore(dir, 's.db', TABLE);
  const answers = await Promise.all([hold('s.db'), hold('s.db')]);
  expect(answers.map(({ is }) => is).sort()).toEqual(['busy', 'held']);
});

it('a signal lets go of everything', async () => {
  makeStore(dir, 's.db', TABLE);
  const abort = new AbortController();
  const answer = await holdStore(realDisk, path('s.db'), { tempDir, signal: abort.signal });
  if (answer.is === 'held') held.push(answer.store);
  abort.abort();
  await held[0]?.release();
  await open('s.db').run('INSERT INTO t VALUES (1)');
});
