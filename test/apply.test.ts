import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApplyResult, StatusDocument, VerifyReport } from '../src/apply/model.ts';
import { removeCopy } from '../src/copy/remove-copy.ts';
import { realDisk } from '../src/disk/real-disk.ts';
import { answerPlan, expectFits, homesteads, type Stage } from './homestead-home.ts';
import type { ProjectHome } from './project-home.ts';
import { openStoreProcess } from './store-process.ts';
import { treeHash } from './tree-hash.ts';
import { treeState } from './tree-state.ts';

const stages = homesteads();
let home: ProjectHome;
let parent: string;
let root: string;
const at = async (stage: Stage): Promise<void> => {
  home = await stages.at(stage);
  root = home.root;
  parent = join(root, '..');
};
afterAll(() => stages.remove());

const plan = () => join(root, 'desprawl-plan.yaml');
const run = (...args: readonly string[]) => home.run(args);
const json = <T>(...args: readonly string[]): Promise<T> => home.json<T>(...args);
const refused = (code: string, exit: number, ...args: readonly string[]): Promise<string> =>
  home.refused(code, exit, ...args);
const answer = (answers: Readonly<Record<string, string>>): void =>
  writeFileSync(plan(), answerPlan(readFileSync(plan(), 'utf8'), answers));
const config = (text: string): void => writeFileSync(join(root, 'desprawl.yaml'), `version: 1\n${text}`);

describe('homestead', () => {
  it('a dry run changes nothing and says what the run then does: the same but for times and the run itself', async () => {
    await at('planned');
    const before = treeHash(root);
    const dry = await json<ApplyResult>('apply', '--dry-run');
    expect(treeHash(root)).toEqual(before);
    const real = await json<ApplyResult>('apply', '--yes');
    expectFits('apply', dry);
    expectFits('apply', real);
    const told = ({ changes, totals, actions, decisions, findings, checks, left, status }: ApplyResult) => ({
      changes,
      totals,
      actions,
      decisions,
      findings,
      checks,
      left,
      status,
    });
    expect(told(dry)).toEqual(told(real));
    expect([dry.dryRun, dry.run, real.dryRun]).toEqual([true, null, false]);
    expect(real.status).toBe('verified');
    // No process of ours, no copy, nothing half done.
    const [state = ''] = readdirSync(join(parent, 'state/desprawl'));
    const left = ['copies', 'held'].map((name) => readdirSync(join(parent, 'state/desprawl', state, name)));
    expect(left).toEqual([[], []]);
  }, 120_000);

  it('what a run leaves is what its steps say; status, runs and verify tell of it', async () => {
    await at('built');
    await run('plan', '--accept-proposals');
    // What nobody proposes an answer to.
    answer({ 'unresolved-readers': 'goes', 'files-of-scene-manager': 'leave' });
    await run('plan', '--from', plan());
    cpSync(root, join(parent, 'before'), { recursive: true, verbatimSymlinks: true });
    const result = await json<ApplyResult>('apply', '--yes');
    for (const { path, is, from } of result.changes) {
      expect([path, existsSync(join(root, path))]).toEqual([path, is !== 'removed']);
      expect([path, existsSync(join(parent, 'before', from ?? path))]).toEqual([path, is !== 'made']);
    }
    const status = await json<StatusDocument>('status');
    expectFits('status', status);
    expect(status.runs).toMatchObject([{ run: result.run, status: { is: 'verified' }, cannotGoBack: null }]);
    const report = await json<VerifyReport>('verify');
    expectFits('verify', report);
    expect(report).toMatchObject({ ok: true, run: result.run, status: 'verified' });
    expect((await run('runs')).stdout).toContain(result.run);
    // Applied again, it is done.
    expect((await json<ApplyResult>('apply', '--yes')).status).toBe('nothing to do');
  }, 120_000);

  it('verify fails where an import was broken or a file edited since, and says where', async () => {
    await at('planned');
    await run('apply', '--yes');
    appendFileSync(join(root, 'services/hub/repositories/users.py'), '\nfrom services.hub.core import connection\n');
    const done = await run('verify', '--json');
    expect(done.code).toBe(1);
    const report = JSON.parse(done.stdout) as VerifyReport;
    const failed = report.findings.filter(({ ok }) => !ok);
    expect(failed.map(({ what }) => what).sort()).toEqual(expect.arrayContaining(['tree']));
    expect(failed.flatMap(({ places }) => places.map(({ path }) => path))).toContain(
      'services/hub/repositories/users.py',
    );
    expect(failed.some(({ what }) => what === 'imports' || what === 'names')).toBe(true);
    expect((await json<StatusDocument>('status')).runs[0]?.status.is).toBe('applied');
  }, 120_000);
});

