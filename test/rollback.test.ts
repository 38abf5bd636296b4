/** The way back through the command line: after a run, after a crash, after Ctrl-C, and what refuses it. */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ApplyResult, StatusDocument } from '../src/apply/model.ts';
import { expectFits, homesteads } from './homestead-home.ts';
import type { ProjectHome } from './project-home.ts';
import type { CliRun } from './run-cli.ts';
import { treeHash } from './tree-hash.ts';
import { treeState } from './tree-state.ts';

const stages = homesteads();
let home: ProjectHome;
afterAll(() => stages.remove());

const LONG = 180_000;
const status = (): Promise<StatusDocument> => home.json<StatusDocument>('status');

describe('homestead', () => {
  it(
    'back to the byte and the microsecond, tried on a copy first, taken back itself',
    async () => {
      home = await stages.at('answered');
      const before = treeState(home.root);
      const applied = await home.json<ApplyResult>('apply', '--yes');
      expect(applied.status).toBe('verified');
      // More than one batch, and every kind of change.
      expect(applied.totals.steps).toBeGreaterThan(260);
      const after = treeState(home.root);
      expect(after).not.toEqual(before);
      await home.refused('DSP-NO-TERMINAL', 2, 'rollback');
      await home.refused('DSP-USAGE', 2, 'rollback', '--yes', '--dry-run');

      const untouched = treeHash(home.root);
      const dry = await home.json<ApplyResult>('rollback', '--dry-run');
      expect(treeHash(home.root)).toEqual(untouched);
      const back = await home.json<ApplyResult>('rollback', '--yes');
      expect(treeState(home.root)).toEqual(before);
      for (const one of [dry, back]) expectFits('rollback', one);
      expect(back).toMatchObject({ kind: 'rollback', undoes: [applied.run], changedSince: [], left: [] });
      expect(back.findings).toMatchObject([{ what: 'tree', ok: true }]);
      expect(back.actions.map(({ id, is }) => [id, is])).toEqual(
        applied.actions.filter(({ is }) => is === 'applied').map(({ id }) => [id, 'taken back']),
      );
      expect([dry.changes, dry.totals, dry.actions, dry.run]).toEqual([back.changes, back.totals, back.actions, null]);
      const told = await status();
      expectFits('status', told);
      expect(told.runs.map(({ status: { is, by } }) => [is, by])).toEqual([
        ['applied', null],
        ['rolled back', back.run],
      ]);
      await home.refused('DSP-RUN-UNKNOWN', 2, 'rollback', '--yes');
      await home.refused('DSP-RUN-UNKNOWN', 2, 'verify');

      const again = await home.json<ApplyResult>('rollback', back.run ?? '', '--yes');
      expect(again.undoes).toEqual([back.run]);
      expect(treeState(home.root)).toEqual(after);
      expect((await home.run(['verify'])).code).toBe(0);
    },
    LONG,
  );

  it(
    'what was changed since is kept, named with the command that brings it back, and that command does',
    async () => {
      home = await stages.at('applied');
      appendFileSync(join(home.root, 'scripts/db_status.sh'), '# mine\n');
      const mine = readFileSync(join(home.root, 'scripts/db_status.sh'), 'utf8');
      const { stdout, code } = await home.run(['rollback', '--yes']);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/changed since\n {2}scripts\/db_status\.sh: expected/)]);
      expect(readFileSync(join(home.root, 'scripts/db_status.sh'), 'utf8')).not.toContain('# mine');
      const [, words = ''] = /desprawl (backup restore \S+\s+\S+\s+--to)/.exec(stdout.replace(/\s+/g, ' ')) ?? [];
      const to = join(home.root, '../restored');
      expect((await home.run([...words.split(' '), to])).code).toBe(0);
      expect(readFileSync(join(to, 'scripts/db_status.sh'), 'utf8')).toBe(mine);
    },
    LONG,
  );
});

/** `apply --yes`, and the signal as soon as its first batch begins. Where it was faster, once more on another copy. */
async function stoppedBy(
  signal: NodeJS.Signals,
): Promise<{ readonly done: CliRun; readonly before: readonly string[] }> {
  for (let attempt = 1; ; attempt++) {
    home = await stages.at('answered');
    const before = treeState(home.root);
    const done = await home.run(['apply', '--yes'], {
      signal,
      signalAfter: async () => {
        const runs = join(home.state(), 'runs');
        const journals = (): readonly string[] =>
          existsSync(runs) ? readdirSync(runs).map((run) => join(runs, run, 'journal-0001')) : [];
        const began = (): boolean =>
          journals().some((path) => existsSync(path) && readFileSync(path, 'utf8').includes('"t":"batch"'));
        while (!began()) await new Promise((next) => setTimeout(next, 1));
      },
    });
    if ((await status()).waiting !== null) return { done, before };
    expect(attempt, 'the run was never met in its middle').toBeLessThan(6);
  }
}

