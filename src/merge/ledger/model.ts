/** What can be asked of a ledger. Answers that grow with the rows are written to files of the scratch folder, streamed. */

export type LedgerRequest =
  /** With the snapshots of the sources by their path: all is counted. Without one, what its lines can tell stands beside what was stated. */
  | { readonly what: 'totals'; readonly ledger: string; readonly sources: Readonly<Record<string, string>> }
  /** JSON Lines, in order of stores, tables and addresses. */
  | { readonly what: 'lines'; readonly ledger: string; readonly filter: LineFilter; readonly to: string }
  /** One CSV per source table, `<part>.csv` in the folder `to`. */
  | {
      readonly what: 'id-map';
      readonly ledger: string;
      readonly merged: string;
      readonly sources: Readonly<Record<string, string>>;
      readonly to: string;
    };

export type PresenceName = 'inserted' | 'identical' | 'merged' | 'retained';

export interface LineFilter {
  /** Of the target. */
  readonly table?: string;
  readonly presence?: PresenceName;
  /** Rows with a value that differed. */
  readonly differs?: boolean;
  /** Whether values are written: they are as private as the stores. Without them, keys that are no numbers are left out too. */
  readonly values: boolean;
  readonly most: number;
}

export interface PartTotals {
  readonly part: number;
  readonly store: string;
  readonly sourceTable: string;
  readonly table: string;
  readonly rows: number;
  readonly inserted: number;
  readonly identical: number;
  readonly merged: number;
  readonly retained: number;
  readonly conflicts: number;
  /** All of these were counted from rows, and not taken from what the ledger states. */
  readonly counted: boolean;
}

export interface IdMapFile {
  readonly part: number;
  readonly store: string;
  readonly sourceTable: string;
  readonly table: string;
  readonly file: string;
  readonly rows: number;
}

export interface LedgerAnswer {
  readonly totals?: readonly PartTotals[];
  /** `more`: there are more than were asked for. */
  readonly lines?: { readonly written: number; readonly more: boolean };
  readonly idMap?: readonly IdMapFile[];
}