describe('refused before anything begins', () => {
  it('a plan that was never measured here, that is no plan, that is not there', async () => {
    await at('built');
    await refused('DSP-PLAN-MISSING', 2, 'apply', '--yes');
    await run('plan');
    removeCopy(realDisk, join(parent, 'state'));
    await refused('DSP-PLAN-UNLOCKED', 10, 'apply', '--yes');
    writeFileSync(plan(), 'version: 1\nplan: x\nactoins: []\n');
    await refused('DSP-PLAN-INVALID', 2, 'apply', '--yes');
  });

  it('a stale plan: a file that it relies on was edited; nothing at all is applied', async () => {
    await at('planned');
    appendFileSync(join(root, 'services/hub/repositories/users.py'), '\n# edited\n');
    const before = treeHash(root);
    const said = await refused('DSP-PLAN-STALE', 10, 'apply', '--yes');
    expect(said).toMatch(/services\/hub\/repositories\/users\.py/);
    await refused('DSP-PLAN-STALE', 10, 'apply', '--dry-run');
    expect(treeHash(root)).toEqual(before);
  });

  it('rows that the application wrote meanwhile to a store that stays make nothing stale', async () => {
    await at('planned');
    const store = openStoreProcess(join(root, 'data/hub.db'));
    await store.run("INSERT INTO users (name) SELECT 'x' WHERE 0");
    await store.run('UPDATE users SET rowid = rowid');
    await store.close();
    expect((await json<ApplyResult>('apply', '--yes')).status).toBe('verified');
  }, 60_000);

  it('an edited plan is not applied unseen; comments and reasons are no edits', async () => {
    await at('planned');
    writeFileSync(plan(), readFileSync(plan(), 'utf8').replace('actions:', '# a remark\nactions:'));
    expect((await run('apply', '--dry-run')).code).toBe(0);
    const text = readFileSync(plan(), 'utf8');
    // What any answer comes to was shown; prose that is edited as well was not.
    writeFileSync(plan(), text.replace(/( +)id: archive-exports-\S+\n/, '$&$1docs: true\n'));
    const said = await refused('DSP-PLAN-STALE', 10, 'apply', '--yes');
    // A dry run is of what `--yes` would do.
    expect(await refused('DSP-PLAN-STALE', 10, 'apply', '--dry-run')).toBe(said);
  }, 60_000);

  it('without a terminal and without --yes nothing is asked', async () => {
    await at('planned');
    await refused('DSP-NO-TERMINAL', 2, 'apply');
    await refused('DSP-USAGE', 2, 'apply', '--yes', '--dry-run');
    await refused('DSP-RUN-UNKNOWN', 2, 'apply', '--continue');
    await refused('DSP-RUN-UNKNOWN', 2, 'verify');
    await refused('DSP-RUN-UNKNOWN', 2, 'verify', 'nothing');
  });

  it('a connection that is idle holds no lock, and would go on writing to a file that is gone', async () => {
    await at('planned');
    answer({ 'unresolved-readers': 'goes' });
    const store = openStoreProcess(join(root, 'backups/hub-2025-10-02.db'));
    await store.run('SELECT count(*) FROM sqlite_master');
    const before = treeState(root);
    const said = await refused('DSP-STORE-BUSY', 2, 'apply', '--yes');
    expect(said).toMatch(/hub-2025-10-02\.db/);
    expect(treeState(root)).toEqual(before);
    await store.close();
  });

  it('a store that somebody has open (trap S16): named, and nothing was changed', async () => {
    await at('planned');
    answer({ 'unresolved-readers': 'goes' });
    const store = openStoreProcess(join(root, 'backups/hub-2025-10-02.db'));
    await store.run('BEGIN IMMEDIATE');
    const before = treeState(root);
    const said = await refused('DSP-STORE-BUSY', 2, 'apply', '--yes');
    expect(said).toMatch(/hub-2025-10-02\.db/);
    await store.close();
    expect(treeState(root)).toEqual(before);
    expect((await json<StatusDocument>('status')).waiting).toBeNull();
  }, 60_000);

  it('a policy that asks for an approval', async () => {
    await at('built');
    config('approval: other\n');
    await run('plan');
    await refused('DSP-PLAN-UNAPPROVED', 2, 'apply', '--yes');
    await run('approve', plan());
    expect(await refused('DSP-PLAN-UNAPPROVED', 2, 'apply', '--yes')).toMatch(/only by the one\s+who applies it/);
    config('approval: self\n');
    expect((await run('apply', '--yes')).code).toBe(0);
  }, 60_000);

  it('a merge that is under way', async () => {
    await at('planned');
    writeFileSync(join(root, '.git/MERGE_HEAD'), `${'0'.repeat(40)}\n`);
    expect(await refused('DSP-GIT-BUSY', 2, 'apply', '--yes')).toMatch(/merge is under way/);
  });
});

