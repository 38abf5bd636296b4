/** What the audit says about the example project, against what the README of the example says is wrong in it; and the demo itself. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, differing, tableOf, view } from './open-project.ts';
import { expectNoTrace, runAudit, runDiff } from './run-cli.ts';
import { treeHash } from './tree-hash.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
let parent: string;
let dir: string;
let seen: AuditView;
beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'example-'));
  dir = join(parent, 'homestead');
  const built = spawnSync(process.execPath, [join(root, 'examples/homestead/build.mjs'), dir], { encoding: 'utf8' });
  expect(built.status, built.stderr).toBe(0);
  const before = treeHash(dir);
  seen = view(await runAudit(dir));
  expect(treeHash(dir)).toEqual(before);
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

it('three stores disagree about people, and one of them cannot log in', () => {
  const blind = seen.findings('blind-reader').filter(({ severity }) => severity === 'critical');
  expect(blind.map(({ stores }) => stores)).toEqual([
    ['services/auth/data/auth.db', 'data/hub.db'],
    ['data/auth.db', 'data/hub.db'],
  ]);
  expect(blind[0]?.at).toContainEqual({ path: 'services/auth/sessions.py', line: 16 });
  const [worst] = seen.findings('conflicting-twin');
  expect(worst).toMatchObject({ code: 'conflicting-twin', severity: 'critical', confidence: 'proven' });
  expect(worst?.stores).toEqual(['data/auth.db', 'data/hub.db', 'services/auth/data/auth.db']);
  expect(worst?.message).toContain('password_hash 2');
  const twin = seen.table('data/hub.db', 'users', 'data/auth.db');
  expect(twin).toMatchObject({ same: 1, onlyA: 2, onlyB: 2, conflicting: 3, idCollisions: 2, renumbered: 1 });
});

it('the person who was erased in the hub is told from a new one by the state that both stores came from', async () => {
  const { ancestors, tables } = await runDiff(dir, ['data/hub.db', 'data/auth.db', '--table', 'users']);
  expect(ancestors).toMatchObject([
    { from: 'backups/hub-2025-09-16.db', tables: [{ table: 'users', rows: 4, deletedInA: 1, deletedInB: 0 }] },
  ]);
  expect(tables).toMatchObject([{ key: ['email'] }]);
});

it('one spelling, two files: fourteen rows differ', () => {
  expect(seen.findings('split-store').map(({ stores }) => stores)).toEqual([
    ['app.db', 'backend/app.db'],
    ['data/auth.db', 'services/auth/data/auth.db'],
  ]);
  const relation = seen.relation('app.db', 'backend/app.db');
  expect((relation?.onlyA ?? 0) + (relation?.onlyB ?? 0) + (relation?.conflicting ?? 0)).toBe(14);
});

it('exports: the orphan is kept, the stale one is measured', async () => {
  expect(seen.about('orphan-export', 'exports/readings.csv')).toMatchObject([{ severity: 'high' }]);
  expect(seen.findings('stale-export').map(({ at }) => at[0]?.path)).toEqual([
    'exports/devices.csv',
    'exports/scenes.csv',
  ]);
  const devices = tableOf(await runDiff(dir, ['exports/devices.csv', 'data/hub.db']), 'devices');
  expect(devices).toMatchObject({ relation: 'subset', same: 24, onlyA: 0, onlyB: 14, key: ['serial'] });
});

it('thirteen backups of one content, a copy with rows of its own, another generation, an accident', () => {
  expect(seen.about('backup-residue', 'backups')).toHaveLength(1);
  expect(seen.about('diverged-store', 'data/devices-copy.db').at(-1)?.message).toContain('4 rows');
  expect(seen.about('older-generation', 'data/hub.db.old')).toHaveLength(1);
  expect(seen.about('empty-residue', 'services/hub/data/hub.db')).toHaveLength(1);
  expect(seen.relation('data/tasks.db', 'data/hub.db')?.tables.map(differing)).toEqual([{ status: 28 }]);
});

it('what cannot be read is named and counted as nothing', () => {
  expect(seen.store('data/locker.db')).toMatchObject({
    status: 'not-verified',
    reason: { code: 'encrypted' },
    tables: [],
  });
  expect(seen.store('data/models/wake-word.db')).toMatchObject({
    status: 'not-verified',
    reason: { code: 'lfs-pointer' },
  });
});

it('a finding that is proven stays the same in a copy of the project at another place', async () => {
  const copy = join(parent, 'elsewhere', 'homestead');
  cpSync(dir, copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const there = await runAudit(copy);
  const prints = (audit: typeof there) => audit.findings.map(({ code, fingerprint }) => `${code} ${fingerprint}`);
  expect(prints(there)).toEqual(prints(seen.audit));
});

it('npm run demo: from thirteen stores to six, and back with what was written since', { timeout: 300_000 }, () => {
  const run = spawnSync(process.execPath, [join(root, 'examples/demo.mjs')], { encoding: 'utf8' });
  expectNoTrace({ code: run.status, stdout: run.stdout, stderr: run.stderr, ms: 0, msAfterSignal: null });
  expect(run.status, run.stdout.slice(-2000) + run.stderr).toBe(0);
  expect(run.stdout).toContain('$ desprawl audit');
  expect(run.stdout).toContain('nothing did: no byte, mode, time or name, .git included');
  // C26: the person who could not log in can; nobody else is asked but the project's own services.
  const said = [...run.stdout.matchAll(/^(auth service|dashboard) +POST \/login ben@example\.com +(\d+)/gm)];
  expect(said.map(([, who, status]) => `${who} ${status}`)).toEqual([
    'auth service 200',
    'dashboard 401',
    'auth service 200',
    'dashboard 200',
  ]);
  // On the copy, in the project, and again from the data.
  expect(run.stdout.match(/^ +ok +tests +before passed · after passed$/gm)).toHaveLength(3);
  expect(
    run.stdout.match(/^ +ok +ledger +816 rows compared, every one accounted for in app\.db and\s+data\/hub\.db$/gm),
  ).toHaveLength(3);
  expect(run.stdout).toMatch(/applied and verified in/);
  expect(run.stdout).not.toMatch(/^ +FAIL /m);
  expect(run.stdout).toContain('13 stores of its own before, 6 now');
  expect(run.stdout).toMatch(/^Ben Okafor +11 +6 +0$/m);
  expect(run.stdout).toMatch(/^ {2}data\/hub\.db users: 1 inserted; 1 to data\/auth\.db$/m);
  expect(run.stdout).toMatch(/^ {2}data\/hub\.db sessions: 2 inserted; 1 to data\/auth\.db, 1 aside/m);
  expect(run.stdout).toMatch(/\d+ paths and the git status are as before/);
  expect(run.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
