import {
  appendFileSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStoreProcess } from '../../test/store-process.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { type Snapshot, stampOf, takeSnapshot } from './snapshot.ts';
import { openConnection } from './sqlite/driver.ts';

let dir = '';
let file = '';
let scratch: Scratch;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'snapshot-test-'));
  file = join(dir, 'app.db');
  const db = openConnection(file, 'create');
  db.exec("CREATE TABLE t (v); INSERT INTO t VALUES ('one')");
  db.close();
  utimesSync(file, 1e9, 1e9);
  scratch = openScratch(tmpdir());
});
afterEach(() => {
  scratch.close();
  rmSync(dir, { recursive: true, force: true });
});

const take = (force = false, signal?: AbortSignal): Promise<Snapshot> => takeSnapshot(file, scratch, { force, signal });
const rows = (path: string): unknown => {
  const db = openConnection(path, 'private');
  try {
    return db.rows('SELECT v FROM t').map(([v]) => v);
  } finally {
    db.close();
  }
};

/** Everything in the folder: names, bytes, times of change. */
const state = (): unknown =>
  readdirSync(dir).map((name) => {
    const stat = statSync(join(dir, name), { bigint: true });
    return [name, stat.mtimeNs, stat.ctimeNs, stat.mode, readFileSync(join(dir, name), 'base64')];
  });

describe('a file is read in place', () => {
  it('S2: where nothing says that somebody works with it', async () => {
    const before = state();
    expect(await take()).toEqual({ file, readBy: 'immutable', stamp: stampOf(file) });
    expect(readdirSync(scratch.dir)).toEqual([]);
    expect(state()).toEqual(before);
  });

  it('also beside an empty journal, which says nothing', async () => {
    writeFileSync(`${file}-journal`, '');
    expect(await take()).toMatchObject({ readBy: 'immutable' });
  });
});

describe('a private copy is taken', () => {
  it('where it is asked for, private and outside', async () => {
    const before = state();
    const snapshot = await take(true);
    expect(snapshot).toMatchObject({ readBy: 'private-copy', stamp: stampOf(file) });
    expect(snapshot.file.startsWith(`${scratch.dir}/`)).toBe(true);
    expect(statSync(snapshot.file).mode & 0o777).toBe(0o600);
    expect(readFileSync(snapshot.file).equals(readFileSync(file))).toBe(true);
    expect(state()).toEqual(before);
  });

  it('S1: of a store whose rows are in the WAL, with the WAL and without the shared memory', async () => {
    const program = openStoreProcess(file);
    await program.run('PRAGMA journal_mode = WAL');
    await program.run("INSERT INTO t VALUES ('two')");
    const before = state();
    const snapshot = await take();
    expect(state()).toEqual(before);
    await program.close();
    expect(snapshot.readBy).toBe('private-copy');
    expect(existsSync(`${snapshot.file}-shm`)).toBe(false);
    expect(rows(snapshot.file)).toEqual(['one', 'two']);
  });

  it.each([
    ['S18: a hot journal', '-journal'],
    ['S3: a WAL that was copied along', '-wal'],
  ])('of a store beside %s, with it', async (_, suffix) => {
    writeFileSync(file + suffix, 'not one, but not empty');
    const snapshot = await take();
    expect(snapshot.readBy).toBe('private-copy');
    expect(readFileSync(snapshot.file + suffix, 'utf8')).toBe('not one, but not empty');
  });

  it.runIf(process.platform === 'linux')('S16: of a store that another process has locked', async () => {
    const program = openStoreProcess(file);
    await program.run('BEGIN IMMEDIATE');
    expect(await take()).toMatchObject({ readBy: 'private-copy' });
    await program.run('ROLLBACK');
    expect(await take()).toMatchObject({ readBy: 'immutable' });
    await program.close();
  });

  it('each into a file of its own', async () => {
    const [one, two] = [await take(true), await take(true)];
    expect(one.file).not.toBe(two.file);
  });
});

describe('a stamp', () => {
  it.each<[string, () => void]>([
    ['a byte more', () => appendFileSync(file, 'x')],
    ['a byte less', () => truncateSync(file, 100)],
    ['other times', () => utimesSync(file, 1e9, 1.1e9)],
    [
      'the change counter alone, times put back',
      () => {
        const bytes = readFileSync(file);
        bytes.writeUInt32BE(77, 24);
        writeFileSync(file, bytes);
        utimesSync(file, 1e9, 1e9);
      },
    ],
    ['another file of that name', () => copyFileSync(process.execPath, file)],
    ['a WAL', () => writeFileSync(`${file}-wal`, 'x')],
    ['a journal', () => writeFileSync(`${file}-journal`, 'x')],
    ['shared memory', () => writeFileSync(`${file}-shm`, 'x')],
  ])('moves with %s', (_, change) => {
    const before = stampOf(file);
    change();
    expect(stampOf(file)).not.toBe(before);
  });

  it('stays where a reader came by', () => {
    writeFileSync(`${file}-shm`, 'x');
    const before = stampOf(file);
    readFileSync(file);
    writeFileSync(`${file}-shm`, 'y');
    expect(stampOf(file)).toBe(before);
  });
});

describe('a source that changes', () => {
  it('S16: once is copied again, whole', async () => {
    writeFileSync(file, 'x'.repeat(50_000_000));
    const copies = (): number => readdirSync(scratch.dir).length;
    const onFirstCopy = (): unknown => (copies() === 0 ? setImmediate(onFirstCopy) : appendFileSync(file, 'the end'));
    setImmediate(onFirstCopy);
    const snapshot = await take(true);
    expect(copies()).toBe(2);
    expect(statSync(snapshot.file).size).toBe(statSync(file).size);
    expect(snapshot.stamp).toBe(stampOf(file));
  });

  it('S16: all the time is given up as changing', async () => {
    // Asked for between the first look at the source and the copying: a write there is one during each attempt.
    const writtenTo: Scratch = {
      ...scratch,
      file: (suffix) => {
        appendFileSync(file, 'x');
        return scratch.file(suffix);
      },
    };
    await expect(takeSnapshot(file, writtenTo, { force: true })).rejects.toMatchObject({
      name: 'UnreadableStore',
      reason: 'changing',
    });
  });

  it('S14: away is reported as gone', async () => {
    rmSync(file);
    await expect(take()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('stops where it is cancelled', async () => {
    await expect(take(true, AbortSignal.abort())).rejects.toThrow(/abort/i);
  });

  it('S14: is not copied where it does not fit', async () => {
    const full: Scratch = { ...scratch, free: () => 1_000 };
    const attempt = takeSnapshot(file, full, { force: true });
    if (hasReflinks()) await expect(attempt).resolves.toMatchObject({ readBy: 'private-copy' });
    else await expect(attempt).rejects.toMatchObject({ reason: 'no-space' });
  });
});

/** A file system that shares blocks needs no room for a copy. */
function hasReflinks(): boolean {
  try {
    copyFileSync(file, join(scratch.dir, 'probe'), constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  }
}
