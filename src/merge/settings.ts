/**
 * What a person sees and may edit of a merge, table by table. Together with the tables of the stores and the answers it says all that a
 * specification holds; `propose/spec.ts` makes one of it.
 */
import type { Policy } from './model.ts';

export interface MergeTable {
  /** Its name in the target. */
  readonly table: string;
  /** What comes of its rows, in words; generated. */
  readonly rows: string | null;
  /** Source → its table, where that has another name (trap R4). */
  readonly from: Readonly<Record<string, string>>;
  /** Sources whose table stays apart. */
  readonly apart: readonly string[];
  /** Columns that make two rows one entity; `row`: all of them, as often as they are there; `none`: all rows are new. */
  readonly identity: readonly string[] | 'row' | 'none';
  /** Rows that share it must agree in what else tells rows apart; those that do not are entities of their own. */
  readonly agreeing: boolean;
  /** Column → what wins where rows differ. */
  readonly differ: Readonly<Record<string, Policy | 'ask'>>;
  /** The column of the time that `newest` goes by. */
  readonly newest: string | null;
  /** Column of a source → that of the target, where the names differ; `add`: the target gets it; `leave`: it is not carried over; `lookup-words.ts`: the key of the row that it names. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column that no source has and that the target gets → its type. */
  readonly add: Readonly<Record<string, string>>;
  /** Required column that a source lacks → the value that it gets; `null`: to be asked. */
  readonly fill: Readonly<Record<string, string | number | null>>;
  /** As `reference-words.ts` has them; those that constraints declare are followed without being said. */
  readonly references: readonly string[];
  /** What of a row becomes that the target once had, or may have had, and has not. */
  readonly deleted: 'stays' | 'returns' | 'ask';
}

/** Of a table of which nothing is said but its name. */
export const PLAIN_TABLE: Omit<MergeTable, 'table'> = {
  rows: null,
  from: {},
  apart: [],
  identity: 'row',
  agreeing: false,
  differ: {},
  newest: null,
  columns: {},
  add: {},
  fill: {},
  references: [],
  deleted: 'returns',
};