describe('a run that was stopped', () => {
  it(
    'killed: status names the exits; finished by --continue; taken back as a whole',
    async () => {
      const { before } = await stoppedBy('SIGKILL');
      const told = await home.run(['status']);
      expect(told.code).toBe(12);
      expect(told.stdout).toMatch(/was interrupted and waits[\s\S]*its process ended without a word/);
      expect(told.stdout).toMatch(/desprawl apply --continue[\s\S]*desprawl rollback/);
      await home.refused('DSP-RUN-INTERRUPTED', 12, 'apply', '--yes');
      await home.refused('DSP-RUN-INTERRUPTED', 12, 'verify');
      const finished = await home.json<ApplyResult>('apply', '--continue');
      expect([finished.status, finished.findings.filter(({ ok }) => !ok)]).toEqual(['verified', []]);
      await home.run(['rollback', '--yes']);
      expect(treeState(home.root)).toEqual(before);
    },
    LONG,
  );

  it(
    'killed: taken back from where it is, tried on a copy first',
    async () => {
      const { before } = await stoppedBy('SIGKILL');
      const untouched = treeHash(home.root);
      expect((await home.run(['rollback', '--dry-run'])).code).toBe(0);
      expect(treeHash(home.root)).toEqual(untouched);
      const back = await home.json<ApplyResult>('rollback', '--yes');
      expect(back.findings).toMatchObject([{ ok: true }]);
      expect(treeState(home.root)).toEqual(before);
      expect((await status()).waiting).toBeNull();
    },
    LONG,
  );

  it(
    'Ctrl-C: ends between two batches, says how far it came, and so does status',
    async () => {
      const { done, before } = await stoppedBy('SIGINT');
      expect(done.code, done.stderr).toBe(130);
      expect(done.stderr.replace(/\s+/g, ' ')).toMatch(
        /Interrupted between two batches: \d+ of \d+ steps are done\. DSP-CANCELLED.*desprawl rollback/,
      );
      const told = await home.run(['status']);
      expect([told.code, told.stdout.replace(/\s+/g, ' ')]).toEqual([12, expect.stringMatching(/\(DSP-CANCELLED\)/)]);
      await home.run(['rollback', '--yes']);
      expect(treeState(home.root)).toEqual(before);
    },
    LONG,
  );
});

describe('refused', () => {
  it(
    'a second desprawl at the same time: both ways, with who it is',
    async () => {
      home = await stages.at('answered');
      const held = join(home.state(), 'held');
      mkdirSync(held, { recursive: true });
      const script = fileURLToPath(new URL('./hold-process.mjs', import.meta.url));
      const other = spawn(process.execPath, [script, held, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        await new Promise<void>((resolve) => {
          other.stdout.on('data', (chunk: Buffer) => chunk.toString().includes('held') && resolve());
        });
        for (const command of [['apply', '--yes'], ['rollback', '--yes'], ['verify']]) {
          expect(await home.refused('DSP-LOCKED', 11, ...command)).toContain(`process ${other.pid}`);
        }
        expect((await home.run(['status'])).stdout).toMatch(/works\s+apply/);
      } finally {
        other.kill();
      }
    },
    LONG,
  );

  it(
    'the state folder is gone: nothing is guessed',
    async () => {
      home = await stages.at('applied');
      rmSync(home.state(), { recursive: true });
      const untouched = treeHash(home.root);
      await home.refused('DSP-RUN-UNKNOWN', 2, 'rollback', '--yes');
      await home.refused('DSP-PLAN-UNLOCKED', 10, 'apply', '--yes');
      expect(treeHash(home.root)).toEqual(untouched);
    },
    LONG,
  );

  it(
    'a plan of another project was never measured here',
    async () => {
      const there = await stages.at('answered');
      const plan = readFileSync(join(there.root, 'desprawl-plan.yaml'));
      home = await stages.at('built');
      const brought = join(home.root, '../plan.yaml');
      writeFileSync(brought, plan);
      expect(await home.refused('DSP-PLAN-UNLOCKED', 10, 'apply', brought, '--yes')).toMatch(/plan --from/);
    },
    LONG,
  );

  it.runIf(process.getuid?.() === 0)(
    'a folder that this user may not write to: named, and nothing is begun',
    async () => {
      home = await stages.at('built');
      const parent = join(home.root, '..');
      const nobody = 65_534;
      for (const folder of [parent, join(parent, '..')]) chmodSync(folder, 0o777);
      for (const name of ['nobody', 'nobody/state', 'nobody/cache']) {
        mkdirSync(join(parent, name));
        chownSync(join(parent, name), nobody, nobody);
      }
      const env = { XDG_STATE_HOME: join(parent, 'nobody/state'), XDG_CACHE_HOME: join(parent, 'nobody/cache') };
      const plan = join(parent, 'nobody/plan.yaml');
      const planned = await home.run(['plan', '--out', plan], { uid: nobody, env });
      expect(planned.code, planned.stderr).toBe(0);
      const untouched = treeHash(home.root);
      const done = await home.run(['apply', plan, '--yes'], { uid: nobody, env });
      expect([done.code, done.stderr.replace(/\s+/g, ' ')]).toEqual([
        2,
        expect.stringMatching(/cannot be written: this user may not \(EACCES\)\. Nothing was begun\. DSP-WRITE-FAILED/),
      ]);
      expect(treeHash(home.root)).toEqual(untouched);
    },
    LONG,
  );
});
