/**
 * What a plan means, apart from how it is written: comments, order, quotes, reasons, owners and everything generated leave its hash
 * alone; every edit that has an effect changes it. `docs/plan-file.md`, "What may be edited".
 */
import { typeOf } from './actions/index.ts';
import { digest, type Json } from './digest.ts';
import { ACTION_KEYS } from './keys.ts';
import { meantTables } from './merge-tables.ts';
import type { Action, Plan } from './model.ts';

/** SHA-256, hex. */
export function planHash(plan: Plan): string {
  const policy: Record<string, Json> = {};
  for (const [key, value] of Object.entries(plan.policy))
    policy[key] = Array.isArray(value) ? [...value].sort() : value;
  return digest('desprawl plan 1\n', {
    plan: plan.plan,
    policy,
    checks: [...plan.checks].sort(),
    measures: [...plan.measures].sort(),
    decisions: sorted(plan.decisions).map(({ id, chosen }) => ({ decision: id, chosen })),
    actions: sorted(plan.actions).map((action) => ({ id: action.id, ...part(action) })),
  });
}

/** Of one action with the answers that it needs. */
export function intentOf(action: Action, plan: Plan): string {
  const answers = action.needs.map(({ decision }) => ({
    decision,
    chosen: plan.decisions.find(({ id }) => id === decision)?.chosen ?? null,
  }));
  return digest('desprawl action 1\n', {
    id: action.id,
    ...part(action),
    answers: sortedBy(answers, (one) => one.decision),
  });
}

/** Of a question and its choices: asked again where one of them changed. */
export function questionHash(question: string): string {
  return digest('desprawl question 1\n', question);
}

/** Kind, subject and every key that has an effect; what is left out is what it means to leave it out. */
function part(action: Action): Record<string, Json> {
  const found: Record<string, Json> = { kind: action.kind, subject: action.subject };
  for (const { name, type, as } of [...typeOf(action).keys, ...ACTION_KEYS]) {
    if (as !== 'effect') continue;
    if (type === 'merge-tables') {
      found[name] = action.kind === 'merge' ? meantTables(action.tables) : null;
      continue;
    }
    const value = (action as unknown as Record<string, Json | undefined>)[name] ?? null;
    // A number of files is a count that was made, not one that was asked for.
    if (name === 'files') found[name] = Array.isArray(value) ? [...value].sort() : null;
    else found[name] = Array.isArray(value) ? [...value].sort() : value;
  }
  return found;
}

function sorted<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  return sortedBy(all, ({ id }) => id);
}

function sortedBy<T>(all: readonly T[], key: (one: T) => string): readonly T[] {
  return [...all].sort((x, y) => (key(x) < key(y) ? -1 : key(x) > key(y) ? 1 : 0));
}
