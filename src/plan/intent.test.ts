import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAN_TEXT } from '../../test/plan/plan-text.ts';
import { randomPlan } from '../../test/plan/random-plan.ts';
import { intentOf, planHash } from './intent.ts';
import type { Plan } from './model.ts';
import { readPlan } from './read-plan.ts';
import { writePlan } from './write-plan.ts';

const hash = (text: string): string => planHash(readPlan(text, 'p.yaml'));
const HASH = hash(PLAN_TEXT);
const changed = (from: string, to: string): string => {
  expect(PLAN_TEXT).toContain(from);
  return hash(PLAN_TEXT.replace(from, to));
};

describe('the hash of a plan', () => {
  it.each([
    ['comments', '# Ours: done by Ada and Ben.', '# Theirs.'],
    ['quotes', '"services/hub.db"', "'services/hub.db'"],
    ['reason', 'reason: 0 bytes', 'reason: it is empty'],
    ['owner', 'owner: ada', 'owner: ben'],
    ['due', 'due: 2026-12-01', 'due: 2027-01-01'],
    ['what is generated', 'takes: 0.2 s', 'takes: 9 s'],
    ['risk', 'risk: low ', 'risk: high '],
    ['a count', 'files: 13', 'files: 12'],
    ['question and evidence', 'question: Which one', 'question: Which'],
    [
      'what is said by leaving it out',
      'phase: 2\n    owner: ada',
      'phase: 2\n    skip: false\n    docs: false\n    owner: ada',
    ],
  ])('does not change with %s', (_, from, to) => expect(changed(from, to)).toBe(HASH));

  it.each([
    ['an answer', 'chosen:  ', 'chosen: root  '],
    ['skip', 'skip: true', 'skip: false'],
    ['phase', 'phase: 2', 'phase: 3'],
    ['after', 'after: [archive-backups]', 'after: []'],
    ['docs', 'phase: 2', 'phase: 2\n    docs: true'],
    ['files that are named', 'files: 13', 'files: [a]'],
    ['what stays', 'except: [backups/hub-2.db]', 'except: [backups/hub-3.db]'],
    ['the subject', 'archive: backups/hub-*.db', 'archive: backups/*.db'],
    ['the kind', 'remove: "services', 'archive: "services'],
    ['to', 'files: 13', 'to: old/'],
    ['checks', 'checks: [tests]', 'checks: [tests, health]'],
    ['policy', 'version: 1', 'version: 1\npolicy: { keep: [x] }'],
    ['the plan', 'plan: kiosk-7c1e', 'plan: kiosk-7c1f'],
  ])('changes with %s', (_, from, to) => expect(changed(from, to)).not.toBe(HASH));

  it('X: does not change with order', () => {
    fc.assert(
      fc.property(randomPlan, (plan) => {
        const turned: Plan = {
          ...plan,
          actions: plan.actions.toReversed(),
          decisions: plan.decisions.toReversed(),
          checks: plan.checks.toReversed(),
        };
        expect(planHash(turned)).toBe(planHash(plan));
        expect(hash(writePlan(turned, 'x'))).toBe(planHash(plan));
      }),
      { numRuns: 100 },
    );
  });
});

it('the intent of an action changes with the answers that it needs, and with no others', () => {
  const of = (text: string, n: number): string => {
    const plan = readPlan(text, 'p.yaml');
    return intentOf(plan.actions[n] as Plan['actions'][number], plan);
  };
  const answered = PLAN_TEXT.replace('chosen: note', 'chosen: leave');
  expect(of(answered, 2)).not.toBe(of(PLAN_TEXT, 2));
  expect(of(answered, 0)).toBe(of(PLAN_TEXT, 0));
});
