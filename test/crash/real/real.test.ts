/**
 * Real processes, killed with SIGKILL before, in the middle of and after the calls that change something, and while git or a child with
 * SQLite works; then one copy is continued and one taken back. A fixed sample of the kill points; `CRASH=all`: every one.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { agreeReal } from '../kill-points.ts';
import type { Bench } from './bench.ts';
import type { Counted } from './killed-cli.ts';
import { APPLY, CARRY, interrupt, type Laboratory, openLaboratory, type Point, ROLLBACK } from './laboratory.ts';

const all = process.env.CRASH === 'all';
/** `CRASH=wide`: five times as many, and others. */
const wide = process.env.CRASH === 'wide';
const MINUTES = 60_000 * (all ? 240 : wide ? 20 : 4);

let lab: Laboratory;
beforeAll(async () => {
  lab = await openLaboratory();
}, MINUTES);
afterAll(() => lab?.close());

/** Before and after each call, and in the middle of those that have one. */
function killPoints(args: readonly string[], { calls, halves }: Counted): readonly Point[] {
  const has = new Set(halves);
  return Array.from({ length: calls }, (_, i) => i + 1).flatMap((kill) =>
    (['before', 'during', 'after'] as const)
      .filter((when) => when !== 'during' || has.has(kill))
      .map((when) => ({ args, told: { kill, when } })),
  );
}

/** So many of them at equal distances, or all. */
function sample(points: readonly Point[], few: number): readonly Point[] {
  const count = few * (wide ? 5 : 1);
  if (all || points.length <= count) return points;
  const within = wide ? 0.3 : 0.5;
  return Array.from({ length: count }, (_, i) => points[Math.floor(((i + within) * points.length) / count)] as Point);
}

/** Two processes side by side. */
async function each(
  points: readonly Point[],
  work: (bench: Bench, point: Point) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const waiting = [...points];
  const wrong: string[] = [];
  await Promise.all(
    lab.benches.map(async (bench) => {
      for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
        wrong.push(...(await work(bench, point)));
      }
    }),
  );
  return wrong;
}

/** Returns how many were killed. */
async function killedAndRecovered(
  points: readonly Point[],
  must = true,
  goOn: Laboratory['bothWays'] = (bench, what) => lab.bothWays(bench, what),
): Promise<number> {
  let killed = 0;
  const seen = new Set<string>();
  const wrong = await each(points, async (bench, point) => {
    const what = JSON.stringify(point);
    if (!(await interrupt(bench, point))) return must ? [`${what}: nobody was killed`] : [];
    killed++;
    seen.add(bench.shape());
    return goOn(bench, what);
  });
  expect(wrong).toEqual([]);
  // Before a call is the same as after the one before it, and an fsync changes nothing that can be seen.
  expect(seen.size).toBeGreaterThanOrEqual(killed / (all ? 8 : 2));
  return killed;
}

it('as many kill points as are written down', () => {
  const count = (args: readonly string[], of: Counted): number => killPoints(args, of).length;
  agreeReal({
    apply: count(APPLY, lab.apply),
    rollback: count(ROLLBACK, lab.rollback),
    carry: count(CARRY, lab.carry),
    git: lab.apply.git,
    requests: lab.apply.requests,
  });
});

it('applying, killed at its calls', { timeout: MINUTES }, async () => {
  await killedAndRecovered(sample(killPoints(APPLY, lab.apply), 6));
});

it('rolling back, killed at its calls', { timeout: MINUTES }, async () => {
  await killedAndRecovered(sample(killPoints(ROLLBACK, lab.rollback), 3));
});

it('rolling back with rows that were written since, killed at its calls and while a child carries them', {
  timeout: MINUTES,
}, async () => {
  const goOn: Laboratory['carriedOn'] = (bench, what) => lab.carriedOn(bench, what);
  await killedAndRecovered(sample(killPoints(CARRY, lab.carry), 2), true, goOn);
  const points = Array.from({ length: lab.carry.requests }, (_, i) => ({ args: CARRY, told: { child: i + 1 } }));
  expect(await killedAndRecovered(sample(points, 1), false, goOn)).toBeGreaterThan(0);
});

it('killed while git works on an index', { timeout: MINUTES }, async () => {
  const points = Array.from({ length: lab.apply.git }, (_, i) => ({ args: APPLY, git: i + 1 }));
  await killedAndRecovered(sample(points, 2));
});

it('killed while a child works with SQLite', { timeout: MINUTES }, async () => {
  const points = Array.from({ length: lab.apply.requests }, (_, i) => ({ args: APPLY, told: { child: i + 1 } }));
  // How many requests there are depends on what is remembered of stores.
  expect(await killedAndRecovered(sample(points, 2), false)).toBeGreaterThan(0);
});

it('a disk that is full, broken or read-only: an error with a code, and both ways are open', {
  timeout: MINUTES,
}, async () => {
  const codes = ['ENOSPC', 'EIO', 'EACCES', 'EROFS'] as const;
  const points = Array.from({ length: lab.apply.calls }, (_, i): Point => {
    const code = codes[i % codes.length] ?? 'EIO';
    return { args: APPLY, told: { fail: { k: i + 1, code, lasts: i % 3 === 0, how: i % 2 === 0 ? 'whole' : 'half' } } };
  });
  const wrong = await each(sample(points, 2), async (bench, point) => {
    const what = JSON.stringify(point);
    bench.bring('planned');
    const { code, said } = await bench.run(point.args, point.told);
    if (code !== 0 && !/\bDSP-[A-Z-]+\b/.test(said)) return [`${what}: no error of ours: ${said}`];
    return lab.bothWays(bench, what);
  });
  expect(wrong).toEqual([]);
});
