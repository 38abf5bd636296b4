import {
  appendFileSync,
  chmodSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPlace, type Place } from '../../test/builders/backup.ts';
import { project as hotJournal, ORDERS } from '../../test/projects/hot-journal.ts';
import { makeStore, makeWalStore } from '../../test/projects/make-store.ts';
import { project as unreadable } from '../../test/projects/unreadable.ts';
import { project as walOnly } from '../../test/projects/wal-only.ts';
import { writeFile } from '../../test/projects/write-file.ts';
import { openStoreProcess, type StoreProcess } from '../../test/store-process.ts';
import { treeState } from '../../test/tree-state.ts';
import type { Disk } from '../disk/disk.ts';
import { realDisk } from '../disk/real-disk.ts';
import { readChecks, standingOf } from './checks.ts';
import { estimateBackup } from './estimate.ts';
import { backupIds, readManifest } from './manifest.ts';
import type { Manifest } from './model.ts';
import { rehearse } from './rehearse.ts';
import { filesToRestore, restoreTo } from './restore.ts';
import { verifyBackup } from './verify-backup.ts';

let place: Place;
let others: StoreProcess[];
beforeEach(() => {
  place = openPlace();
  others = [];
});
afterEach(async () => {
  for (const other of others) await other.close();
  place.close();
});

const sqlite = (...stores: readonly string[]) => stores.map((store) => ({ store, kind: 'sqlite' as const }));
function open(name: string): StoreProcess {
  const other = openStoreProcess(join(place.root, name));
  others.push(other);
  return other;
}
const TABLE = 'CREATE TABLE t (a)';
const ROWS = (n: number) =>
  `INSERT INTO t WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${n}) SELECT i FROM n`;

