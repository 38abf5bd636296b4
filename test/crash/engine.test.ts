/** Power cuts at the calls of the engine, for each kind of step, on the way there and on the way back. `CRASH=all`: at every one. */
import { expect, it } from 'vitest';
import { type CampaignOptions, type CampaignResult, campaign } from './campaign.ts';
import { EVERYTHING_AT_ONCE, SCENARIOS, type Scenario } from './scenarios.ts';

const all = process.env.CRASH === 'all';
const MINUTES = 60_000 * (all ? 60 : 2);

async function everyCut(scenario: Scenario, options: CampaignOptions): Promise<CampaignResult> {
  const result = await campaign(scenario, all ? { ...options, stride: 1, seeds: 20 } : options);
  expect(result.wrong.slice(0, 5)).toEqual([]);
  // One that saw the same disk again and again would prove little.
  expect(result.states).toBeGreaterThan(result.cuts / 2);
  console.log(scenario.name, options.of, { ...result, wrong: 0 });
  return result;
}

it.each(SCENARIOS)('$name: after every power cut forward and back', { timeout: MINUTES }, async (scenario) => {
  await everyCut(scenario, { stride: 2 });
});

it.each(SCENARIOS)('$name: taken back, and cut on the way', { timeout: MINUTES }, async (scenario) => {
  await everyCut(scenario, { of: 'roll back', stride: 4 });
});

it.each(['continue', 'roll back'] as const)('all at once, cut in: %s', { timeout: MINUTES }, async (of) => {
  await everyCut(EVERYTHING_AT_ONCE, { of, stride: of === 'continue' ? 1 : 2 });
});
