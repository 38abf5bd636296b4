/**
 * Promise 1, all at once: one project with everything that a look could disturb, and programs that work with it while it is
 * looked at. Not a byte, time, mode, link, journal, lock or git index may be another afterwards.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Audit } from '../src/audit/model.ts';
import { view } from './open-project.ts';
import { PAST, settleTimes } from './projects/fixture-project.ts';
import { git, makeRepository } from './projects/make-repository.ts';
import { insert, makeHotStore, makeStore, makeWalStore } from './projects/make-store.ts';
import { range } from './projects/people.ts';
import { writeFile } from './projects/write-file.ts';
import { type CliOptions, type CliRun, expectNoTrace, runCli } from './run-cli.ts';
import { openStoreProcess, type StoreProcess } from './store-process.ts';
import { treeHash } from './tree-hash.ts';

const TABLE = 'CREATE TABLE visits (id INTEGER PRIMARY KEY, place TEXT NOT NULL, note TEXT)';
const visits = (rows: number) =>
  insert(
    'visits',
    range(rows).map((n) => ({ id: n + 1, place: `Place ${n}`, note: `note ${n} `.repeat(12) })),
  );
const ONE_MORE = "INSERT INTO visits (place) VALUES ('Quay')";
const COUNT = 'SELECT count(*) AS n FROM visits';

/** Whom nothing in the project belongs to. Root may write everywhere: modes would not stop it. */
const OTHER_USER: CliOptions = process.getuid?.() === 0 ? { uid: 65_534 } : {};
/** Git answers about the repository of another user only if told to. */
const GIT_ANSWERS = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };

/** Committed rows of each store that is looked at. */
const ROWS: Readonly<Record<string, number>> = {
  'archive/crashed.db': 2_000,
  'archive/sound.db': 40,
  'data/busy.db': 60,
  'data/crashed.db': 2_000,
  'data/linked.db': 5,
  'data/live.db': 3,
  'data/read.db': 60,
  'data/reserved.db': 60,
  'data/sound.db': 40,
};
/** Stores in which another program holds a write transaction. */
const HELD = ['data/busy.db', 'data/live.db', 'data/reserved.db'];

const parent = mkdtempSync(join(tmpdir(), 'looking-'));
const dir = join(parent, 'kiosk');
/** Where the project keeps a store that outlives its releases: a link leads to it. */
const shared = join(parent, 'shared');
/** Where the command line keeps what it needs. */
const temporary = join(parent, 'temporary');
const home = join(parent, 'home');
const programs: StoreProcess[] = [];

beforeAll(async () => {
  chmodSync(parent, 0o755);
  for (const folder of [dir, shared, temporary, home]) mkdirSync(folder);
  for (const folder of [temporary, home]) chmodSync(folder, 0o777);
  // Closed, but in WAL mode: whoever opens it without care makes a -wal and a -shm beside it.
  for (const path of ['data/sound.db', 'archive/sound.db'])
    makeStore(dir, path, 'PRAGMA journal_mode = WAL', TABLE, visits(40));
  for (const path of ['data/crashed.db', 'archive/crashed.db'])
    makeHotStore(
      dir,
      path,
      (database) => {
        database.exec(TABLE);
        visits(2_000)(database);
      },
      "UPDATE visits SET place = 'void'; DELETE FROM visits WHERE id > 1000;",
    );
  for (const path of ['data/busy.db', 'data/reserved.db', 'data/read.db']) makeStore(dir, path, TABLE, visits(60));
  makeStore(dir, 'data/live.db', 'PRAGMA journal_mode = WAL');
  writeFile(dir, 'exports/visits.csv', 'id,place,note\n1,Place 0,note 0\n2,Place 1,note 1\n');
  writeFile(dir, 'src/app.py', 'import sqlite3\n');
  writeFile(dir, '.gitignore', '*.log\n');
  symlinkSync('../data/sound.db', join(dir, 'exports/current.db'));
  makeWalStore(shared, 'app.db', `${TABLE}; INSERT INTO visits (place) VALUES ('A'), ('B'), ('C'), ('D'), ('E')`);
  symlinkSync('../../shared/app.db', join(dir, 'data/linked.db'));
  execFileSync('chmod', ['-R', 'a+rX', dir, shared]);
  makeRepository(dir, ['src/app.py', '.gitignore', 'exports/visits.csv', 'data/sound.db']);
  settleTimes(dir);
  // Racy: as old as the index, so git reads them again to be sure. Stale: the index knows another time.
  git(dir, 'update-index', '--refresh');
  utimesSync(join(dir, '.git/index'), PAST, PAST);
  utimesSync(join(dir, 'src/app.py'), PAST, new Date(PAST.getTime() + 5_000));
  chmodSync(join(dir, 'archive'), 0o555);

  const live = await open('data/live.db');
  await live('PRAGMA wal_autocheckpoint = 0');
  await live(TABLE);
  await live("INSERT INTO visits (place) VALUES ('Gate'), ('Mill'), ('Yard')");
  await (await open('data/busy.db'))('PRAGMA synchronous = NORMAL');
  await open('data/reserved.db');
  const reader = await open('data/read.db');
  await reader('BEGIN');
  await reader(COUNT);
  await hold();
});

afterAll(async () => {
  for (const program of programs) await program.close();
  chmodSync(join(dir, 'archive'), 0o755);
  rmSync(parent, { recursive: true, force: true });
});

type Run = StoreProcess['run'];
const holders = new Map<string, Run>();

