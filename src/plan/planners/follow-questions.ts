/** Whose ids a store that stays apart holds: asked of each column before the merge that moves their rows. */
import { count } from '../../audit/wording.ts';
import { readFollowed } from '../../merge/follow/words.ts';
import { NOBODY } from '../../merge/reference-words.ts';
import { idsDecision } from '../follow-meant.ts';
import type { Follower, HeldIds } from '../followers.ts';
import type { Decision, Need } from '../model.ts';

export interface AskedIds {
  readonly decision: Decision;
  /** With what else is answered, ids would come to mean other rows than was said. */
  readonly need: Need;
}

/** `of`: the action that merges. */
export function followQuestions({ store, target, columns }: Follower, of: string): readonly AskedIds[] {
  return columns.flatMap((one) => askedOf(one, store, target, of));
}

function askedOf(
  { text, table, column, to, rows, owners }: HeldIds,
  store: string,
  target: string,
  of: string,
): readonly AskedIds[] {
  const said = readFollowed(text);
  if (said === null) return [];
  const most = Math.max(...owners.map(({ found }) => found));
  const [best, ...others] = owners.filter(({ found }) => found === most);
  const decision: Decision = {
    id: idsDecision(of, store, said),
    question: `${column} of ${table} in ${store}, which stays apart, holds ids of ${to}. Whose are they?`,
    evidence: owners.map(({ path, found }) => `${path} has ${found} of ${count(rows, 'value')}`),
    choices: {
      ...Object.fromEntries(owners.map((one) => [one.path, choiceText(one, target)])),
      [NOBODY]: 'they stay as they are, and may come to mean other rows',
    },
    // Numbers that are ids of several stores tell nothing of whose they are.
    proposal: best === undefined || others.length > 0 || best.cannot !== null ? null : best.path,
    chosen: null,
  };
  const goes = Object.keys(decision.choices).filter((one) =>
    owners.every(({ path, cannot }) => path !== one || cannot === null),
  );
  return [{ decision, need: { decision: decision.id, choices: goes } }];
}

function choiceText({ path, changed, cannot }: HeldIds['owners'][number], target: string): string {
  if (path === target) return `they are ids of ${path}, and stay as they are`;
  if (cannot !== null) return `they cannot follow the rows of ${path} (${cannot}): these stay where they are, too`;
  return `they follow the rows of ${path} into ${target}: ${count(changed, 'row')}`;
}
