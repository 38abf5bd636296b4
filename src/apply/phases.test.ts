import { expect, it } from 'vitest';
import type { RunStatus } from './model.ts';
import { type PhaseRun, phaseToApply } from './phases.ts';

const run = (phase: number, is: RunStatus['is'], plan = 'p', kind: 'apply' | 'rollback' = 'apply'): PhaseRun => ({
  id: `${plan}-${phase}-${is}`,
  header: { kind, plan: { id: plan, hash: '', phase } },
  status: { is },
});
const choose = (toDo: readonly number[], runs: readonly PhaseRun[] = [], asked: number | null = null) =>
  phaseToApply({ plan: 'p', phases: [1, 2, 3], toDo: new Set(toDo), runs, asked });

it('without a wish, the first that has something to do', () => {
  expect(choose([1, 2, 3])).toBe(1);
  expect(choose([2, 3], [run(1, 'verified')])).toBe(2);
  expect(choose([])).toBeNull();
  expect(choose([1], [], 3)).toBeNull();
});

it.each([
  ['not applied', [1, 2], [], /phase 1 is not applied/],
  ['rolled back', [1, 2], [run(1, 'rolled back')], /phase 1 was rolled back/],
  ['not verified', [2], [run(1, 'applied')], /phase 1 is applied and not verified/],
  ['verified by another plan only', [1, 2], [run(1, 'verified', 'other')], /phase 1 is not applied/],
] as const)('a later phase waits while the earlier one is %s', (_name, toDo, runs, why) => {
  expect(() => choose(toDo, runs, 2)).toThrow(
    expect.objectContaining({ code: 'DSP-PHASE-LOCKED', message: expect.stringMatching(why) }),
  );
});

it('what was rolled back once and applied again is in force; a phase with nothing to do waits for nobody', () => {
  expect(choose([2], [run(1, 'verified'), run(1, 'rolled back')], 2)).toBe(2);
  expect(choose([3], [], 3)).toBe(3);
});

it('a phase that the plan has not', () => {
  expect(() => choose([1], [], 7)).toThrow(expect.objectContaining({ code: 'DSP-USAGE' }));
});