/** Another program that has the store open from now on. */
async function open(path: string): Promise<Run> {
  const program = openStoreProcess(join(dir, path));
  programs.push(program);
  holders.set(path, program.run);
  return program.run;
}

/** Begins the write transactions that stay open during the audit; all but one have a row that is not committed. */
async function hold(): Promise<void> {
  for (const path of HELD) {
    const run = holders.get(path) as Run;
    await run('BEGIN IMMEDIATE');
    if (path !== 'data/reserved.db') await run(ONE_MORE);
  }
}

function look(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const env = {
    TMPDIR: temporary,
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_STATE_HOME: join(home, 'state'),
  };
  return runCli(['-C', dir, ...args], { ...options, env: { ...env, ...GIT_ANSWERS, ...options.env } });
}

async function untouched(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const before = [...treeHash(dir), ...treeHash(shared)];
  expect(before.some((line) => line.startsWith('./.git/index '))).toBe(true);
  const run = await look(args, options);
  expect([...treeHash(dir), ...treeHash(shared)]).toEqual(before);
  expectNoTrace(run);
  expect([0, 1], run.stderr).toContain(run.code);
  expect(readdirSync(temporary)).toEqual([]);
  return run;
}

it('shows in a copy of the project that its files can be disturbed', () => {
  const copy = join(parent, 'copy');
  execFileSync('cp', ['-a', dir, copy]);
  const index = readFileSync(join(copy, '.git/index'));
  git(copy, 'status');
  expect(readFileSync(join(copy, '.git/index')).equals(index)).toBe(false);
  for (const path of ['data/live.db-wal', 'data/live.db-shm', 'data/busy.db-journal', 'data/crashed.db-journal'])
    expect(readFileSync(join(dir, path)).length).toBeGreaterThan(0);
  execFileSync('chmod', ['-R', 'u+w', copy]);
  rmSync(copy, { recursive: true });
});

it.each([
  ['the owner', {}],
  ['a user who may only read', OTHER_USER],
])('audit as %s: nothing changes, and each store is read as committed', async (_who, options) => {
  const run = await untouched(['audit', '--json', '--no-cache'], options);
  const seen = view(JSON.parse(run.stdout) as Audit);
  for (const [path, rows] of Object.entries(ROWS)) {
    expect(seen.store(path), path).toMatchObject({ status: 'verified', sqlite: { integrity: 'ok' } });
    expect(seen.rows(path), path).toEqual({ visits: rows });
  }
  for (const path of ['data/live.db', 'data/linked.db']) expect(seen.store(path).readBy).toBe('private-copy');
  expect(seen.store('archive/sound.db').readBy).toBe('immutable');
  expect(seen.store('data/sound.db')).toMatchObject({ git: 'tracked', links: ['exports/current.db'] });
  expect(readdirSync(home)).toEqual([]);
});

it.each([
  'audit',
  'audit --exact --no-cache',
  'audit --exact --json',
  'diff data/live.db data/busy.db',
  'diff archive/crashed.db data/crashed.db --json',
  'diff exports/visits.csv data/sound.db',
])('%s: nothing changes', async (command) => {
  await untouched(command.split(' '));
  await untouched(command.split(' '), OTHER_USER);
});

it('keeps what it remembers in the folders of the user', () => {
  expect(readdirSync(home)).toEqual(['cache']);
});

it('writers keep their locks while they are looked at, and can commit afterwards', async () => {
  const rivals = await Promise.all(
    HELD.map((path) => {
      const rival = openStoreProcess(join(dir, path));
      programs.push(rival);
      return rival.run;
    }),
  );
  const refused = async (): Promise<void> => {
    for (const run of rivals) await expect(run('BEGIN IMMEDIATE')).rejects.toThrow('database is locked');
  };
  await refused();
  let running = true;
  let tries = 0;
  const looking = look(['audit', '--exact', '--json', '--no-cache']).finally(() => {
    running = false;
  });
  while (running) {
    await refused();
    tries++;
  }
  const seen = view(JSON.parse((await looking).stdout) as Audit);
  expect(tries).toBeGreaterThan(3);
  for (const path of HELD) expect(seen.rows(path), path).toEqual({ visits: ROWS[path] });
  await refused();

  for (const [i, path] of HELD.entries()) {
    const holder = holders.get(path) as Run;
    await holder('COMMIT');
    const rows = (ROWS[path] ?? 0) + (path === 'data/reserved.db' ? 0 : 1);
    expect(await rivals[i]?.(COUNT), path).toEqual([{ n: rows }]);
    await rivals[i]?.('BEGIN IMMEDIATE');
    await rivals[i]?.('ROLLBACK');
  }
});

it.each(['DELETE', 'WAL'])('a program that writes all the time (%s) never waits', async (mode) => {
  const path = `data/ledger-${mode.toLowerCase()}.db`;
  makeStore(dir, path, `PRAGMA journal_mode = ${mode}`, TABLE);
  const write = await open(path);
  let running = true;
  const looking = look(['audit', '--json', '--no-cache']).finally(() => {
    running = false;
  });
  let written = 0;
  // Its patience is zero: a single lock that the audit took would be an error here.
  for (; running; written++) await write(ONE_MORE);
  const store = view(JSON.parse((await looking).stdout) as Audit).store(path);
  expect(written).toBeGreaterThan(10);
  expect(await write(COUNT)).toEqual([{ n: written }]);
  expect(await write('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  if (store.status === 'verified') expect(store.tables[0]?.rows).toBeLessThanOrEqual(written);
  else expect(store).toMatchObject({ status: 'not-verified', reason: { code: 'changing' } });
});
