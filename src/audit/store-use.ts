/** Which stores code uses, and which it does not: facts that several detectors need. */
import type { Binding } from '../bindings/model.ts';
import type { Store } from '../stores/model.ts';
import type { Facts } from './model.ts';

export interface Unbound {
  readonly store: Store;
  /** Lines that open a store that is not known: any of them could be this one. */
  readonly unresolved: readonly Binding[];
}

export function unboundStores(facts: Facts): readonly Unbound[] {
  const { bindings, files } = facts.code;
  const opened = new Set(
    bindings.flatMap(({ store, target }) => [
      ...(store === null ? [] : [store]),
      ...(target.kind === 'family' ? target.stores : []),
    ]),
  );
  if (!bindings.some(({ target }) => target.kind === 'store' || target.kind === 'runtime')) return [];
  const candidates = facts.stores.filter(
    (store) =>
      store.kind === 'sqlite' &&
      store.role === 'live' &&
      store.status === 'verified' &&
      store.foreign === undefined &&
      store.tables.some(({ rows }) => (rows ?? 0) > 0) &&
      !opened.has(store.id),
  );
  if (candidates.length === 0) return [];
  const unresolved = bindings.filter(({ target }) => target.kind === 'unknown');
  const named = new Set<string>();
  for (const { texts, settings = [] } of files.values()) {
    for (const { v, prose } of [...texts, ...settings.map((one) => ({ ...one, prose: undefined }))]) {
      if (prose !== true) named.add(v.slice(v.lastIndexOf('/') + 1).replace(/[?#].*$/, ''));
    }
  }
  return candidates
    .filter((store) => !named.has(store.path.slice(store.path.lastIndexOf('/') + 1)))
    .map((store) => ({ store, unresolved }));
}
