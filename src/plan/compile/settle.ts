/**
 * Settle: values that lost in an earlier merge are merged into its target once more, by key, and win. Where nothing of them is to be done any
 * more it is done; what was written since is never touched.
 */

import type { Settle } from '../model.ts';
import { settledInWords, settleMeant } from '../settle-meant.ts';
import { ABSENT_STATE } from './absent.ts';
import { type Compiling, type DraftChange, type Drafted, NOTHING } from './draft.ts';
import { withSidecars } from './members.ts';
import { pendingState } from './pending.ts';
import { schemaOf } from './store-schema.ts';

export async function compileSettle(action: Settle, on: Compiling): Promise<Drafted> {
  const { subject: target, id } = action;
  const now = on.stateOf(target);
  if (now.kind !== 'file')
    return { blocked: `${target} is ${now.kind === 'absent' ? 'not there any more' : 'no file'}` };
  const store = on.audit.stores.find(({ path }) => path === target);
  if (store?.status !== 'verified') return { blocked: `${target} is not verified` };
  for (const [other, { merge }] of on.earlier) {
    if (merge?.target === target || merge?.sources.includes(target))
      return { blocked: `${other} changes ${target} or takes it away: settle in a plan of its own` };
  }
  const meant = await settleMeant(action, on);
  if ('why' in meant) return { blocked: meant.why };
  const { asked, tried } = meant;
  if ('why' in tried) return { blocked: tried.why };
  const { spec, values } = tried;
  const left = values
    .filter(({ since, refused }) => since > 0 || refused > 0)
    .map((one) => ({ path: target, why: settledInWords(one) }));
  if (values.every(({ rows, refused }) => rows === refused)) {
    const why = left.length === 0 ? `${target} holds these values` : left.map((one) => one.why).join('; ');
    return { done: why };
  }
  const bytes = store.bytes;
  const beside = withSidecars(target, on).filter(({ path }) => path !== target);
  const changes: DraftChange[] = [
    { path: target, want: pendingState(id, now, bytes), store: target },
    ...beside.map(({ path }) => ({ path, want: ABSENT_STATE, store: target })),
  ];
  return {
    draft: {
      ...NOTHING,
      changes,
      relies: [schemaOf(store)],
      loose: [target],
      left,
      merge: { target, sources: [], spec, ancestors: [null], apart: [], settles: asked },
    },
  };
}
