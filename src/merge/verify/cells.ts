/** For each column of a part: what a cell of the target must be, where the row was inserted, and where it met one. */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { exactly, inForm, sameOrNumeral, written } from './equal.ts';
import { affinityOf } from './shapes.ts';
import { type Followed, followedArray, followedCell } from './translate.ts';
import { type PartView, rawOf } from './views.ts';

/** SQL of the cell of a column as it stood when the part was merged. */
export type ValueOf = (column: string) => string;

export interface CellCheck {
  readonly name: string;
  /** In the specification's list. */
  readonly position: number;
  /** True of an inserted row. `null`: whatever it is, it is right. */
  readonly inserted: ((value: ValueOf) => string) | null;
  /** True of a row that met one, in a column where nothing differs. `null`: not compared. */
  readonly met: ((value: ValueOf) => string) | null;
  /** True of the source's value as the ledger keeps it. */
  readonly kept: ((value: string) => string) | null;
}

const LITERAL = /^([+-]?\d+(\.\d+)?|'([^']|'')*'|NULL)$/i;

export function cellChecks(view: PartView, followed: readonly Followed[]): readonly CellCheck[] {
  return view.table.columns.map((column, position) => {
    const base = { name: column.name, position };
    const raw = rawOf(view, column.name, quoteName);
    const isSurrogate = same(column.name, view.table.surrogate);
    const isAddress = same(column.name, view.mrg.rowidColumn);
    if (raw === null)
      return { ...base, inserted: isSurrogate || isAddress ? null : given(view, column.name), met: null, kept: null };
    if (isSurrogate)
      return { ...base, inserted: isAddress ? null : numberedAnew(column.name, raw), met: null, kept: null };
    const array = followed.find(({ spec }) => spec.kind === 'json' && same(column.name, spec.columns[0]));
    if (array !== undefined) {
      const of = (value: string): string => followedArray(view, array, value).equal;
      const { retained } = followedArray(view, array, 'NULL');
      const whole = (value: ValueOf): string => `(NOT ${retained} AND ${of(value(column.name))})`;
      return { ...base, inserted: whole, met: whole, kept: (value) => `(${of(value)} OR ${exactly(value, raw)})` };
    }
    const leads = followed.some(
      ({ spec, state }) => spec.kind !== 'json' && state !== '0' && spec.columns.some((one) => same(one, column.name)),
    );
    const isReference = followed.some(
      ({ spec }) => spec.kind !== 'json' && spec.columns.some((one) => same(one, column.name)),
    );
    const form = view.spec.columns[column.name];
    const plain = (value: string): string => {
      if (form !== undefined && 'form' in form && form.form !== undefined) return written(value, raw, form.form);
      return isOfOneKind(view, column.name) ? exactly(value, raw) : sameOrNumeral(value, raw);
    };
    if (isReference) {
      const whole = (value: ValueOf): string => {
        const { equal } = followedCell(view, followed, column.name, value);
        return leads || form === undefined || !('form' in form) ? equal : `(${equal} OR ${plain(value(column.name))})`;
      };
      const { expected } = followedCell(view, followed, column.name, () => 'NULL');
      const kept = (value: string): string => `(${sameOrNumeral(value, expected)} OR ${plain(value)})`;
      return { ...base, inserted: whole, met: whole, kept };
    }
    const isFormed = column.normaliser !== 'exact' || view.isText;
    const met = (value: ValueOf): string => {
      const now = value(column.name);
      return isFormed ? `(${plain(now)} OR ${inForm(now, raw, column.normaliser, view.isText)})` : plain(now);
    };
    return {
      ...base,
      inserted: (value) => plain(value(column.name)),
      met,
      kept: (value) => `(${exactly(value, raw)} OR ${plain(value)})`,
    };
  });
}

export const same = (x: string, y: string | null | undefined): boolean => x.toLowerCase() === y?.toLowerCase();

/** A surrogate that is not the rowid: its own, or another number. Nobody else can have it, and what refers to it is compared with it. */
function numberedAnew(column: string, raw: string): (value: ValueOf) => string {
  return (value) =>
    `(${sameOrNumeral(value(column), raw)} OR (${raw} IS NOT NULL AND typeof(${value(column)}) = 'integer'))`;
}

/** What the owner gave, or the column's default where it is a plain value. */
function given(view: PartView, column: string): ((value: ValueOf) => string) | null {
  const source = view.spec.columns[column];
  if (source !== undefined && 'fill' in source) {
    const { fill } = source;
    const literal =
      fill === null ? 'NULL' : typeof fill === 'number' ? String(fill) : `'${fill.replaceAll("'", "''")}'`;
    return (value) => sameOrNumeral(value(column), literal);
  }
  const declared = view.mrg.columns.find((one) => same(one.name, column))?.default ?? 'NULL';
  return LITERAL.test(declared) ? (value) => sameOrNumeral(value(column), declared) : null;
}

/** No affinity stands between the two columns. */
function isOfOneKind(view: PartView, column: string): boolean {
  const from = view.spec.columns[column];
  const source = from !== undefined && 'from' in from ? from.from : column;
  const typeIn = (columns: PartView['src']['columns'], name: string): string =>
    affinityOf(columns.find((one) => same(one.name, name))?.type ?? '');
  return typeIn(view.src.columns, source) === typeIn(view.mrg.columns, column);
}
