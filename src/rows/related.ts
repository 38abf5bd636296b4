/** Cheap first look at two tables: could they hold the same kind of rows? Decides what is compared, concludes nothing. */
import type { Table } from '../stores/model.ts';
import { matchColumns, plainName, tells } from './match-columns.ts';
import { overlap } from './sketch.ts';
import { familyName } from './table-index.ts';

/** `same-kind`: compare them. `name-only`: one name, other things (trap R5). `no`: nothing in common. */
export type Kinship = 'same-kind' | 'name-only' | 'no';

/** Columns that tables of any kind have; they say nothing about what a row is. */
const GENERIC = new Set(
  ['id', 'uuid', 'name', 'title', 'type', 'kind', 'status', 'state', 'value', 'data', 'description', 'notes', 'note']
    .concat([
      'createdat',
      'updatedat',
      'deletedat',
      'created',
      'updated',
      'modified',
      'timestamp',
      'ts',
      'date',
      'time',
    ])
    .concat([
      'userid',
      'active',
      'enabled',
      'version',
      'key',
      '#key',
      'metadata',
      'createdby',
      'updatedby',
      'order',
      'position',
    ]),
);

/** Share of all columns that two tables of one name must have in common. */
const NAMESAKE_SHARE = 0.4;
/** The same for tables of different names, where values must agree as well. */
const STRANGER_SHARE = 0.5;
const VALUE_OVERLAP = 0.2;
/** Tables of generic columns alone (id, title, status …) are of one kind only where nearly everything agrees. */
const GENERIC_SHARE = 0.8;
const GENERIC_OVERLAP = 0.5;
const GENERIC_AGREEING = 2;

export function kinship(a: Table, b: Table, textual: boolean): Kinship {
  if (a.columns.length === 0 || b.columns.length === 0) return 'no';
  const namesakes = familyName(a.name) === familyName(b.name);
  const match = matchColumns(a, b, textual);
  const union = match.pairs.length + match.onlyA.length + match.onlyB.length;
  const smaller = Math.min(a.columns.length, b.columns.length);
  const specific = match.pairs.filter((pair) => !GENERIC.has(plainName(pair.a)));
  // An export has fewer columns than its table, a later generation has more: the smaller side counts then.
  const share = Math.max(match.pairs.length / union, specific.length >= 2 ? match.pairs.length / smaller - 0.2 : 0);
  const overlaps = valueOverlaps(a, b, match.pairs);
  const values = Math.max(0, ...overlaps);
  if (namesakes) {
    if (values >= VALUE_OVERLAP) return 'same-kind';
    return share >= NAMESAKE_SHARE && (specific.length > 0 || share >= 0.8) ? 'same-kind' : 'name-only';
  }
  if (values < VALUE_OVERLAP) return 'no';
  if (specific.length >= 1) return share >= STRANGER_SHARE ? 'same-kind' : 'no';
  const agreeing = overlaps.filter((one) => one >= GENERIC_OVERLAP).length;
  return share >= GENERIC_SHARE && agreeing >= GENERIC_AGREEING ? 'same-kind' : 'no';
}

/** Containment, whichever way is larger, for each column whose values tell rows apart. */
function valueOverlaps(
  a: Table,
  b: Table,
  pairs: readonly { readonly a: string; readonly b: string }[],
): readonly number[] {
  const overlaps: number[] = [];
  for (const pair of pairs) {
    const columnA = a.columns.find(({ name }) => name === pair.a);
    const columnB = b.columns.find(({ name }) => name === pair.b);
    const x = a.sketch?.columns[pair.a];
    const y = b.sketch?.columns[pair.b];
    if (columnA === undefined || columnB === undefined || x === undefined || y === undefined) continue;
    const few = Math.min(x.length, y.length);
    if (few === 0 || !(few < 8 ? isTellingFew(columnA, columnB) : tells(columnA, x) && tells(columnB, y))) continue;
    const { aInB, bInA } = overlap(x, y);
    overlaps.push(Math.max(aInB, bInA));
  }
  return overlaps;
}

/** With few rows only shapes that do not repeat by accident count. */
function isTellingFew(a: Table['columns'][number], b: Table['columns'][number]): boolean {
  const shapes = [
    'email',
    'uuid-dashed',
    'uuid-hex',
    'token',
    'password-hash',
    'timestamp-t',
    'timestamp-space',
    'text',
  ];
  return [a, b].every(
    ({ profile }) => profile !== undefined && profile.distinct >= 0.5 && shapes.includes(profile.shape),
  );
}
