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

export function decisionOf(merge: string, asked: MergeQuestion): Decision {
  const { topic, question, evidence, choices, proposal, onlyWith = [] } = asked;
  const when = onlyWith.map((one) => `${decisionId(merge, one.topic)} is answered with ${one.choice}`).join(' or ');
  return {
    id: decisionId(merge, topic),
    question: when === '' ? question : `${question} (It counts only where ${when}.)`,
    evidence,
    choices,
    proposal,
    chosen: null,
  };
}
