/** How two stores that share tables are related, in words and counts: the cards of the picture and the table of twins say the same. */
import type { Audit, StoreRelation, StoreRelationKind } from '../../audit/model.ts';
import { seenFrom } from '../../audit/orient.ts';
import { amongSampled, thousands } from '../../audit/wording.ts';
import { RELATION_WORDS } from '../standing-of.ts';

/** Seen so that the sentence ends with the store that matters more: the primary of the group, or the newer or larger one. */
export function oriented(relation: StoreRelation, audit: Pick<Audit, 'groups'>): StoreRelation {
  const primaries = audit.groups.map(({ primary }) => primary);
  if (primaries.includes(relation.b)) return relation;
  const turn = primaries.includes(relation.a) || relation.kind === 'superset' || relation.kind === 'newer-generation';
  return turn ? seenFrom(relation.b, relation) : relation;
}

export function kindWords(kind: StoreRelationKind): string {
  return RELATION_WORDS[kind];
}

export interface TwinCounts {
  readonly same: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly differ: number;
}

export function twinCounts({ tables, onlyA, onlyB, conflicting }: StoreRelation): TwinCounts {
  return { same: tables.reduce((sum, { same }) => sum + same, 0), onlyA, onlyB, differ: conflicting };
}

/** `same 4 · differ 3`; what only one of them has is said with its name. */
export function sharedWords(relation: StoreRelation): string {
  if (relation.byteEqual) return 'the same bytes';
  const { same, differ } = twinCounts(relation);
  return `same ${figure(same)} · differ ${figure(differ)}${amongSampled(relation.tables)}`;
}

/** `users, sessions and 2 more`; a table that has another name there with both. */
export function tableNames({ tables }: StoreRelation): readonly string[] {
  return tables.map(({ a, b }) => (a.table === b.table ? a.table : `${a.table} = ${b.table}`));
}

export function figure(n: number): string {
  return thousands(n);
}
