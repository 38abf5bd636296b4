/** Ids in stores that stay apart follow the rows of a merge, once somebody said whose ids they are (trap R19). */
import { count } from '../../audit/wording.ts';
import { readFollowed } from '../../merge/follow/words.ts';
import { NOBODY } from '../../merge/propose/references.ts';
import { idsDecision } from '../follow-meant.ts';
import type { Follower, HeldIds } from '../followers.ts';
import type { Decision } from '../model.ts';
import { mergeInto } from './merges.ts';
import { type Planning, type Proposal, propose } from './planner.ts';

export function followMerges(on: Planning): Proposal {
  const found = on.merges.followers
    .filter(({ store }) => !on.going.has(store))
    .flatMap((one) => {
      const of = mergeInto(one.target, on);
      return of === null ? [] : [ofStore(one, of)];
    });
  return {
    actions: found.flatMap(({ actions }) => actions),
    decisions: found.flatMap(({ decisions }) => decisions),
    left: [],
  };
}

function ofStore({ store, target, columns }: Follower, of: string): Proposal {
  const decisions = columns.flatMap((one) => askedOf(one, store, target, of));
  const action = propose('follow', store, {
    of,
    ids: columns.map(({ text }) => text),
    rows: [],
    after: [of],
    needs: decisions.map(({ id, choices }) => ({ decision: id, choices: Object.keys(choices) })),
    reason: `it stays apart and holds ids of rows that get other ones in ${target}`,
    finding: null,
    risk: 'high',
    risks: ['rows written to it after the run come back as decided then (desprawl rollback --later)'],
  });
  return { actions: [action], decisions, left: [] };
}

function askedOf(
  { text, table, column, to, rows, owners }: HeldIds,
  store: string,
  target: string,
  of: string,
): readonly Decision[] {
  const said = readFollowed(text);
  if (said === null) return [];
  const most = Math.max(...owners.map(({ found }) => found));
  const best = owners.filter(({ found }) => found === most);
  return [
    {
      id: idsDecision(of, store, said),
      question: `${column} of ${table} in ${store}, which stays apart, holds ids of ${to}. Whose are they?`,
      evidence: owners.map(({ path, found }) => `${path} has ${found} of ${count(rows, 'value')}`),
      choices: {
        ...Object.fromEntries(owners.map(({ path, changed }) => [path, choiceText(path, changed, target)])),
        [NOBODY]: 'they stay as they are, and may come to mean other rows',
      },
      // Numbers that are ids of several stores tell nothing of whose they are.
      proposal: best.length === 1 ? (best[0]?.path ?? null) : null,
      chosen: null,
    },
  ];
}

function choiceText(path: string, changed: number | null, target: string): string {
  if (changed === null) return `they are ids of ${path}, and stay as they are`;
  return `they follow the rows of ${path} into ${target}: ${count(changed, 'row')}`;
}
