/** What a merge of a plan means: its tables with the answers that it needs, as a specification. */

import type { MergeSpec } from '../merge/model.ts';
import { behind } from '../merge/propose/behind.ts';
import type { Apart, MergeAncestor, MergeAsked } from '../merge/propose/model.ts';
import { ancestorsOf, type ProposeInput, specWith, tablesWith } from '../merge/propose/propose.ts';
import { topicIn } from '../merge/propose/topics.ts';
import type { MergeTable } from '../merge/settings.ts';
import type { Measured } from './measured.ts';
import type { Merge, Plan } from './model.ts';

export interface MergeMeant {
  readonly asked: MergeAsked;
  readonly input: ProposeInput;
  /** As the answers leave them. */
  readonly tables: readonly MergeTable[];
  readonly spec: MergeSpec;
  readonly ancestors: readonly (MergeAncestor | null)[];
  readonly apart: readonly Apart[];
}

/** `proposals`: what is open is answered as it is proposed, or with the first choice. `null`: nobody can say, since nothing merges here. */
export async function mergeMeant(
  action: Merge,
  plan: Pick<Plan, 'decisions'>,
  on: Measured,
  how: { readonly proposals: boolean } = { proposals: false },
): Promise<MergeMeant | null> {
  if (on.merging === undefined) return null;
  const asked = askedBy(action.subject, action.from, on);
  const input = await on.merging.inputOf(asked);
  const answers = answersTo(action, plan, how.proposals);
  const said = { tables: action.tables, sources: asked.sources, ancestors: ancestorsOf(asked, input.facts) };
  const spec = specWith(said, answers, input, action['id-map'] === 'table');
  return {
    asked,
    input,
    tables: tablesWith(said, answers, input),
    spec,
    ancestors: said.ancestors,
    apart: behind(asked, spec, input.facts),
  };
}

/** Sources in the order of their paths, whatever the order in which a person names them. */
export function askedBy(target: string, from: readonly string[], { config }: Measured): MergeAsked {
  const declared = Object.entries(config.stores).flatMap(([path, { role }]) => (role === 'foreign' ? [path] : []));
  return { target, sources: [...from].sort(), foreign: [...config.foreign, ...declared] };
}

function answersTo(
  { id, needs }: Merge,
  { decisions }: Pick<Plan, 'decisions'>,
  proposals: boolean,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { decision, choices } of needs) {
    const topic = topicIn(id, decision);
    const asked = decisions.find((one) => one.id === decision);
    const open = proposals ? (asked?.proposal ?? choices[0] ?? null) : null;
    const answer = asked?.chosen ?? open;
    if (topic !== null && answer !== null) found.set(topic, answer);
  }
  return found;
}
