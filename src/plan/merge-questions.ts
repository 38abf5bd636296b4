/** What is asked of a merge, as decisions of its plan. */
import type { MergeQuestion } from '../merge/propose/model.ts';
import { decisionId } from '../merge/propose/topics.ts';
import type { Decision, Need } from './model.ts';

export function needsOf(merge: string, questions: readonly MergeQuestion[]): readonly Need[] {
  return questions.map(({ topic, goes, choices }) => ({
    decision: decisionId(merge, topic),
    choices: Object.keys(choices).filter((one) => goes.includes(one)),
  }));
}

export function decisionOf(merge: string, { topic, question, evidence, choices, proposal }: MergeQuestion): Decision {
  return { id: decisionId(merge, topic), question, evidence, choices, proposal, chosen: null };
}
