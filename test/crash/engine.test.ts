/** Power cuts at the calls of the engine, for each kind of step, on the way there and on the way back. `CRASH=all`: at every one. */
import { describe, expect, it } from 'vitest';
import { type CampaignOptions, campaign } from './campaign.ts';
import { agreeSimulated } from './kill-points.ts';
import { EVERYTHING_AT_ONCE, SCENARIOS, type Scenario } from './scenarios.ts';

const all = process.env.CRASH === 'all';
const MINUTES = 60_000 * (all ? 60 : 2);

/** Returns at how many calls the power can go. */
async function everyCut(scenario: Scenario, options: CampaignOptions): Promise<number> {
  const result = await campaign(scenario, all ? { ...options, stride: 1, seeds: 8 } : options);
  expect(result.wrong.slice(0, 5)).toEqual([]);
  // One that saw the same disk again and again would prove little.
  expect(result.states).toBeGreaterThan(result.cuts / 2);
  return result.points;
}

describe('after every power cut, forward and back', () => {
  it.each(SCENARIOS)('$name', { timeout: MINUTES }, async (scenario) => {
    const apply = await everyCut(scenario, { of: 'continue', stride: 2 });
    const rollback = await everyCut(scenario, { of: 'roll back', stride: 4 });
    agreeSimulated(scenario.name, { apply, rollback });
  });

  it('all kinds of steps at once', { timeout: MINUTES }, async () => {
    const apply = await everyCut(EVERYTHING_AT_ONCE, { of: 'continue', stride: 2 });
    const rollback = await everyCut(EVERYTHING_AT_ONCE, { of: 'roll back', stride: 3 });
    agreeSimulated(EVERYTHING_AT_ONCE.name, { apply, rollback });
  });
});
