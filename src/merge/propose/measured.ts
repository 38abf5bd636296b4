/**
 * A proposal, measured: the engine is run on private copies with the proposed answers, and what it finds sharpens the questions. Where it
 * cannot be run, the counts are those of the stores, and the reason is told.
 */

import { ONLY_IN_SOURCES } from './answers.ts';
import { withCounts, withDeletions, withoutMoot, withTried, withUnsettled } from './counted.ts';
import type { MergeAsked, MergePort, MergeProposal } from './model.ts';
import { type ProposeInput, plainCounts, propose, proposed, specWith } from './propose.ts';
import { topicOf } from './topics.ts';

export interface MeasuredMerge {
  readonly proposal: MergeProposal;
  /** Why it was not tried out; `null`: it was. */
  readonly untried: string | null;
}

/** More rounds would only be needed where each shows columns that the one before did not. */
const ROUNDS = 3;

/** `null`: nothing of any source comes in. */
export async function measuredProposal(port: MergePort, asked: MergeAsked): Promise<MeasuredMerge | null> {
  const input = await port.inputOf(asked);
  let proposal = propose(input);
  for (let round = 0; proposal !== null; round++) {
    const spec = specWith(proposal, withDeletedOut(proposal), input);
    const tried = await port.tryOut({ ...asked, sources: proposal.sources }, spec, proposal.ancestors);
    if ('why' in tried) return { proposal: withPlainCounts(proposal, input), untried: tried.why };
    if (tried.result.unsettled.length > 0 && round < ROUNDS) {
      proposal = withUnsettled(proposal, tried.result);
      continue;
    }
    proposal = withoutMoot(withDeletions(proposal, tried.result), tried.result);
    const final = specWith(proposal, proposed(proposal.questions), input);
    const done = await port.tryOut({ ...asked, sources: proposal.sources }, final, proposal.ancestors);
    if ('why' in done) return { proposal: withPlainCounts(proposal, input), untried: done.why };
    return { proposal: withTried(withCounts(proposal, final, done.result), done), untried: null };
  }
  return null;
}

/** So that the rows in question are counted. */
function withDeletedOut({ tables, questions }: MergeProposal): ReadonlyMap<string, string> {
  const answers = new Map(proposed(questions));
  answers.set(ONLY_IN_SOURCES, 'stays');
  for (const { table, deleted } of tables)
    if (deleted === 'ask' && questions.some(({ topic }) => topic === topicOf(table, 'deleted')))
      answers.set(topicOf(table, 'deleted'), 'stays');
  return answers;
}

function withPlainCounts(proposal: MergeProposal, { facts }: ProposeInput): MergeProposal {
  const target = facts.stores.find(({ path }) => path === proposal.target) ?? null;
  const sources = proposal.sources.flatMap((path) => facts.stores.find((one) => one.path === path) ?? []);
  return {
    ...proposal,
    tables: proposal.tables.map((said) => ({ ...said, rows: plainCounts(said, target, sources) })),
  };
}