describe('checks', () => {
  it('run before and after, in copies, once their owner agreed; without that they are not verified', async () => {
    await at('built');
    config(`checks:
  imports: { run: python3 -c "import services.hub.repositories.users" }
  people: { store: data/hub.db, sql: select count(*) > 0 from users, is: 1 }
`);
    await run('plan');
    const dry = await json<ApplyResult>('apply', '--dry-run');
    expect(dry.checks).toMatchObject([{ name: 'people', before: '1', after: '1', ok: true }]);
    expect(dry.notVerified).toContainEqual({ what: 'check imports', why: expect.stringMatching(/nobody agreed/) });
    const real = await json<ApplyResult>('apply', '--yes', '--run-checks');
    expect(real.checks).toMatchObject([
      { name: 'imports', before: 'passed', after: 'passed', ok: true },
      { name: 'people', ok: true },
    ]);
    // Agreed once, asked no more.
    expect((await json<VerifyReport>('verify')).checks).toHaveLength(2);
  }, 120_000);

  it('one that passes before and fails after fails the run, which can go back', async () => {
    await at('built');
    config('checks:\n  old: { run: test -f services/hub/core/connection.py }\n');
    await run('plan');
    const done = await run('apply', '--yes', '--run-checks', '--json');
    expect(done.code).toBe(1);
    expect(JSON.parse(done.stdout)).toMatchObject({
      status: 'applied',
      checks: [{ name: 'old', before: 'passed', after: 'ended with 1', ok: false, why: 'it passed before' }],
    });
  }, 60_000);

  it('one that writes into the project stops the run before its first step', async () => {
    await at('built');
    config(`checks:\n  bad: { run: "echo x > ${root}/data/escaped" }\n`);
    await run('plan');
    expect(await refused('DSP-CHECK-ESCAPED', 2, 'apply', '--yes', '--run-checks')).toMatch(/data\/escaped/);
    expect(existsSync(join(root, 'services/hub/core/connection.py'))).toBe(true);
    expect((await json<StatusDocument>('status')).runs).toEqual([]);
  }, 60_000);
});
