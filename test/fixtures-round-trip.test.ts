/**
 * Every fixture: whatever a plan proposes for it is applied and taken back, and then the project is what it was: bytes, permissions, times to
 * the microsecond, git's answers. In one process, but for the children that open stores.
 */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../src/apply/apply.ts';
import { look, type ProjectGround } from '../src/apply/ground.ts';
import { planAgain, planProject } from '../src/apply/plan-project.ts';
import { prepareApply } from '../src/apply/prepare-apply.ts';
import { withState } from '../src/apply/with-state.ts';
import { DEFAULT_CONFIG } from '../src/config/config.ts';
import { realDisk } from '../src/disk/real-disk.ts';
import { DesprawlError } from '../src/errors.ts';
import type { Plan } from '../src/plan/model.ts';
import { withProposals } from '../src/plan/what-applies.ts';
import { chooseRuns } from '../src/rollback/choose-runs.ts';
import { rollback } from '../src/rollback/rollback.ts';
import { processIdentity } from '../src/state/processes.ts';
import { stateFolder } from '../src/state/state-folder.ts';
import { type FixtureProject, settleTimes } from './projects/fixture-project.ts';
import { treeState } from './tree-state.ts';

const folder = fileURLToPath(new URL('./projects/', import.meta.url));
/** These make fixtures and are none. */
const NO_FIXTURES = new Set([
  'fixture-project.ts',
  'fixtures.test.ts',
  'make-repository.ts',
  'make-store.ts',
  'people.ts',
  'write-file.ts',
]);
const NAMES = readdirSync(folder).filter((name) => !NO_FIXTURES.has(name));
const RATES = { read: 1e9, write: 1e8, fsync: 1e-3, edit: 1e-4 };

let parent: string;
beforeAll(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'round-trip-')));
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

function groundOf(root: string): ProjectGround {
  return {
    disk: realDisk,
    root,
    real: root,
    state: stateFolder(realDisk, { stateDir: join(parent, 'state'), root }),
    config: { ...DEFAULT_CONFIG, version: 1 },
    tool: '0',
    command: 'test',
    identity: processIdentity(),
    env: process.env,
    scratchDir: parent,
    cacheDir: null,
    now: () => Date.now(),
    random: (digits) =>
      Math.floor(Math.random() * 16 ** digits)
        .toString(16)
        .padStart(digits, '0'),
  };
}

/** Where nothing is proposed, the first choice: it is the one that does something. */
function decided(plan: Plan): Plan {
  const { decisions } = withProposals(plan);
  return {
    ...plan,
    decisions: decisions.map((one) => ({ ...one, chosen: one.chosen ?? Object.keys(one.choices)[0] ?? null })),
  };
}

/** Returns how many steps there were. */
async function thereAndBack(root: string): Promise<number> {
  const ground = groundOf(root);
  const audit = await look(ground);
  const request = {
    audit,
    config: ground.config,
    disk: realDisk,
    rates: RATES,
    cacheDir: null,
    policy: {},
    from: null,
  };
  const proposed = await planProject({ ...request, id: 'kiosk-0000' });
  const { plan, lock } = await planAgain(decided(proposed.plan), proposed.measured, RATES);
  const before = treeState(root);
  const steps = await withState(ground, async (known) => {
    try {
      const prepared = await prepareApply(ground, { plan, name: 'plan', lock, runs: known.runs, phase: null });
      const done = await apply(ground, { prepared, planText: '', known, consent: false, dryRun: false });
      // What a plan does, it proves: no fixture is left worse.
      expect(done.findings.filter(({ ok }) => !ok)).toEqual([]);
      return done.totals.steps;
    } catch (error) {
      // All that could be done waits for somebody, or there is nothing.
      if (error instanceof DesprawlError && error.code === 'DSP-PLAN-UNDECIDED') return 0;
      throw error;
    }
  });
  if (steps === 0) return 0;
  expect(treeState(root)).not.toEqual(before);
  const back = await withState(ground, (known) =>
    rollback(ground, { chosen: chooseRuns(known, null, false), known, later: 'refuse', dryRun: false }),
  );
  expect(treeState(root)).toEqual(before);
  expect(back).toMatchObject({ changedSince: [], left: [], notVerified: [], findings: [{ ok: true }] });
  return steps;
}

describe('there and back', () => {
  const done = new Map<string, number>();

  it.each(NAMES)('%s', async (name) => {
    const { project } = (await import(join(folder, name))) as { readonly project: FixtureProject };
    const root = join(parent, name.replace(/\.ts$/, ''), 'kiosk');
    mkdirSync(root, { recursive: true });
    await project.build(root);
    settleTimes(root);
    done.set(name, await thereAndBack(root));
  });

  it('most of them yield something to do', () => {
    expect([...done.values()].filter((steps) => steps > 0).length).toBeGreaterThan(NAMES.length / 3);
  });
});