/** Rows as another program sees them, in a folder where it may do what it likes. */
function rowsIn(file: string, table: string): number {
  const database = new DatabaseSync(file);
  try {
    return Number((database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n);
  } finally {
    database.close();
  }
}

/** The snapshot of a store as a file of its own, and nothing beside it. */
function snapshotOf(manifest: Manifest, store: string): string {
  const { snapshot } = manifest.stores.find((one) => one.store === store) ?? {};
  const path = place.beside(`snapshot-${store.replaceAll('/', '-')}`);
  writeFileSync(path, readFileSync(String(place.objects().pathOf(snapshot?.sha256 ?? ''))));
  return path;
}

it('S1: a store whose rows are in the log alone: raw bytes, and one file that opens by itself', async () => {
  walOnly.build(place.root);
  const before = treeState(place.root);
  const { manifest, check } = await place.backup({
    stores: sqlite('data/telemetry.db', 'data/settled.db', 'data/bare.db'),
  });
  expect(treeState(place.root)).toEqual(before);
  expect(check).toMatchObject({ level: 'opens', problems: [] });
  expect(manifest.files.map(({ path }) => path)).toEqual([
    'data/bare.db',
    'data/bare.db-wal',
    'data/settled.db',
    'data/telemetry.db',
    'data/telemetry.db-wal',
  ]);
  const [bare, settled, telemetry] = [...manifest.stores].sort((a, b) => (a.store < b.store ? -1 : 1));
  expect(telemetry).toMatchObject({
    taken: 'excluded',
    tables: [
      { name: 'outages', rows: 3 },
      { name: 'pings', rows: 40 },
    ],
  });
  const main = (path: string) => manifest.files.find((file) => file.path === path);
  // Nothing to recover: the same content, stored once.
  expect(settled?.snapshot?.sha256).toBe((main('data/settled.db') as { sha256: string }).sha256);
  expect(bare?.snapshot?.sha256).toBe((main('data/bare.db') as { sha256: string }).sha256);
  expect(telemetry?.snapshot?.sha256).not.toBe((main('data/telemetry.db') as { sha256: string }).sha256);
  const alone = snapshotOf(manifest, 'data/telemetry.db');
  expect(readFileSync(alone).subarray(18, 20)).toEqual(Buffer.of(1, 1));
  expect(rowsIn(alone, 'pings')).toBe(40);
});

it('S18: of a hot journal, the raw bytes as they lie there, and a snapshot that was rolled back', async () => {
  hotJournal.build(place.root);
  const before = treeState(place.root);
  const { manifest } = await place.backup({ stores: sqlite('data/orders.db', 'data/kept.db', 'data/cut.db') });
  expect(treeState(place.root)).toEqual(before);
  const store = (name: string) => manifest.stores.find((one) => one.store === name);
  expect(store('data/orders.db')).toMatchObject({ taken: 'between-equal-stamps', tables: [{ rows: ORDERS }] });
  expect(store('data/kept.db')).toMatchObject({ taken: 'excluded', tables: [{ rows: 10 }] });
  const alone = snapshotOf(manifest, 'data/orders.db');
  expect(rowsIn(alone, "orders WHERE state = 'void'")).toBe(0);
});

it('S14: what cannot be read as a database is backed up byte for byte, and said to be not verified', async () => {
  unreadable.build(place.root);
  const { manifest } = await place.backup({
    stores: sqlite('data/guests.db', 'data/torn.db', 'data/scratched.db', 'data/model.db'),
    files: ['data/annexed.csv'],
  });
  const store = (name: string) => manifest.stores.find((one) => one.store === name);
  expect(store('data/guests.db')?.notVerified).toBeUndefined();
  expect(store('data/torn.db')?.notVerified).toBeDefined();
  expect(store('data/model.db')?.notVerified).toBeDefined();
  expect(manifest.files).toHaveLength(5);
  expect(manifest.notTaken).toEqual([]);
  for (const file of manifest.files) if (file.kind === 'file') expect(place.objects().verify(file.sha256)).toBe(true);
});

it('S16: a writer in the middle of a transaction: never a torn copy', async () => {
  makeStore(place.root, 'a.db', TABLE, ROWS(500));
  makeStore(place.root, 'wal.db', 'PRAGMA journal_mode = WAL', TABLE, ROWS(500));
  for (const name of ['a.db', 'wal.db']) {
    const writer = open(name);
    await writer.run('BEGIN IMMEDIATE');
    await writer.run('DELETE FROM t WHERE a > 100');
  }
  const { manifest } = await place.backup({ stores: sqlite('a.db', 'wal.db') });
  expect(manifest.stores).toMatchObject([
    { taken: 'between-equal-stamps', tables: [{ rows: 500 }] },
    { taken: 'between-equal-stamps', tables: [{ rows: 500 }] },
  ]);
  for (const writer of others) await writer.run('COMMIT');
});

it('S16: waits for a writer, and then has the store to itself', async () => {
  makeStore(place.root, 'a.db', TABLE);
  const writer = open('a.db');
  await writer.run('BEGIN IMMEDIATE');
  await writer.run('INSERT INTO t VALUES (1)');
  const taken = place.backup({ stores: sqlite('a.db'), waitSeconds: 30 });
  await new Promise((done) => setTimeout(done, 600));
  await writer.run('COMMIT');
  expect((await taken).manifest.stores).toMatchObject([{ taken: 'excluded', tables: [{ rows: 1 }] }]);
});

it('S16: what is written without a pause is not taken, and everything else is', async () => {
  makeStore(place.root, 'a.db', TABLE);
  makeStore(place.root, 'quiet.db', TABLE);
  const writer = open('a.db');
  await writer.run('BEGIN IMMEDIATE');
  const store = join(place.root, 'a.db');
  // Something is written between any two readings of it, however slowly.
  const disk: Disk = {
    ...realDisk,
    clone: () => false,
    open(path, how, mode) {
      const file = realDisk.open(path, how, mode);
      if (String(path) !== store || how !== 'read') return file;
      const read = file.read.bind(file);
      return Object.assign(file, {
        read(into: Uint8Array, position: number) {
          appendFileSync(store, 'x');
          return read(into, position);
        },
      });
    },
  };
  const { manifest } = await place.backup({ disk, stores: sqlite('a.db', 'quiet.db') });
  expect(manifest.notTaken).toMatchObject([{ path: 'a.db', why: expect.stringMatching(/node \(\d+\) wrote to it/) }]);
  expect(manifest.stores.map(({ store }) => store)).toEqual(['quiet.db']);
});

it('S9: 13 equal backups are stored once', async () => {
  makeStore(place.root, 'live.db', TABLE, ROWS(2000));
  const bytes = readFileSync(join(place.root, 'live.db'));
  const copies = Array.from({ length: 12 }, (_, i) => `old/${i}.db`);
  for (const copy of copies) writeFile(place.root, copy, bytes);
  const { manifest } = await place.backup({ stores: sqlite('live.db', ...copies) });
  expect(manifest.bytes).toEqual({ files: 13 * bytes.length, new: bytes.length });
  const again = await place.backup({ stores: sqlite('live.db', ...copies) });
  expect(again.manifest.bytes.new).toBe(0);
  expect(backupIds(realDisk, place.folder)).toHaveLength(2);
});

it('restored into a new folder, everything is as it was: bytes, modes, times, links, sidecars', async () => {
  walOnly.build(place.root);
  writeFile(place.root, 'src/app.py', 'print(1)\n');
  writeFile(place.root, 'src/deep/er/read only', 'x');
  writeFile(place.root, 'src/a \\ and\nb', 'odd');
  writeFileSync(Buffer.from(`${place.root}/src/caf\xe9`, 'latin1'), 'latin');
  chmodSync(join(place.root, 'src/deep/er/read only'), 0o400);
  chmodSync(join(place.root, 'src/deep/er'), 0o500);
  symlinkSync('../data/telemetry.db', join(place.root, 'src/current.db'));
  lutimesSync(join(place.root, 'src/current.db'), 1_600_000_000, 1_600_000_000.25);
  utimesSync(join(place.root, 'src/app.py'), 1_500_000_000, 1_500_000_000.123457);
  mkdirSync(join(place.root, 'empty'));
  const names = ['src/app.py', 'src/deep/er/read only', 'src/a \\ and\nb', 'src/current.db'];
  const { manifest } = await place.backup({
    stores: sqlite('data/telemetry.db', 'data/settled.db', 'data/bare.db'),
    files: [...names, { bytes: Buffer.from('src/caf\xe9', 'latin1').toString('base64') }],
  });
  const to = place.beside('restored');
  expect(restoreTo(place.ground(), manifest, manifest.files, to)).toMatchObject({ files: 10, otherOwner: [] });
  const rows = (root: string): readonly string[] => treeState(root).filter((line) => !/^"\.(\/empty)?" /.test(line));
  expect(rows(to)).toEqual(rows(place.root));
  expect(statSync(to).mode & 0o777).toBe(0o700);
  expect(rehearse(place.ground(), place.folder, manifest)).toMatchObject({ problems: [], files: 10 });
  expect(readdirSync(join(place.vault, 'part'))).toEqual([]);
});

it('S3: a store is restored with its sidecars, whichever of them is named', async () => {
  makeWalStore(place.root, 'a.db', TABLE);
  writeFile(place.root, 'b', 'x');
  const { manifest } = await place.backup({ stores: sqlite('a.db'), files: ['b'] });
  const chosen = (path: string) => filesToRestore(manifest, [path]).map((file) => file.path);
  expect(chosen('a.db')).toEqual(['a.db', 'a.db-wal']);
  expect(chosen('a.db-wal')).toEqual(['a.db', 'a.db-wal']);
  expect(chosen('b')).toEqual(['b']);
  expect(() => chosen('c')).toThrow(expect.objectContaining({ code: 'DSP-BACKUP-UNKNOWN' }));
});

it('restores over nothing', async () => {
  writeFile(place.root, 'a', 'x');
  const { manifest } = await place.backup({ files: ['a'] });
  const to = place.beside('there');
  mkdirSync(to);
  restoreTo(place.ground(), manifest, manifest.files, to);
  for (const taken of [to, join(place.root, 'a')]) {
    const before = treeState(taken);
    expect(() => restoreTo(place.ground(), manifest, manifest.files, taken)).toThrow(
      expect.objectContaining({ code: 'DSP-FILE-EXISTS' }),
    );
    expect(treeState(taken)).toEqual(before);
  }
});

it('finds what rotted, by the paths that need it, and restores nothing of it', async () => {
  makeStore(place.root, 'a.db', TABLE, ROWS(10));
  writeFile(place.root, 'one', 'same');
  writeFile(place.root, 'two', 'same');
  const { manifest } = await place.backup({ stores: sqlite('a.db'), files: ['one', 'two'] });
  const good = await verifyBackup(place.ground(), manifest, 'contents');
  expect(good).toMatchObject({ problems: [], stores: [{ store: 'a.db', integrity: 'ok', brokenReferences: 0 }] });
  const rotten = String(place.objects().pathOf((manifest.files[1] as { sha256: string }).sha256));
  chmodSync(rotten, 0o600);
  writeFileSync(rotten, 'sama');
  const bad = await verifyBackup(place.ground(), manifest, 'bytes');
  expect(bad.problems.map(({ path }) => path)).toEqual(['one', 'two']);
  expect(rehearse(place.ground(), place.folder, manifest).problems).toHaveLength(1);
  const to = place.beside('none');
  expect(() => restoreTo(place.ground(), manifest, manifest.files, to)).toThrow(
    expect.objectContaining({ code: 'DSP-VAULT-DAMAGED' }),
  );
  expect(existsSync(to)).toBe(false);
  expect(readdirSync(place.beside('.')).filter((name) => name.startsWith('.desprawl'))).toEqual([]);
});

it('a snapshot that lost rows is found, and a manifest that was changed', async () => {
  makeStore(place.root, 'a.db', TABLE, ROWS(10));
  const { manifest } = await place.backup({ stores: sqlite('a.db') });
  const claims = { ...manifest, stores: manifest.stores.map((one) => ({ ...one, tables: [{ name: 't', rows: 11 }] })) };
  const { problems } = await verifyBackup(place.ground(), claims, 'opens');
  expect(problems).toMatchObject([{ path: 'a.db', what: 'table t had 11 rows, the snapshot has 10' }]);
  const path = join(place.vault, 'backups', `${manifest.id}.json`);
  expect(readManifest(realDisk, place.folder, manifest.id)).toEqual(manifest);
  chmodSync(path, 0o600);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"rows":10', '"rows":11'));
  expect(() => readManifest(realDisk, place.folder, manifest.id)).toThrow(
    expect.objectContaining({ code: 'DSP-VAULT-DAMAGED' }),
  );
});

it('everything in the vault is private', async () => {
  makeWalStore(place.root, 'a.db', TABLE);
  await place.backup({ stores: sqlite('a.db') });
  for (const line of treeState(place.vault)) expect(line, line).toMatch(/ folder 700 | file 400 /);
});

it('what is not there, no file, or written by nobody we know is said', async () => {
  mkdirSync(join(place.root, 'folder'));
  const { manifest } = await place.backup({ stores: sqlite('none.db', 'folder'), files: ['none', 'folder'] });
  expect(manifest.files).toEqual([]);
  expect(manifest.notTaken.map(({ path }) => path)).toEqual(['none.db', 'folder', 'none', 'folder']);
});

it('an estimate writes nothing and is what is added afterwards', async () => {
  walOnly.build(place.root);
  writeFile(place.root, 'one', 'same');
  writeFile(place.root, 'two', 'same');
  const request = { stores: sqlite('data/settled.db', 'data/bare.db'), files: ['one', 'two', 'gone'] };
  const before = treeState(place.beside('.'));
  const estimate = estimateBackup(place.request(request));
  expect(treeState(place.beside('.'))).toEqual(before);
  expect(estimate.notThere).toEqual(['gone']);
  const { manifest } = await place.backup(request);
  expect(estimate.bytes).toBe(manifest.bytes.files);
  expect(estimate.new).toBe(manifest.bytes.new);
  expect(estimateBackup(place.request(request)).new).toBe(0);
});

it('without room nothing is begun, and both numbers are said', async () => {
  writeFile(place.root, 'a', 'x');
  const disk = { ...realDisk, free: () => 1_000_000n };
  await expect(place.backup({ disk, files: ['a'] })).rejects.toMatchObject({
    code: 'DSP-NO-SPACE',
    message: expect.stringMatching(/needs 67 MB.* 1 MB are free/),
  });
  expect(existsSync(place.vault)).toBe(false);
});

it('a disk that fills up leaves no backup, and the next one sweeps what was left', async () => {
  writeFile(place.root, 'a', 'x');
  writeFile(place.root, 'b', 'y');
  await place.backup({ files: ['a'] });
  const disk = {
    ...realDisk,
    rename: () => {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
  };
  await expect(place.backup({ disk, files: ['b'] })).rejects.toMatchObject({ code: 'DSP-NO-SPACE' });
  expect(backupIds(realDisk, place.folder)).toHaveLength(1);
  writeFile(place.vault, 'part/left/over', 'x');
  await place.backup({ files: ['b'] });
  expect(readdirSync(join(place.vault, 'part'))).toEqual([]);
});

it('checks add up: the last problem counts', async () => {
  writeFile(place.root, 'a', 'x');
  const { manifest, check } = await place.backup({ files: ['a'] });
  expect(readChecks(realDisk, place.folder, manifest.id)).toEqual([check]);
  const bad = { ...check, problems: [{ path: 'a', what: 'gone' }] };
  expect(standingOf([check, { ...check, level: 'contents' }, check]).level).toBe('contents');
  expect(standingOf([check, bad])).toMatchObject({ level: null, problems: bad.problems });
  expect(standingOf([bad, check]).level).toBe('opens');
});
