/** A source table that comes in, as the ledger tells of it and as the attached files have it: all that the joins are made from. */
import type { PartSpec, TableSpec } from '../model.ts';
import type { Shape } from './shapes.ts';

export interface PartView {
  /** Its number in the ledger. */
  readonly at: number;
  readonly spec: PartSpec;
  readonly table: TableSpec;
  /** Path of the source. */
  readonly source: string;
  readonly isText: boolean;
  readonly src: Shape;
  readonly mrg: Shape;
  /** Both tables have a rowid: rows that are not listed lie in spans. */
  readonly spans: boolean;
  /** Lines in `rows_<part>`; none: one lookup less per row. */
  readonly listed: number;
}

/** Source column of a merged one, qualified; `null`: filled, or not brought. */
export function rawOf(
  { spec }: Pick<PartView, 'spec'>,
  column: string,
  quote: (name: string) => string,
): string | null {
  const from = spec.columns[column];
  return from !== undefined && 'from' in from ? `s.${quote(from.from)}` : null;
}

/** A set of rows of a part, each with the address in the target that the ledger gives it. */
export interface Landing {
  /** Begins a FROM clause; the source's row is `s`, a line of the ledger `r`. */
  readonly from: string;
  readonly where: string;
  /** Address of the source's row. */
  readonly own: readonly string[];
  /** Address in the target. */
  readonly there: readonly string[];
  readonly presence: string;
}

/** All that a landing is made from. */
export type Placed = Pick<PartView, 'at' | 'src' | 'mrg' | 'spans' | 'listed'>;

export function landings(view: Placed): readonly Landing[] {
  return [unlisted(view), ...(view.listed > 0 ? [listed(view)] : [])];
}

export const equalAddresses = (x: readonly string[], y: readonly string[]): string =>
  x.map((one, i) => `${one} = ${y[i]}`).join(' AND ');

/** Columns of the ledger have no affinity: their index serves only for values that have none either. */
export const bare = (columns: readonly string[]): readonly string[] => columns.map((column) => `+${column}`);

export const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`);

function unlisted(view: Placed): Landing {
  const own = view.src.address.map((column) => `s.${column}`);
  const lines = numbered('r.o', own.length);
  // A join without a partner is cheaper than NOT EXISTS, which is asked for every row anew.
  const [line, isNotListed] =
    view.listed === 0
      ? ['', '1']
      : [`LEFT JOIN led.rows_${view.at} r ON ${equalAddresses(lines, bare(own))}`, `${lines[0]} IS NULL`];
  const base = { own, presence: '1' };
  if (view.spans) {
    // The ranges outside, so that the source is read in order and the target found from row to row.
    const from = `led.spans sp CROSS JOIN ${view.src.from} s ON ${own[0]} BETWEEN sp.first AND sp.last ${line}`;
    return { ...base, from, where: `sp.part = ${view.at} AND ${isNotListed}`, there: [`(${own[0]} + sp.offset)`] };
  }
  // A rowid is no key: rows whose address is of another kind in the target are all listed.
  const isSameKind = view.src.withoutRowid && view.mrg.withoutRowid && own.length === view.mrg.address.length;
  const there = isSameKind ? own : view.mrg.address.map(() => 'NULL');
  return { ...base, from: `${view.src.from} s ${line}`, where: isSameKind ? isNotListed : '0', there };
}

function listed(view: Placed): Landing {
  const own = numbered('r.o', view.src.address.length);
  const columns = view.src.address.map((column) => `s.${column}`);
  return {
    from: `led.rows_${view.at} r LEFT JOIN ${view.src.from} s ON ${equalAddresses(columns, own)}`,
    where: '1',
    own,
    there: numbered('r.k', view.mrg.address.length),
    presence: 'r.presence',
  };
}
