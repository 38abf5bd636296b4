/**
 * A source that goes after its merge relies on the merge, and on its tables: rows may be added until the locks are held, and are merged with
 * the others. It stays while rows of it would be nowhere else.
 */
import { list } from '../../audit/wording.ts';
import type { Reliance } from '../lock-model.ts';
import type { Archive } from '../model.ts';
import type { Compiling } from './draft.ts';
import { schemaOf } from './store-schema.ts';

/** `null`: no merge of this phase that it comes after brings its rows anywhere. */
export function mergedAway(
  action: Archive,
  on: Compiling,
): { readonly relies: readonly Reliance[]; readonly loose: readonly string[] } | { readonly blocked: string } | null {
  const path = action.subject;
  const merges = action.after.flatMap((id) => on.earlier.get(id)?.merge ?? []);
  const merge = merges.find(({ sources }) => sources.includes(path));
  if (merge === undefined) {
    const target = [...on.earlier.values()].find((one) => one.merge?.target === path);
    return target === undefined ? null : { blocked: `${path} is what other stores are merged into` };
  }
  const kept = merge.apart.filter((one) => one.store === path && one.keeps);
  if (kept.length > 0) {
    const what = kept.map(({ table, why }) => `${table ?? path}: ${why}`);
    return { blocked: `rows of ${path} stay in it (${list(what, 3)})` };
  }
  const store = on.audit.stores.find((one) => one.path === path);
  return store === undefined ? null : { relies: [schemaOf(store)], loose: [path] };
}
