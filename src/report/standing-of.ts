/** What one store is to the others, in a few words for a table of stores. */

import type { Audit, StoreRelationKind } from '../audit/model.ts';
import { seenFrom } from '../audit/orient.ts';
import type { Store } from '../stores/model.ts';

export const RELATION_WORDS: Readonly<Record<StoreRelationKind, string>> = {
  copy: 'copy of',
  subset: 'subset of',
  superset: 'superset of',
  diverged: 'diverged from',
  'older-generation': 'older generation of',
  'newer-generation': 'newer generation of',
  disjoint: 'beside',
};

export function standingOf(store: Store, audit: Pick<Audit, 'relations' | 'groups'>): string {
  if (store.status === 'not-verified') return 'not verified';
  if (store.status === 'empty') return 'empty';
  if (store.foreign !== undefined) return `of ${store.foreign.program}`;
  const group = audit.groups.find(({ stores }) => stores.includes(store.id));
  const primary = group?.primary ?? null;
  if (primary === store.id) return 'primary';
  const role = store.role === 'live' ? '' : store.role;
  const relation =
    primary === null
      ? undefined
      : audit.relations.find((one) => [one.a, one.b].includes(store.id) && [one.a, one.b].includes(primary));
  if (relation === undefined || primary === null) return role;
  const words = `${RELATION_WORDS[seenFrom(store.id, relation).kind]} ${primary}`;
  return role === '' ? words : `${role}, ${words}`;
}
