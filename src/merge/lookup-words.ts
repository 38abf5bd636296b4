/**
 * A column of a text file that names rows of another table (`meter` holds names of meters), as a plan says it at `columns:`: the column that
 * gets the key of the row, and by which column that row is found. `meter_id of meters.name`.
 */
export interface SaidLookup {
  /** Of the table that the rows come into. */
  readonly column: string;
  readonly table: string;
  /** Column of that table which has the values of the file. */
  readonly by: string;
}

const WORDS = /^(?<column>.+) of (?<table>.+)\.(?<by>.+)$/;

/** `null`: it says something else. */
export function readLookup(text: string): SaidLookup | null {
  const { column, table, by } = WORDS.exec(text)?.groups ?? {};
  return column === undefined || table === undefined || by === undefined ? null : { column, table, by };
}

export function writeLookup({ column, table, by }: SaidLookup): string {
  return `${column} of ${table}.${by}`;
}
