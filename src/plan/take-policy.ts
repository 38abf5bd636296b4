/** Says in a plan what wins in one column, whatever its questions say of the others. */
import type { Policy } from '../merge/model.ts';
import { PLAIN_TABLE } from '../merge/settings.ts';
import { differDecision } from './differ-decision.ts';
import type { Merge, Plan } from './model.ts';

export interface PolicyWish {
  readonly table: string;
  readonly column: string;
  readonly policy: Policy;
}

const WORDS = /^(?<table>.+)\.(?<column>.+?) by (?<policy>target|source|newest|complete)$/s;

/** `users.phone by newest`. `null`: it is not of this form. */
export function readPolicyWish(text: string): PolicyWish | null {
  const found = WORDS.exec(text.trim())?.groups;
  if (found === undefined) return null;
  return { table: found.table ?? '', column: found.column ?? '', policy: found.policy as Policy };
}

/** `action`: of those that merge. `why`: the plan has no place for it. */
export function withPolicy(
  plan: Plan,
  action: Merge,
  { table, column, policy }: PolicyWish,
): { readonly plan: Plan } | { readonly why: string } {
  const isTable = (one: { readonly table: string }): boolean => one.table.toLowerCase() === table.toLowerCase();
  const said = action.tables.find(isTable) ?? { ...PLAIN_TABLE, table };
  const known = Object.keys(said.differ).find((name) => name.toLowerCase() === column.toLowerCase()) ?? column;
  if (policy === 'newest' && said.newest === null)
    return {
      why: `which column of ${table} has the time is not said: name it at \`newest:\` of the table, in the plan`,
    };
  const settled = { ...said, differ: { ...said.differ, [known]: policy } };
  const tables = [...action.tables.filter((one) => !isTable(one)), settled].sort((x, y) =>
    x.table < y.table ? -1 : 1,
  );
  const actions = plan.actions.map((one) => (one.id === action.id ? { ...action, tables } : one));
  const asked = differDecision(plan, action.id, said.table, known);
  const isMoot =
    asked !== null &&
    !Object.entries(settled.differ).some(
      ([other, one]) => one === 'ask' && differDecision(plan, action.id, said.table, other)?.id === asked.id,
    );
  // With nothing left to ask, the answer has no effect: the question would hold the merge for nothing.
  const answer =
    asked !== null && asked.choices[policy] !== undefined
      ? policy
      : (asked?.proposal ?? Object.keys(asked?.choices ?? {})[0]);
  const decisions = plan.decisions.map((one) =>
    isMoot && one.id === asked?.id && one.chosen === null ? { ...one, chosen: answer ?? null } : one,
  );
  return { plan: { ...plan, actions, decisions } };
}
