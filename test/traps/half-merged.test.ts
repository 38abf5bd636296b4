/** Real processes, killed with SIGKILL while they apply a merge; then the same command again, as a person would. */
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, openBench } from '../crash/real/bench.ts';
import { type BundledCli, bundleCli } from '../crash/real/bundle-cli.ts';
import type { Counted, Told } from '../crash/real/killed-cli.ts';
import { settleTimes } from '../projects/fixture-project.ts';
import { project } from '../projects/half-merged.ts';

/** Visits have no key: what is brought in twice is there twice. */
const PLAN = `version: 1
plan: project-0001
decisions: []
actions:
  - merge: data/hub.db
    from: [data/gate.db]
    id: merge-hub
    tables:
      users: { identity: [email] }
      visits: { identity: none, references: [user_id -> users.id] }
    reason: one list of visits
  - archive: data/gate.db
    id: archive-data-gate-db
    after: [merge-hub]
    reason: its rows are in data/hub.db
`;
const APPLY = ['apply', '--yes'];
const VISITS =
  'SELECT u.email, v.at, count(*) FROM visits v JOIN users u ON u.id = v.user_id GROUP BY 1, 2 ORDER BY 1, 2';

let cli: BundledCli;
let bench: Bench;
let merged: readonly string[];
let counted: Counted;
let copies = 0;

beforeAll(async () => {
  cli = await bundleCli();
  bench = openBench(cli.program);
  await project.build(bench.root);
  settleTimes(bench.root);
  const plan = join(bench.root, 'desprawl-plan.yaml');
  writeFileSync(plan, PLAN);
  await bench.good(['plan', '--from', plan]);
  bench.keep('planned');
  const wanted = [...rows('hub'), ...rows('gate')].sort();
  counted = await bench.count(APPLY);
  merged = rows('hub');
  // One person was in both, and came on other days.
  expect(merged).toEqual(wanted);
});
afterAll(() => {
  bench?.close();
  cli?.remove();
});

/** Of a copy: this process must not have the store open. */
function rows(store: string): readonly string[] {
  const copy = join(bench.beside, `${store}-${copies++}.db`);
  copyFileSync(join(bench.root, `data/${store}.db`), copy);
  const db = new DatabaseSync(copy, { readOnly: true });
  try {
    return db
      .prepare(VISITS)
      .all()
      .map((row) => Object.values(row).join(' '));
  } finally {
    db.close();
  }
}

async function killed(told: Told): Promise<boolean> {
  bench.bring('planned');
  const { signal } = await bench.run(APPLY, told);
  return signal === 'SIGKILL';
}

it('R13: run again, a half-done merge is not begun again: it says what waits, and continued it is there once', async () => {
  let waited = 0;
  for (const share of [0.83, 0.86]) {
    expect(await killed({ kill: Math.floor(counted.calls * share), when: 'after' })).toBe(true);
    const isWaiting = bench.runs().waiting !== null;
    const again = await bench.run(APPLY);
    if (isWaiting) {
      waited++;
      expect(again.code, again.said).toBe(12);
      expect(again.said).toMatch(/was interrupted after \d+ of \d+ steps/);
      expect(again.said).toMatch(/apply --continue[\s\S]*rollback/);
      await bench.good(['apply', '--continue']);
    } else expect(again.code, again.said).toBe(0);
    expect(rows('hub'), `killed at ${share}`).toEqual(merged);
  }
  expect(waited).toBeGreaterThan(0);
});

it('R13: run again, a merge that is done says so and changes nothing', async () => {
  const tree = bench.tree();
  const again = await bench.run(APPLY);
  expect([again.code, again.said]).toEqual([0, expect.stringMatching(/already so +merge-hub/)]);
  expect(bench.tree()).toEqual(tree);
});

it('R13: killed while a child makes the merged file, nothing has begun, and the next run does it once', async () => {
  expect(await killed({ child: counted.requests - 1 })).toBe(true);
  expect(bench.runs().waiting).toBeNull();
  await bench.good(APPLY);
  expect(rows('hub')).toEqual(merged);
});
