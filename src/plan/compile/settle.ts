/**
 * Settle: values that lost in an earlier merge are merged into its target once more, by key, and win. Where nothing of them is to be done any
 * more it is done; what was written since is never touched.
 */

import type { Settle } from '../model.ts';
import { settledInWords, settleMeant } from '../settle-meant.ts';
import type { Compiling, Drafted } from './draft.ts';
import { notWritable, valuesDraft } from './values-draft.ts';

export async function compileSettle(action: Settle, on: Compiling): Promise<Drafted> {
  const { subject: target, id } = action;
  const store = on.audit.stores.find(({ path }) => path === target);
  const wrong = notWritable(target, on);
  if (wrong !== null || store === undefined) return { blocked: wrong ?? `${target} is no store` };
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
  return { draft: valuesDraft({ id, store, spec, left, made: { settles: asked } }, on) };
}
