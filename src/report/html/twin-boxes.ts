/** The boxes of the right column: one for each two boxes of stores that share tables, with what the comparison counted. */
import type { StoreRelation, StoreRelationKind } from '../../audit/model.ts';
import { list } from '../../audit/wording.ts';
import type { Audited } from './audited.ts';
import type { StoreBox, StoreBoxes } from './store-boxes.ts';
import { figure, kindWords, oriented, sharedWords, tableNames } from './twin-words.ts';

export interface TwinBox {
  readonly a: StoreBox;
  readonly b: StoreBox;
  /** The kind that says most where several stores stand in one box. */
  readonly kind: StoreRelationKind;
  /** Every row was looked at. */
  readonly exact: boolean;
  /** The sentence `first verb second`, each side with what only it has. */
  readonly first: string;
  readonly onlyFirst: string;
  readonly verb: string;
  readonly second: string;
  readonly onlySecond: string;
  readonly counts: string;
  readonly tables: string;
  /** How much it tells a reader; below `TELLING` it repeats what others say. */
  readonly weight: number;
}

/** Relations below it are left out of a picture that is full. */
export const TELLING = 2;

const WEIGHTS: Readonly<Record<StoreRelationKind, number>> = {
  diverged: 3,
  'older-generation': 3,
  'newer-generation': 3,
  subset: 2,
  superset: 2,
  copy: 2,
  disjoint: 0,
};

/** Most telling first. */
export function twinBoxes(audit: Audited, stores: StoreBoxes): readonly TwinBox[] {
  const pairs = new Map<StoreBox, Map<StoreBox, StoreRelation[]>>();
  for (const relation of audit.relations.map((one) => oriented(one, audit))) {
    const [a, b] = [stores.ofStore.get(relation.a), stores.ofStore.get(relation.b)];
    if (a === undefined || b === undefined || a === b) continue;
    const turned = pairs.get(b)?.get(a);
    if (turned !== undefined) {
      turned.push(relation);
      continue;
    }
    const of = pairs.get(a) ?? new Map<StoreBox, StoreRelation[]>();
    pairs.set(a, of);
    const known = of.get(b);
    if (known === undefined) of.set(b, [relation]);
    else known.push(relation);
  }
  const boxes = [...pairs].flatMap(([a, of]) =>
    [...of].map(([b, relations]) => {
      const [first, second] = relations;
      return first !== undefined && second === undefined ? single(a, b, first, stores) : several(a, b, relations);
    }),
  );
  return boxes.sort((x, y) => y.weight - x.weight);
}

function single(a: StoreBox, b: StoreBox, relation: StoreRelation, { labels }: StoreBoxes): TwinBox {
  const [labelA, labelB] = [labels.get(relation.a) ?? relation.a, labels.get(relation.b) ?? relation.b];
  return {
    a,
    b,
    kind: relation.kind,
    exact: relation.exact,
    first: labelA,
    onlyFirst: only(relation.onlyA),
    verb: kindWords(relation.kind),
    second: labelB,
    onlySecond: only(relation.onlyB),
    counts: sharedWords(relation),
    tables: relation.tables.length === 0 ? '' : list(tableNames(relation), 4),
    weight: weightOf(a, b, [relation]),
  };
}

function only(rows: number): string {
  return rows === 0 ? '' : `only here ${figure(rows)}`;
}

function several(a: StoreBox, b: StoreBox, relations: readonly StoreRelation[]): TwinBox {
  const kinds = new Map<StoreRelationKind, number>();
  for (const { kind } of relations) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const ranked = [...kinds].sort(([x], [y]) => WEIGHTS[y] - WEIGHTS[x]);
  const differ = Math.max(...relations.map(({ conflicting }) => conflicting));
  const words = ranked.map(([kind, n]) => `${figure(n)} ${kindWords(kind).replace(/ (of|from)$/, '')}`);
  return {
    a,
    b,
    kind: ranked[0]?.[0] ?? 'disjoint',
    exact: relations.every(({ exact }) => exact),
    first: a.label,
    onlyFirst: '',
    verb: 'and',
    second: b.label,
    onlySecond: '',
    counts: `${words.join(' · ')}${differ === 0 ? '' : ` · differ up to ${figure(differ)}`}`,
    tables: list([...new Set(relations.flatMap(tableNames))], 4),
    weight: weightOf(a, b, relations),
  };
}

function weightOf(a: StoreBox, b: StoreBox, relations: readonly StoreRelation[]): number {
  const kind = Math.max(...relations.map((one) => WEIGHTS[one.kind]));
  if (kind === 0) return 0;
  const conflicts = relations.some(({ conflicting }) => conflicting > 0) ? 1 : 0;
  const ofPrimary = a.primary || b.primary ? 2 : 0;
  const residue = a.kind === 'bundle' || b.kind === 'bundle' ? -2 : 0;
  return kind + conflicts + ofPrimary + residue;
}
