/** Ids in stores that stay apart follow the rows of a merge, once somebody said whose ids they are (trap R19). */
import type { Follower } from '../followers.ts';
import { followQuestions } from './follow-questions.ts';
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
  const asked = followQuestions({ store, target, columns }, of);
  const action = propose('follow', store, {
    of,
    ids: columns.map(({ text }) => text),
    rows: [],
    after: [of],
    needs: asked.map(({ need }) => need),
    reason: `it stays apart and holds ids of rows that get other ones in ${target}`,
    finding: null,
    risk: 'high',
    risks: ['rows written to it after the run come back as decided then (desprawl rollback --later)'],
  });
  return { actions: [action], decisions: asked.map(({ decision }) => decision), left: [] };
}
