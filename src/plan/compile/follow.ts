/**
 * Follow: ids that a store which stays apart holds of rows that a merge of this phase moves become those that the rows have afterwards. What is put
 * at its path is made under the locks, behind the merge; all of its ids or none.
 */
import { followedInWords, followMeant } from '../follow-meant.ts';
import type { Follow } from '../model.ts';
import type { Compiling, Drafted } from './draft.ts';
import { notWritable, valuesDraft } from './values-draft.ts';

export async function compileFollow(action: Follow, on: Compiling): Promise<Drafted> {
  const { subject: store, id, of } = action;
  const known = on.audit.stores.find(({ path }) => path === store);
  const wrong = notWritable(store, on);
  if (wrong !== null || known === undefined) return { blocked: wrong ?? `${store} is no store` };
  const merge = on.earlier.get(of)?.merge;
  if (merge === undefined) return { done: `${of} moves nothing in this phase` };
  if (merge.target === store || merge.sources.includes(store))
    return { blocked: `${store} is a store of ${of} itself` };
  const other = [...on.earlier].find(([, one]) => one.merge?.target === store || one.merge?.sources.includes(store));
  if (other !== undefined) return { blocked: `${other[0]} works on ${store} already: follow in another phase` };
  const meant = await followMeant(action, merge, on.plan, on);
  if (meant === null) return { done: 'none of its ids is to follow' };
  if ('why' in meant) return { blocked: meant.why };
  const { asked, tried } = meant;
  if ('why' in tried) return { blocked: tried.why };
  const { spec, columns } = tried;
  const left = columns
    .filter(({ retained, strangers }) => retained > 0 || strangers > 0)
    .map((one) => ({ path: store, why: followedInWords(one) }));
  if (columns.every(({ rows }) => rows === 0)) return { done: `no id of ${store} means a row that moves` };
  return { draft: valuesDraft({ id, store: known, spec, left, made: { follows: asked } }, on) };
}
