/**
 * Tables as code declares them, tried on the rows of a merged table (trap R15): what a program that makes its tables anew, copies rows into
 * them, or relies on its constraints would lose. Plain data; no value of a row.
 */

/** What a child is asked about one file. */
export interface SmokeRequest {
  readonly file: string;
  readonly tables: readonly TriedTable[];
}

export interface TriedTable {
  /** Of the file. */
  readonly table: string;
  /** What stands behind `CREATE TABLE name`; the first that SQLite takes is tried. */
  readonly bodies: readonly string[];
}

/** Beside the tables that were asked for; `null`: the file has no such table. */
export interface Tried {
  /** Columns that the code declares and the table lacks. */
  readonly lacking: readonly string[];
  /** Columns that the table requires and the code does not declare. */
  readonly required: readonly string[];
  /** In SQLite's words, without values. */
  readonly refused: readonly { readonly why: string; readonly rows: number }[];
  /** Values that the declared type turns into others: `007` into 7. */
  readonly changed: readonly { readonly column: string; readonly rows: number }[];
  /** Why nothing could be tried; `null`: it was. */
  readonly untried: string | null;
}

/** One table that code declares and that rows are merged into. */
export interface DeclaredTable {
  readonly path: string;
  readonly line: number;
  /** Its name in the target; the code has the same. */
  readonly table: string;
  readonly bodies: readonly string[];
  /** It may have more columns than are named: a class with a base that was not read. */
  readonly isPartial: boolean;
  /** Stores of the merge that the code works on, as it is before. */
  readonly reaches: readonly string[];
}

/** What is otherwise than the code declares, and was not before. */
export interface DeclaredTrouble extends Omit<Tried, 'untried'> {
  readonly path: string;
  readonly line: number;
  readonly table: string;
}

/** What came of trying all of them. */
export interface DeclaredResult {
  readonly tables: readonly Pick<DeclaredTable, 'path' | 'table' | 'reaches'>[];
  readonly troubles: readonly DeclaredTrouble[];
  /** `app.py:3`, with what SQLite says. */
  readonly untried: readonly { readonly what: string; readonly why: string }[];
}
