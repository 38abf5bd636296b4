/**
 * What a column makes of a value that it stores: SQLite turns text into numbers and numbers into text by the column's affinity. `'7'` can
 * become 7 and be turned back; `'007'` cannot, and what cannot must not be stored at all (docs/merging.md, "Columns").
 */
import { affinity } from './match-columns.ts';

export type Affinity = ReturnType<typeof affinity>;

/** `ANY` of a STRICT table takes everything as it is. */
export function affinityOf(type: string, strict: boolean): Affinity {
  return strict && /^any$/i.test(type.trim()) ? 'blob' : affinity(type);
}

/** Text that this affinity reads as a number: SQLite applies it to text that is compared with a number. */
const isNumeral = (v: string): string => `(typeof(${v}) = 'text' AND CAST(${v} AS NUMERIC) = ${v})`;

/** Whether the stored value could not be turned back. */
export function wouldChange(v: string, to: Affinity): string {
  switch (to) {
    case 'blob':
      return '0';
    case 'text':
      return `(typeof(${v}) IN ('integer', 'real') AND CAST(CAST(${v} AS TEXT) AS NUMERIC) IS NOT +${v})`;
    case 'real':
      return `CASE typeof(${v}) WHEN 'integer' THEN CAST(${v} AS REAL) IS NOT +${v} WHEN 'text' THEN ${isNumeral(v)} AND CAST(CAST(${v} AS REAL) AS TEXT) IS NOT +${v} AND (CAST(CAST(${v} AS INTEGER) AS TEXT) IS NOT +${v} OR CAST(${v} AS INTEGER) IS NOT CAST(${v} AS REAL)) ELSE 0 END`;
    default:
      return `(${isNumeral(v)} AND CAST(CAST(${v} AS NUMERIC) AS TEXT) IS NOT +${v})`;
  }
}

/** The value as it is stored; meant for those that can be turned back. */
export function asStored(v: string, to: Affinity): string {
  switch (to) {
    case 'blob':
      return v;
    case 'text':
      return `CASE WHEN typeof(${v}) IN ('integer', 'real') THEN CAST(${v} AS TEXT) ELSE ${v} END`;
    case 'real':
      return `CASE WHEN typeof(${v}) = 'integer' OR ${isNumeral(v)} THEN CAST(${v} AS REAL) ELSE ${v} END`;
    default:
      return `CASE WHEN ${isNumeral(v)} THEN CAST(${v} AS NUMERIC) ELSE ${v} END`;
  }
}

/** A value that refers to an integer key, as that integer: 7, `'7'`, 7.0. NULL for any other. */
export function asInteger(v: string): string {
  return `CASE typeof(${v}) WHEN 'integer' THEN ${v} WHEN 'text' THEN CASE WHEN ${isNumeral(v)} AND typeof(CAST(${v} AS NUMERIC)) = 'integer' THEN CAST(${v} AS NUMERIC) END WHEN 'real' THEN CASE WHEN CAST(${v} AS INTEGER) = +${v} THEN CAST(${v} AS INTEGER) END END`;
}
