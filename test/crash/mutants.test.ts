/** Tests that cannot fail prove nothing: each planted bug is found by the campaigns that find none without it. */
import { expect, it } from 'vitest';
import { campaign } from './campaign.ts';
import { MUTANTS } from './mutants.ts';
import { EVERYTHING_AT_ONCE, SCENARIOS } from './scenarios.ts';

it.each(MUTANTS)('found: $name', { timeout: 120_000 }, async ({ disk }) => {
  for (const stride of [7, 1]) {
    for (const scenario of [EVERYTHING_AT_ONCE, ...SCENARIOS]) {
      for (const of of ['continue', 'roll back'] as const) {
        const { wrong } = await campaign(scenario, { of, stride, mutant: disk, untilWrong: true });
        if (wrong.length > 0) return;
      }
    }
  }
  expect.fail('nothing was found');
});
