/** What an export is asked and what it came to: plain data, without a row. The words are those of `docs/exports.md`. */

/** One export as the configuration declares it, with everything filled in. */
export interface ExportSpec {
  /** Path of the database, relative to the project. */
  readonly store: string;
  readonly from: { readonly table: string } | { readonly query: string };
  /** `null`: all. */
  readonly columns: readonly string[] | null;
  readonly order: readonly OrderBy[];
  /** Name of the file in the folder of exports. */
  readonly file: string;
  /** Folder of the project that it is kept in, `.` for the project's own; `null`: none. */
  readonly to: string | null;
  readonly form: ExportForm;
}

export interface OrderBy {
  readonly column: string;
  readonly descending: boolean;
}

export interface ExportForm {
  readonly format: 'csv' | 'jsonl';
  readonly blobs: 'base64' | 'hex';
  /** Text that many readers do not take. */
  readonly oddText: 'refuse' | 'escape';
  readonly csv: CsvForm;
}

export interface CsvForm {
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly bom: boolean;
  readonly eol: 'lf' | 'crlf';
  /** How NULL is written, unquoted. */
  readonly nulls: string;
  /** `guard`: text that a spreadsheet would run gets an apostrophe. Lossy. */
  readonly formulas: 'as-is' | 'guard';
}

export type Kind = 'null' | 'integer' | 'real' | 'text' | 'blob';

export interface ExportColumn {
  readonly name: string;
  /** As declared; `''` where an expression has none. */
  readonly type: string;
}

/** What a child wrote; why it did not, where it did not. */
export type Written =
  | {
      readonly rows: number;
      readonly columns: readonly (ExportColumn & { readonly holds: Readonly<Partial<Record<Kind, number>>> })[];
    }
  | Refused;

/** `spec`: what is asked does not fit the store. `value`: a value that the form cannot hold. The message names no value. */
export interface Refused {
  readonly refused: 'spec' | 'value';
  readonly message: string;
}

/** A file against its table, value by value. */
export type Compared =
  | {
      readonly rowsInStore: number;
      readonly rowsInFile: number;
      /** The first place where the two differ, counted from 1; no columns: a row that only one side has. */
      readonly first: { readonly row: number; readonly columns: readonly string[] } | null;
      /** Why the file could not be read to its end, or has other columns. */
      readonly broken: string | null;
    }
  | Refused;

/** A file against what would take its place: what only the file has. Counts, never values. */
export interface Lost {
  readonly rowsInFile: number;
  readonly rowsInExport: number;
  /** Columns that tell which row is which; `null`: rows are compared as a whole. */
  readonly by: readonly string[] | null;
  /** Rows that the export would not have. */
  readonly rows: number;
  readonly columns: readonly LostColumn[];
}

export interface LostColumn {
  readonly name: string;
  /**
   * `column`: the export has no such column. `values`: it has nothing where the file has something. `one value`: it has one and the same
   * throughout, the file several. `changed`: it has another one.
   */
  readonly is: 'column' | 'values' | 'one value' | 'changed';
  /** Values that only the file has; of `one value`: how many different ones it has. */
  readonly count: number;
}

/** One file of `desprawl export`. */
export interface ExportedFile {
  readonly name: string;
  readonly file: string;
  readonly store: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly bytes: number;
  readonly sha256: string;
  /** It was there, byte for byte. */
  readonly unchanged: boolean;
  /** Name under which another file, which had the name, is kept. */
  readonly kept: string | null;
  /** Options that change data. */
  readonly lossy: readonly string[];
}

export interface CheckedFile {
  readonly name: string;
  readonly file: string;
  readonly store: string | null;
  /** `undeclared`: the manifest has it, and the configuration no longer. */
  readonly is: 'equal' | 'differs' | 'missing' | 'undeclared';
  /** What differs, without values. */
  readonly why: string | null;
  readonly rowsInStore: number | null;
  readonly rowsInFile: number | null;
}

export type ExportDocument =
  | {
      readonly version: 1;
      readonly command: 'export';
      /** As the user named it; `.`: each where it is kept, files with their folders. */
      readonly to: string;
      readonly exports: readonly ExportedFile[];
    }
  | {
      readonly version: 1;
      readonly command: 'check';
      readonly to: string;
      readonly ok: boolean;
      readonly exports: readonly CheckedFile[];
    };
