/** `desprawl backup …` as a user runs it: what it says, what it leaves, and that a project is never changed by it. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import stringWidth from 'string-width';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type {
  BackupCreated,
  BackupDocument,
  BackupList,
  BackupPruned,
  BackupRestored,
  BackupShown,
  BackupVerified,
} from '../src/report/backup/documents.ts';
import { makeStore } from './projects/make-store.ts';
import { project as walOnly } from './projects/wal-only.ts';
import { writeFile } from './projects/write-file.ts';
import { type CliOptions, type CliRun, expectNoTrace, runCli } from './run-cli.ts';
import { openStoreProcess } from './store-process.ts';
import { treeState } from './tree-state.ts';

const schema = fileURLToPath(new URL('../schema/backup.schema.json', import.meta.url));
const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')) as object);

let dir: string;
let root: string;
let before: readonly string[];
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'backup-cli-')));
  root = join(dir, 'project');
  mkdirSync(root);
  walOnly.build(root);
  writeFile(root, 'rows.csv', 'id,name\n1,x\n2,y\n');
  writeFile(root, 'app.py', 'import sqlite3\nsqlite3.connect("data/telemetry.db")\n');
  before = treeState(root);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function backup(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const env = { XDG_STATE_HOME: join(dir, 'state'), ...options.env };
  const run = await runCli(['-C', root, 'backup', ...args], { cwd: dir, ...options, env });
  expectNoTrace(run);
  for (const line of run.stdout.startsWith('{') ? [] : run.stdout.split('\n')) {
    expect(stringWidth(line), line).toBeLessThanOrEqual(80);
  }
  return run;
}
async function json<T extends BackupDocument>(args: readonly string[], code = 0): Promise<T> {
  const run = await backup([...args, '--json']);
  expect(run.code, run.stdout).toBe(code);
  const document = JSON.parse(run.stdout) as T;
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  return document;
}
async function failure(args: readonly string[], options: CliOptions = {}): Promise<string> {
  const run = await backup([...args, '--json'], options);
  expect(run.code).toBe(2);
  return (JSON.parse(run.stdout) as { error: { code: string } }).error.code;
}

it('create, list, verify, rehearse, restore: everything comes back, and nothing of the project is touched', async () => {
  const planned = await json<BackupCreated>(['create', '--dry-run']);
  expect(planned).toMatchObject({ dryRun: true, id: null, files: 6 });
  expect(existsSync(join(dir, 'state'))).toBe(false);

  const made = await json<BackupCreated>(['create']);
  expect(made).toMatchObject({ files: 6, level: 'opens', notTaken: [], bytes: planned.bytes });
  expect(made.stores.map(({ store }) => store)).toEqual([
    'data/bare.db',
    'data/settled.db',
    'data/telemetry.db',
    'rows.csv',
  ]);
  const id = made.id ?? '';
  expect((await json<BackupList>(['list'])).backups).toMatchObject([
    { id, files: 6, stores: 4, verified: { level: 'opens', problems: [] } },
  ]);
  expect((await json<BackupVerified>(['verify', '--dry-run'])).ok).toBe(true);
  const rehearsed = await json<BackupVerified>(['verify', id, '--rehearse']);
  expect(rehearsed).toMatchObject({ ok: true, backups: [{ level: 'rehearsed', rehearsal: { files: 6 } }] });
  const shown = await json<BackupShown>(['list', id.slice(-12, -6)]);
  expect(shown.backup.verified.level).toBe('rehearsed');
  expect(shown.files).toHaveLength(6);

  expect(await json<BackupRestored>(['restore', id, '--to', 'back', '--dry-run'])).toMatchObject({ files: 6 });
  expect(existsSync(join(dir, 'back'))).toBe(false);
  await json<BackupRestored>(['restore', id, '--to', 'back']);
  const stores = (at: string) => treeState(at).filter((line) => / file /.test(line) && !line.includes('app.py'));
  expect(stores(join(dir, 'back'))).toEqual(stores(root));
  await json<BackupRestored>(['restore', id, 'data/telemetry.db', '--to', 'one']);
  expect(readdirSync(join(dir, 'one', 'data')).sort()).toEqual(['telemetry.db', 'telemetry.db-wal']);
  expect(treeState(root)).toEqual(before);
});

it('says in 80 columns what it did, and what to do next', async () => {
  const made = await backup(['create']);
  expect(made.stdout).toMatch(/6 files, 4 stores/);
  expect(made.stdout).toMatch(/data\/telemetry\.db +43 .*others kept out/);
  expect(made.stdout).toMatch(/next {3}desprawl backup verify \S+ --rehearse/);
  for (const [args, said] of [
    [['create', '--dry-run'], /nothing was written/],
    [['list'], /1 backup, .* in .*vault/],
    [['verify'], /good .*\n +contents read back, snapshots checked by SQLite/],
    [['verify', '--rehearse'], /restored in/],
    [['prune'], /nothing to prune[\s\S]*no retention is set/],
  ] as const)
    expect((await backup(args)).stdout, args.join(' ')).toMatch(said);
  const id = readdirSync(join(dir, 'state/desprawl'))
    .map((name) =>
      readdirSync(join(dir, 'state/desprawl', name, 'vault/backups')).find((file) => file.endsWith('.json')),
    )[0]
    ?.slice(0, -5);
  expect((await backup(['list', id ?? ''])).stdout).toMatch(/data\/telemetry\.db-wal +8\.\d kB|telemetry\.db-wal/);
});

it('paths that are named: files, folders, links with what they lead to', async () => {
  mkdirSync(join(dir, 'elsewhere'));
  makeStore(join(dir, 'elsewhere'), 'far.db', 'CREATE TABLE t (a)');
  symlinkSync(join(dir, 'elsewhere', 'far.db'), join(root, 'far.db'));
  symlinkSync('data/telemetry.db', join(root, 'current.db'));
  const names = async (...paths: readonly string[]): Promise<readonly string[]> => {
    const { id } = await json<BackupCreated>(['create', ...paths]);
    return (await json<BackupShown>(['list', id ?? ''])).files.map(({ path }) => String(path));
  };
  expect(await names('app.py')).toEqual(['app.py']);
  expect(await names('current.db')).toEqual(['current.db', 'data/telemetry.db', 'data/telemetry.db-wal']);
  expect(await names('data/telemetry.db-wal')).toEqual(['data/telemetry.db', 'data/telemetry.db-wal']);
  const far = join(dir, 'elsewhere', 'far.db');
  expect(await names('far.db')).toEqual([far, 'far.db']);
  // Without names: the stores, those behind links too.
  expect(await names()).toEqual(expect.arrayContaining([far, 'far.db', 'current.db', 'data/telemetry.db', 'rows.csv']));
  expect(await names('.')).toContain('app.py');
});

it('bad input: a sentence, a code, and nothing half done', async () => {
  expect(await failure(['create', 'nothing'])).toBe('DSP-STORE-MISSING');
  expect(await failure(['create', '--wait', 'x'])).toBe('DSP-USAGE');
  expect(await failure(['restore', 'x', '--to', 'y'])).toBe('DSP-BACKUP-UNKNOWN');
  expect(await failure(['restore', 'x'])).toBe('DSP-USAGE');
  expect(await failure(['list', 'x'])).toBe('DSP-BACKUP-UNKNOWN');
  expect(await failure(['verify', 'x'])).toBe('DSP-BACKUP-UNKNOWN');
  expect(await failure([])).toBe('DSP-USAGE');
  expect(await failure(['burn'])).toBe('DSP-USAGE');
  const { id } = await json<BackupCreated>(['create', 'app.py']);
  expect(await failure(['restore', id ?? '', 'data', '--to', 'new'])).toBe('DSP-BACKUP-UNKNOWN');
  expect(await failure(['restore', id ?? '', '--to', 'project'])).toBe('DSP-FILE-EXISTS');
  expect(await failure(['restore', id ?? '', '--to', 'no/such/folder'])).toBe('DSP-WRITE-FAILED');
  expect(readdirSync(dir).sort()).toEqual(['project', 'state']);
  writeFile(root, 'desprawl.yaml', 'version: 1\nstate: .state\n');
  expect(await failure(['create'])).toBe('DSP-STATE');
  expect(existsSync(join(root, '.state'))).toBe(false);
});

it.runIf(process.getuid?.() === 0)(
  'what cannot be read is said, the rest is taken, and the exit code tells',
  async () => {
    chmodSync(join(root, 'data/settled.db'), 0o600);
    chmodSync(dir, 0o755);
    mkdirSync(join(dir, 'theirs'), { mode: 0o777 });
    chmodSync(join(dir, 'theirs'), 0o777);
    const env = { XDG_STATE_HOME: join(dir, 'theirs') };
    const run = await backup(['create', '--json'], { uid: 65534, env });
    expect(run.code, run.stdout + run.stderr).toBe(3);
    const document = JSON.parse(run.stdout) as BackupCreated;
    expect(document.notTaken).toEqual([{ path: 'data/settled.db', why: 'this user may not read it' }]);
    // Not its owner, and not allowed to write: what cannot be locked is taken while nobody changes it.
    expect(document.stores).toContainEqual(
      expect.objectContaining({ store: 'data/telemetry.db', taken: 'between-equal-stamps' }),
    );
  },
);

it('a damaged content is found: exit code 1, the path, and the backup no longer counts', async () => {
  const { id } = await json<BackupCreated>(['create', 'app.py']);
  const [name = ''] = readdirSync(join(dir, 'state/desprawl'));
  const objects = join(dir, 'state/desprawl', name, 'vault/objects');
  const object = join(
    objects,
    readdirSync(objects, { recursive: true, encoding: 'utf8' }).find((one) => one.length > 60) ?? '',
  );
  chmodSync(object, 0o600);
  writeFileSync(object, 'rotten');
  const found = await json<BackupVerified>(['verify'], 1);
  expect(found).toMatchObject({ ok: false, backups: [{ id, problems: [{ path: 'app.py' }] }] });
  expect((await json<BackupList>(['list'])).backups).toMatchObject([{ verified: { level: null } }]);
  expect((await backup(['list'])).stdout).toMatch(/DAMAGED/);
  // Taken again, the good bytes replace the damaged ones.
  await json<BackupCreated>(['create', 'app.py']);
  expect((await json<BackupVerified>(['verify'])).ok).toBe(true);
});

it('prunes by the retention, and never without being told', async () => {
  writeFile(root, 'desprawl.yaml', 'version: 1\nretention:\n  keep-runs: 1\n');
  const ids: string[] = [];
  for (const text of ['one', 'two', 'three']) {
    writeFile(root, 'app.py', text);
    ids.push((await json<BackupCreated>(['create', 'app.py', ...(text === 'one' ? ['--keep'] : [])])).id ?? '');
  }
  expect(await failure(['prune'])).toBe('DSP-NO-TERMINAL');
  const planned = await json<BackupPruned>(['prune', '--dry-run']);
  expect(planned).toMatchObject({ removed: [{ id: ids[1] }], dryRun: true });
  expect((await json<BackupList>(['list'])).backups).toHaveLength(3);
  const done = await json<BackupPruned>(['prune', '--yes']);
  expect(done).toMatchObject({ ...planned, dryRun: false });
  expect((await json<BackupList>(['list'])).backups.map(({ id }) => id)).toEqual([ids[0], ids[2]]);
  expect((await json<BackupVerified>(['verify'])).ok).toBe(true);
});

it('S16: a store in use is waited for, then taken as it stands', async () => {
  const user = openStoreProcess(join(root, 'data/settled.db'));
  await user.run('SELECT count(*) FROM rooms');
  const { stores } = await json<BackupCreated>(['create', 'data/settled.db', '--wait', '0']);
  expect(stores).toMatchObject([{ taken: 'between-equal-stamps', tables: [{ name: 'rooms', rows: 7 }] }]);
  await user.run('INSERT INTO rooms (name) VALUES (1)');
  await user.close();
});

it('K: killed at any moment, the stores are as they were and free, and every backup that is listed is whole', {
  timeout: 180_000,
}, async () => {
  for (let i = 0; i < 14; i++) {
    const run = await runCli(['-C', root, 'backup', 'create'], {
      env: { XDG_STATE_HOME: join(dir, 'state') },
      signal: 'SIGKILL',
      signalAfter: () => sleep(120 + i * 70),
    });
    expect([null, 0]).toContain(run.code);
    const user = openStoreProcess(join(root, 'data/telemetry.db'));
    // The child that held it ends with its parent; it has no other way to know.
    for (let tries = 0; ; tries++) {
      try {
        await user.run('SELECT 1 FROM sqlite_schema LIMIT 0');
        break;
      } catch (error) {
        if (tries > 100) throw error;
        await sleep(20);
      }
    }
    await user.close();
  }
  await json<BackupCreated>(['create']);
  expect((await json<BackupVerified>(['verify', '--rehearse'])).ok).toBe(true);
  const { backups, damaged } = await json<BackupList>(['list']);
  expect(damaged).toEqual([]);
  expect(backups.length).toBeGreaterThan(0);
});

it('K: killed at any moment, not a byte of a store has changed', { timeout: 180_000 }, async () => {
  const env = { XDG_STATE_HOME: join(dir, 'state') };
  for (let i = 0; i < 14; i++) {
    await runCli(['-C', root, 'backup', 'create', 'data/telemetry.db', 'rows.csv'], {
      env,
      signal: 'SIGKILL',
      signalAfter: () => sleep(150 + i * 60),
    });
    await sleep(100);
    expect(treeState(root)).toEqual(before);
  }
});

it('Ctrl-C: nothing is left, and the next one works', async () => {
  const user = openStoreProcess(join(root, 'data/settled.db'));
  await user.run('SELECT count(*) FROM rooms');
  const run = await backup(['create', 'data/settled.db', '--wait', '60'], { signalAfter: () => sleep(1500) });
  expect(run.code).toBe(130);
  expect(run.msAfterSignal).toBeLessThan(5000);
  await user.close();
  expect((await json<BackupCreated>(['create', 'data/settled.db'])).stores).toMatchObject([{ taken: 'excluded' }]);
});
