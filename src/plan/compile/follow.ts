/**
 * Follow: ids that a store which stays apart holds of rows that a merge of this phase moves become those that the rows have afterwards. What is put
 * at its path is made under the locks, behind the merge; all of its ids or none.
 */
import { followedInWords, followMeant } from '../follow-meant.ts';
import type { Follow } from '../model.ts';
import { ABSENT_STATE } from './absent.ts';
import { type Compiling, type DraftChange, type Drafted, NOTHING } from './draft.ts';
import { withSidecars } from './members.ts';
import { pendingState } from './pending.ts';
import { schemaOf } from './store-schema.ts';

export async function compileFollow(action: Follow, on: Compiling): Promise<Drafted> {
  const { subject: store, id, of } = action;
  const now = on.stateOf(store);
  if (now.kind !== 'file')
    return { blocked: `${store} is ${now.kind === 'absent' ? 'not there any more' : 'no file'}` };
  const known = on.audit.stores.find(({ path }) => path === store);
  if (known?.status !== 'verified' || known.kind !== 'sqlite')
    return { blocked: `${store} is no verified SQLite store` };
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
  const beside = withSidecars(store, on).filter(({ path }) => path !== store);
  const changes: DraftChange[] = [
    { path: store, want: pendingState(id, now, known.bytes), store },
    ...beside.map(({ path }) => ({ path, want: ABSENT_STATE, store })),
  ];
  return {
    draft: {
      ...NOTHING,
      changes,
      relies: [schemaOf(known)],
      loose: [store],
      left,
      merge: { target: store, sources: [], spec, ancestors: [null], apart: [], follows: asked },
    },
  };
}
