/** How rows are written and read back; one form per format, so that what writes and what compares know neither. */
import type { Row, Value } from '../rows/value.ts';
import { csvForm } from './csv-form.ts';
import { jsonlForm } from './jsonl-form.ts';
import type { ExportForm } from './model.ts';

/** A longer row is held by no reader. */
export const MOST_CHARACTERS: number = 16 * 1024 * 1024;

export interface RowForm {
  /** What the file begins with. */
  readonly head: string;
  /** A row with its line end. Throws `UnfitValue`. */
  line(row: Row): string;
  /** What reads back where `value` was written: itself, unless the form changes data. */
  readBack(value: Value): Value;
  /** Rows of a file. Throws `UnreadableStore`; `OtherColumns` where it is no file of these columns. */
  rows(path: string): Iterable<Row>;
}

export function rowForm(form: ExportForm, columns: readonly string[]): RowForm {
  return form.format === 'csv' ? csvForm(form, columns) : jsonlForm(form, columns);
}
