/** The command line as a contract: exit codes, where output goes, what is never overwritten. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../dist/cli/main.js';
import { audit, auditDocument, DEFAULT_CONFIG, DesprawlError, diff } from '../dist/index.js';
import { realDisk } from '../src/disk/real-disk.ts';
import { makeStore } from './projects/make-store.ts';
import { expectNoTrace, runCli } from './run-cli.ts';

let parent: string;
let dir: string;
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'cli-'));
  dir = join(parent, 'shop');
  mkdirSync(dir);
  const table = 'CREATE TABLE items (id INTEGER PRIMARY KEY, code TEXT UNIQUE, price REAL)';
  makeStore(
    dir,
    'shop.db',
    table,
    "INSERT INTO items VALUES (1, 'a-1', 2.5), (2, 'a-2', 3), (3, 'a-3', 4), (4, 'a-4', 1)",
  );
  makeStore(dir, 'old/shop.db', table, "INSERT INTO items VALUES (1, 'a-1', 2.5), (2, 'a-2', 9), (9, 'a-9', 1)");
  mkdirSync(join(parent, 'clean'));
  makeStore(join(parent, 'clean'), 'one.db', table, "INSERT INTO items VALUES (1, 'a-1', 2.5)");
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

it('exit code 1 with findings, 0 without, 0 above --fail-on', async () => {
  expect((await runCli(['-C', dir, 'audit'])).code).toBe(1);
  expect((await runCli(['-C', dir, 'audit', '--fail-on', 'critical'])).code).toBe(0);
  expect((await runCli(['-C', dir, 'audit', '--fail-on', 'never'])).code).toBe(0);
  const clean = await runCli(['audit'], { cwd: join(parent, 'clean') });
  expect(clean.code, clean.stdout).toBe(0);
});

it('-C and --json stand before or after the command', async () => {
  const before = await runCli(['-C', dir, '--json', 'audit']);
  const after = await runCli(['audit', '--json', '-C', dir]);
  const stores = (text: string) => (JSON.parse(text) as { stores: { id: string }[] }).stores.map(({ id }) => id);
  expect(stores(before.stdout)).toEqual(['old/shop.db', 'shop.db']);
  expect(stores(after.stdout)).toEqual(stores(before.stdout));
});

it('a report goes to stdout alone, without colour where nobody looks', async () => {
  const run = await runCli(['-C', dir, 'audit']);
  expect(run.stderr).toBe('');
  expect(run.stdout).not.toContain('\u001b');
  const coloured = await runCli(['-C', dir, 'audit'], { env: { NO_COLOR: '', FORCE_COLOR: '1' } });
  expect(coloured.stdout).toContain('\u001b');
  const refused = await runCli(['-C', dir, 'audit', '--no-color'], { env: { NO_COLOR: '', FORCE_COLOR: '1' } });
  expect(refused.stdout).not.toContain('\u001b');
});

it('--out writes a new file and overwrites none', async () => {
  const out = join(parent, 'report.sarif');
  const first = await runCli(['-C', dir, 'audit', '--format', 'sarif', '--out', out]);
  expect(first).toMatchObject({ code: 1, stdout: '' });
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({ version: '2.1.0' });
  const before = readFileSync(out, 'utf8');
  const second = await runCli(['-C', dir, 'audit', '--out', out]);
  expect(second.code).toBe(2);
  expect(second.stderr).toContain('DSP-FILE-EXISTS');
  expect(readFileSync(out, 'utf8')).toBe(before);
});

it('diff: 0 where all is equal, 1 where something differs, rows only on request', async () => {
  expect((await runCli(['-C', dir, 'diff', 'shop.db', 'shop.db'])).code).toBe(0);
  const counts = await runCli(['-C', dir, 'diff', 'shop.db', 'old/shop.db']);
  expect(counts.code).toBe(1);
  expect(counts.stdout).toMatch(/same 1 · only A 2 · only B 1 · differ 1/);
  expect(counts.stdout).not.toContain('a-9');
  const rows = await runCli(['-C', dir, 'diff', 'shop.db', 'old/shop.db', '--show-values']);
  expect(rows.stdout).toMatch(/\+ B {2}.*code=a-9/);
  expect(rows.stdout).toMatch(/~ {4}id=2\n {5}A price=3\n {5}B price=9/);
});

it('diff compares stores that lie outside the project, named in any way', async () => {
  const outside = join(parent, 'clean', 'one.db');
  for (const name of [outside, '../clean/one.db']) {
    const run = await runCli(['-C', dir, 'diff', name, 'old/shop.db', '--json']);
    expectNoTrace(run);
    expect(JSON.parse(run.stdout), run.stdout).toMatchObject({
      a: outside,
      tables: [{ a: 'items', same: 1, onlyB: 2 }],
    });
  }
  const both = await runCli(['diff', outside, outside, '--json'], { cwd: tmpdir() });
  expect(both.code, both.stdout).toBe(0);
});

it('init writes desprawl.yaml once; the audit then follows it', async () => {
  const project = join(parent, 'init');
  mkdirSync(project);
  makeStore(
    project,
    'a.db',
    'CREATE TABLE items (id INTEGER PRIMARY KEY, code TEXT)',
    "INSERT INTO items VALUES (1, 'x')",
  );
  writeFileSync(join(project, 'empty.db'), '');
  expect(await runCli(['-C', project, 'init'])).toMatchObject({ code: 0 });
  expect(readdirSync(project).sort()).toEqual(['a.db', 'desprawl.yaml', 'empty.db']);
  const again = await runCli(['-C', project, 'init']);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('DSP-FILE-EXISTS');
  const found = async () => (await runCli(['-C', project, 'audit'])).stdout;
  expect(await found()).toContain('empty-residue');
  const config = readFileSync(join(project, 'desprawl.yaml'), 'utf8');
  writeFileSync(join(project, 'desprawl.yaml'), config.replace('disable: []', 'disable: [empty-residue]'));
  expect(await found()).not.toContain('empty-residue');
});

it('explain knows every code in any case and guesses at others', async () => {
  expect((await runCli(['explain', 'COPY-STORE'])).stdout).toMatch(/^copy-store: /);
  expect((await runCli(['explain', 'dsp-scratch'])).stdout).toMatch(/^DSP-SCRATCH: /);
  expect((await runCli(['explain'])).stdout).toMatch(/orphan-export[\s\S]*DSP-CANCELLED/);
  const unknown = await runCli(['explain', 'copystore']);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain('did you mean copy-store?');
});

it('doctor says what it tried', async () => {
  const run = await runCli(['doctor', '--json']);
  const { checks } = JSON.parse(run.stdout) as { checks: { name: string; state: string; found: string }[] };
  expect(run.code).toBe(0);
  expect(checks.find(({ name }) => name === 'sqlite driver')).toMatchObject({
    state: 'ok',
    found: expect.stringMatching(/^SQLite 3\.\d+/),
  });
  const closed = await runCli(['doctor', '--json'], { env: { TMPDIR: '/proc/nowhere' } });
  expect(JSON.parse(closed.stdout).checks).toContainEqual(
    expect.objectContaining({ name: 'scratch folder', state: 'warn' }),
  );
});

it('without a command: help; a wrong one: a usage error that guesses', async () => {
  expect(await runCli([])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: desprawl/) });
  const wrong = await runCli(['audti']);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/Did you mean audit\?[\s\S]*DSP-USAGE/);
});

it('progress for programs is one JSON document per line', async () => {
  const run = await runCli(['-C', dir, 'audit', '--no-cache', '--progress', 'ndjson']);
  const phases = run.stderr
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { phase: string }).phase);
  expect(new Set(phases)).toEqual(new Set(['walk', 'read', 'compare', 'code', 'ancestors', 'detect']));
});

it('a second audit remembers the first, and a broken or closed cache is no failure', async () => {
  const cache = join(parent, 'cache');
  const env = { XDG_CACHE_HOME: cache };
  const cached = async () =>
    (JSON.parse((await runCli(['-C', dir, 'audit', '--json'], { env })).stdout) as { took: { cachedStores: number } })
      .took.cachedStores;
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  expect(await cached()).toBe(0);
  expect(await cached()).toBe(2);
  const kept = readdirSync(join(cache, 'desprawl'));
  expect(kept).toHaveLength(2);
  for (const name of kept) writeFileSync(join(cache, 'desprawl', name), '{ broken');
  expect(await cached()).toBe(0);
  expect(await cached()).toBe(2);
  rmSync(cache, { recursive: true });
  writeFileSync(cache, 'a file where the folder should be');
  expect(await cached()).toBe(0);
  const nowhere = await runCli(['-C', dir, 'audit'], { env: { XDG_CACHE_HOME: '/proc/none/cache' } });
  expect(nowhere.code).toBe(1);
});

it('the library gives what the command prints', async () => {
  const options = {
    root: dir,
    config: DEFAULT_CONFIG,
    exact: false,
    timeoutSeconds: 60,
    cacheDir: null,
    scratchDir: tmpdir(),
    now: Date.now(),
  };
  const result = auditDocument(await audit(options));
  const printed = JSON.parse((await runCli(['-C', dir, 'audit', '--json', '--no-cache'])).stdout);
  expect(printed).toEqual({ ...JSON.parse(JSON.stringify(result)), at: printed.at, took: printed.took });
  await expect(audit({ ...options, root: join(dir, 'nowhere') })).rejects.toBeInstanceOf(DesprawlError);
  const compared = await diff({
    ...options,
    a: 'shop.db',
    b: 'old/shop.db',
    showValues: false,
    limit: 1,
    ancestors: false,
  });
  expect(compared.tables).toMatchObject([{ a: 'items', same: 1 }]);
});

it('a scratch folder that cannot be used is an error, and nothing was touched', async () => {
  const scratch = join(parent, 'scratch');
  writeFileSync(scratch, '');
  chmodSync(scratch, 0o400);
  const run = await runCli(['-C', dir, 'audit'], { env: { TMPDIR: scratch } });
  expectNoTrace(run);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('DSP-SCRATCH');
  expect(existsSync(join(dir, 'desprawl.yaml'))).toBe(false);
});

it('on Windows it says what is supported, and does nothing', async () => {
  const written: string[] = [];
  const output = {
    isTerminal: false,
    width: 80,
    colour: false,
    write: async (text: string) => {
      written.push(text);
    },
  };
  const context = {
    cwd: dir,
    cacheDir: parent,
    stateDir: parent,
    scratchDir: parent,
    platform: 'win32' as const,
    out: output,
    err: output,
    signal: new AbortController().signal,
    disk: realDisk,
    now: () => 0,
  };
  expect(await main(['audit'], context)).toBe(2);
  expect(written.join('')).toMatch(/Linux and macOS[\s\S]*DSP-PLATFORM[\s\S]*WSL 2/);
});
