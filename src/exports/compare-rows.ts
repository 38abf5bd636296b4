/**
 * A file against its table: both are read from the beginning, side by side, value by value. In a child process. After the first
 * difference only rows are counted: where one is missing, every later place differs and says nothing.
 */
import type { Row } from '../rows/value.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { sameValue } from './exact-text.ts';
import type { Compared, ExportSpec } from './model.ts';
import { type RowForm, rowForm } from './row-form.ts';
import { selectRows } from './select-rows.ts';
import { OtherColumns } from './unfit.ts';
import { onSnapshot } from './write-rows.ts';

/** `file`: a snapshot that nobody writes to. Throws `UnreadableStore` where the store cannot be read. */
export function compareRows(file: string, spec: ExportSpec, exported: string): Compared {
  return onSnapshot(file, (db) => {
    const { columns, rows } = selectRows(db, spec);
    const names = columns.map(({ name }) => name);
    const form = rowForm(spec.form, names);
    const theirs = form.rows(exported)[Symbol.iterator]();
    let rowsInStore = 0;
    let rowsInFile = 0;
    let first: { readonly row: number; readonly columns: readonly string[] } | null = null;
    let broken: string | null = null;
    const next = (): Row | undefined => {
      if (broken !== null) return undefined;
      try {
        const { value, done } = theirs.next();
        if (done === true) return undefined;
        rowsInFile++;
        return value;
      } catch (error) {
        if (!(error instanceof OtherColumns) && !(error instanceof UnreadableStore)) throw error;
        broken = error.message;
        return undefined;
      }
    };
    for (const mine of rows()) {
      rowsInStore++;
      const their = next();
      if (first !== null || (broken !== null && their === undefined)) continue;
      const differing = their === undefined ? [] : names.filter((_, i) => !reads(form, mine, their, i));
      const whole = their !== undefined && their.length !== mine.length;
      if (their === undefined || whole || differing.length > 0) first = { row: rowsInStore, columns: differing };
    }
    while (next() !== undefined) first ??= { row: rowsInFile, columns: [] };
    return { rowsInStore, rowsInFile, first, broken };
  });
}

function reads(form: RowForm, mine: Row, their: Row, at: number): boolean {
  const [written, read] = [mine[at], their[at]];
  return written !== undefined && read !== undefined && sameValue(form.readBack(written), read);
}
