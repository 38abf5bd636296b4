/** A disk one call of which fails, or all from then on: the command ends with an error that has a code, and both ways are open. */
import { expect, it } from 'vitest';
import { type Fault, failing } from './failing-disk.ts';
import { expectedOf, problemsOf } from './oracle.ts';
import { EVERYTHING_AT_ONCE, SCENARIOS, type Scenario } from './scenarios.ts';
import { byChance } from './simulated/survival.ts';
import { apply, buildWorld, type Direction, go } from './world.ts';

const all = process.env.CRASH === 'all';
const CODES = ['ENOSPC', 'EIO', 'EACCES', 'EROFS'] as const;
const HOW: readonly Pick<Fault, 'how' | 'lasts'>[] = [
  {},
  { how: 'half' },
  { lasts: true },
  { how: 'half', lasts: true },
];
const MINUTES = 60_000 * (all ? 60 : 2);

interface Tried {
  readonly points: number;
  readonly failed: number;
  readonly wrong: readonly string[];
}

/** Each fault, then a disk that works again, and on every second one a power cut before it does. */
async function everyFault(
  scenario: Scenario,
  of: Direction,
  faults: (k: number) => readonly Omit<Fault, 'k'>[],
): Promise<Tried> {
  const world = buildWorld(scenario);
  const expected = await expectedOf(world);
  if (of === 'roll back') await apply(world.disk, world);
  const whole = failing(world.disk.fork(), { k: Number.POSITIVE_INFINITY, code: 'EIO' });
  await go(whole.disk, of, world);
  const wrong: string[] = [];
  let failed = 0;
  for (let k = 1; k <= whole.calls(); k++) {
    for (const [i, fault] of faults(k).entries()) {
      const what = `${scenario.name}: ${of}, ${JSON.stringify({ k, ...fault })}`;
      const disk = world.disk.fork();
      const error = await go(failing(disk, { k, ...fault }).disk, of, world).catch((thrown: unknown) => thrown);
      if (error !== undefined) failed++;
      if (error !== undefined && !/^(DSP-|E[A-Z]+$)/.test((error as { code?: string }).code ?? '')) {
        wrong.push(`${what}: ${String(error)}`);
        continue;
      }
      const up = (k + i) % 2 === 0 ? disk : disk.crash(byChance(k * 31 + i));
      for (const direction of ['continue', 'roll back'] as const) {
        const one = up.fork();
        try {
          await go(one, direction, world);
          const [problem] = problemsOf(one, direction, expected, world);
          if (problem !== undefined) wrong.push(`${what}, then ${direction}: ${problem}`);
        } catch (thrown) {
          wrong.push(`${what}, then ${direction}: ${(thrown as Error).message}`);
        }
      }
    }
  }
  return { points: whole.calls(), failed, wrong };
}

/** All of them, or one that changes from call to call. */
function faultsOf(k: number): readonly Omit<Fault, 'k'>[] {
  const every = CODES.flatMap((code) => HOW.map((how) => ({ code, ...how })));
  return all ? every : every.filter((_, i) => i === (k * 7) % every.length);
}

it.each(all ? [...SCENARIOS, EVERYTHING_AT_ONCE] : [EVERYTHING_AT_ONCE])(
  '$name: each call fails, there and back',
  { timeout: MINUTES },
  async (scenario) => {
    for (const of of ['continue', 'roll back'] as const) {
      const { points, failed, wrong } = await everyFault(scenario, of, faultsOf);
      expect(wrong.slice(0, 5)).toEqual([]);
      expect(points).toBeGreaterThan(20);
      // A failure may be without consequence, where something is only taken away; most are not.
      expect(failed).toBeGreaterThan(points / 2);
    }
  },
);

it('short writes are gone on with', { timeout: MINUTES }, async () => {
  const short = (): readonly Omit<Fault, 'k'>[] => [{ code: 'EIO', how: 'short', of: ['write'] }];
  const { points, failed, wrong } = await everyFault(EVERYTHING_AT_ONCE, 'continue', short);
  expect([points > 20, failed, wrong]).toEqual([true, 0, []]);
});
