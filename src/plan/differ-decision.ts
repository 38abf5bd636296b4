/** The decision that says what wins in a column, where the plan itself leaves it to one. */
import { decisionId, topicOf } from '../merge/propose/topics.ts';
import type { Decision, Plan } from './model.ts';

/** `null`: the plan says it, or says nothing of the column. */
export function differDecision(
  { actions, decisions }: Pick<Plan, 'actions' | 'decisions'>,
  id: string,
  table: string,
  column: string,
): Decision | null {
  const action = actions.find((one) => one.id === id);
  if (action?.kind !== 'merge') return null;
  if (action.tables.find((one) => one.table === table)?.differ[column] !== 'ask') return null;
  const topics = ['credentials', 'differ'].map((topic) => decisionId(id, topicOf(table, topic)));
  const asked = decisions.filter((one) => topics.includes(one.id));
  // Credentials are a question of their own: where there are both, each names its columns.
  return (
    asked.find(({ evidence }) => evidence.some((one) => one.startsWith(`${table}.${column}: `))) ?? asked.at(-1) ?? null
  );
}
