/** The gate's own CREATE TABLE would refuse three rows of the hub: asked before anything moves, listed afterwards, never silent. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApplyResult, VerifyReport } from '../../src/apply/model.ts';
import { projectHome } from '../project-home.ts';
import { settleTimes } from '../projects/fixture-project.ts';
import { gatePy, project } from '../projects/own-schema.ts';
import { openStoreProcess } from '../store-process.ts';
import { treeState } from '../tree-state.ts';

let parent: string;
let root: string;
let planFile: string;

beforeAll(async () => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'own-schema-')));
  root = join(parent, 'kiosk');
  planFile = join(parent, 'plan.yaml');
  mkdirSync(root);
  await project.build(root);
  settleTimes(root);
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const run = (...args: readonly string[]) => projectHome(parent, 'kiosk').run(args);
const json = <T>(...args: readonly string[]): Promise<T> => projectHome(parent, 'kiosk').json<T>(...args);
const answered = (choice: string): void => {
  writeFileSync(planFile, readFileSync(planFile, 'utf8').replace(/^( +chosen:).*$/m, `$1 ${choice}`));
};
const write = async (store: string, sql: string): Promise<void> => {
  const one = openStoreProcess(join(root, store));
  await one.run(sql);
  await one.close();
};
const declaredIn = ({ findings, notVerified }: VerifyReport) => ({
  finding: findings.find(({ what }) => what === 'declared'),
  listed: notVerified.filter(({ what }) => what.startsWith('gate.py')),
});

it('R15: code whose own table would refuse merged rows is a decision with its line and SQLite’s reasons; undecided, nothing moves', async () => {
  const done = await run('plan', '--target', 'data/hub.db', '--out', planFile);
  expect(done.code, done.stderr).toBe(0);
  const plan = readFileSync(planFile, 'utf8');
  expect(plan).toContain('needs: { hub-members-declared: [edit, apart] }');
  expect(plan).toMatch(
    /gate\.py:7 would refuse 3 rows \(CHECK constraint failed: role IN \('guest', 'staff'\); NOT NULL/,
  );
  // What the hub declares takes them all, and no row's value is told.
  expect(plan).not.toContain('hub.py:');
  expect(plan).not.toContain('admin');
  const before = treeState(root);
  const undecided = await run('apply', planFile, '--yes');
  expect([undecided.code, undecided.stderr]).toEqual([2, expect.stringContaining('DSP-PLAN-UNDECIDED')]);
  expect(treeState(root)).toEqual(before);
});

it('R15: it is asked of a merge that a person wrote, too', async () => {
  const own = join(parent, 'own.yaml');
  writeFileSync(
    own,
    'version: 1\nplan: kiosk-0002\nactions:\n  - merge: data/hub.db\n    id: merge-by-hand\n    from: [data/gate.db]\n    tables: { members: { identity: [email] } }\n',
  );
  await run('plan', '--from', own, '--out', own);
  expect(readFileSync(own, 'utf8')).toContain('needs: { by-hand-members-declared: [edit, apart] }');
  expect((await run('apply', own, '--yes')).stderr).toContain('DSP-PLAN-UNDECIDED');
});

it('R15: kept apart, the rows stay where they are, and so does their store', async () => {
  answered('apart');
  const before = treeState(root);
  const done = await run('plan', '--from', planFile, '--out', join(parent, 'apart.yaml'));
  expect(done.stdout).toContain('blocked: no table of its sources comes in');
  await run('apply', join(parent, 'apart.yaml'), '--yes');
  expect(treeState(root)).toEqual(before);
});

it('R15: a reason that came up after the review makes it stale', async () => {
  answered('edit');
  await run('plan', '--from', planFile, '--out', planFile);
  const gate = readFileSync(join(root, 'gate.py'), 'utf8');
  await write('data/hub.db', 'UPDATE members SET email = NULL WHERE id = 1');
  const stale = await run('apply', planFile, '--yes');
  expect([stale.code, stale.stderr]).toEqual([10, expect.stringContaining('DSP-PLAN-STALE')]);
  expect(stale.stderr.replaceAll(/\s+/g, ' ')).toMatch(
    /gate\.py:7 declares members otherwise .*NOT NULL constraint failed: members\.email/,
  );
  expect(readFileSync(join(root, 'gate.py'), 'utf8')).toBe(gate);
  await write('data/hub.db', "UPDATE members SET email = 'anna.ahrens@kiosk-nord.de' WHERE id = 1");
});

it('R15: to be edited, it is listed until it is edited; another reason fails the verification with the line', async () => {
  const result = await json<ApplyResult>('apply', planFile, '--yes');
  expect(result.status).toBe('verified');
  expect(declaredIn(await json<VerifyReport>('verify'))).toMatchObject({
    finding: { ok: true },
    listed: [
      { what: 'gate.py:7', why: expect.stringMatching(/would refuse 3 rows .* as decided, until it is edited/) },
    ],
  });

  const edited = readFileSync(join(root, 'gate.py'), 'utf8');
  const with_ = (text: string): void => writeFileSync(join(root, 'gate.py'), text.replaceAll('gate.db', 'hub.db'));
  with_(gatePy("'guest', 'staff', 'admin'").replace('role TEXT NOT NULL', 'role TEXT'));
  expect(declaredIn(await json<VerifyReport>('verify'))).toMatchObject({
    finding: { ok: true, places: [] },
    listed: [],
  });

  with_(gatePy("'guest', 'boss'"));
  expect(declaredIn(await json<VerifyReport>('verify')).finding).toMatchObject({
    ok: false,
    places: [{ path: 'gate.py', line: 7, what: expect.stringContaining("role IN ('guest', 'boss')") }],
  });
  writeFileSync(join(root, 'gate.py'), edited);
});
