/** `docs/journal.md` states the kill points that were counted. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { killPoints } from './kill-points.ts';
import { EVERYTHING_AT_ONCE, SCENARIOS } from './scenarios.ts';

const doc = readFileSync(new URL('../../docs/journal.md', import.meta.url), 'utf8');

it('every scenario, with its numbers', () => {
  const { simulated } = killPoints();
  expect(Object.keys(simulated).sort()).toEqual([...SCENARIOS, EVERYTHING_AT_ONCE].map(({ name }) => name).sort());
  for (const [name, { apply, rollback }] of Object.entries(simulated)) {
    expect(doc).toContain(`| ${name} | ${apply} | ${rollback} |`);
  }
});

it('real processes', () => {
  const { apply, rollback, carry, git, requests } = killPoints().real;
  expect(doc).toContain(
    `${apply} kill points in \`apply\`, ${rollback} in \`rollback\`, ${carry} in a rollback that carries`,
  );
  expect(doc).toMatch(new RegExp(`each of the ${git} commands of git .*after each of the ${requests} requests`, 's'));
});
