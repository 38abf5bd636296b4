/** What an action that follows a merge means: which columns hold whose ids, as its decisions are answered, and what would come of it. */
import { count } from '../audit/wording.ts';
import type { FollowedRows, StagedFollowed } from '../merge/follow/model.ts';
import { ASK, type FollowedColumn, readFollowed, writeFollowed } from '../merge/follow/words.ts';
import { decisionId, topicOf } from '../merge/propose/topics.ts';
import { NOBODY } from '../merge/reference-words.ts';
import type { DraftMerge } from './compile/draft.ts';
import type { FollowAsked } from './follow-port.ts';
import type { Measured } from './measured.ts';
import type { Follow, Plan } from './model.ts';

/** Whose ids a column holds. */
export function idsDecision(of: string, store: string, { table, reference }: FollowedColumn): string {
  return decisionId(of, topicOf(table, reference.columns[0] ?? '', 'ids', store));
}

/** `null`: nothing is to follow, as it was answered. */
export async function followMeant(
  action: Follow,
  merge: Pick<DraftMerge, 'target' | 'spec' | 'ancestors'>,
  plan: Pick<Plan, 'decisions'>,
  on: Pick<Measured, 'following'>,
): Promise<{ readonly asked: FollowAsked; readonly tried: StagedFollowed } | { readonly why: string } | null> {
  const columns: FollowedColumn[] = [];
  for (const text of action.ids) {
    const column = readFollowed(text);
    if (column === null)
      return {
        why: `"${text}" does not say whose ids a column holds: \`jobs: user_id -> users.id ids of data/auth.db\``,
      };
    const of = column.of === ASK ? answerTo(idsDecision(action.of, action.subject, column), plan) : column.of;
    if (of === null) return { why: `whose ids ${column.table}.${column.reference.columns[0]} holds is not said` };
    // Rows of the target keep their ids.
    if (of !== NOBODY && of !== merge.target) columns.push({ ...column, of });
  }
  if (columns.length === 0) return null;
  if (on.following === undefined) return { why: 'nothing here can follow a merge' };
  const { target, spec, ancestors } = merge;
  const sorted = columns.sort((x, y) => (writeFollowed(x) < writeFollowed(y) ? -1 : 1));
  const asked = { merge: { target, spec, ancestors }, of: action.of, store: action.subject, columns: sorted };
  return { asked, tried: await on.following.tryOut(asked) };
}

function answerTo(decision: string, { decisions }: Pick<Plan, 'decisions'>): string | null {
  return decisions.find(({ id }) => id === decision)?.chosen ?? null;
}

/** `jobs.user_id: 3 rows follow; 1 id of a row that stays out` */
export function followedInWords({ table, column, rows, retained, strangers }: FollowedRows): string {
  const more = [
    ...(retained === 0
      ? []
      : [
          `${count(retained, 'id')} of rows that stay out ${retained === 1 ? 'stays' : 'stay'} as ${retained === 1 ? 'it is' : 'they are'}`,
        ]),
    ...(strangers === 0
      ? []
      : [
          `${count(strangers, 'id')} that ${strangers === 1 ? 'meant' : 'mean'} nobody there will mean a row of the merged store`,
        ]),
  ];
  return `${table}.${column}: ${count(rows, 'row')}${more.map((one) => `; ${one}`).join('')}`;
}
