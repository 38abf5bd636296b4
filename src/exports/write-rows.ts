/** Writes the rows of an export into a new file of the scratch folder, streamed. In a child process. */
import type { Row, Value } from '../rows/value.ts';
import { UnreadableStore } from '../stores/reader.ts';
import { openScratchText } from '../stores/scratch-text.ts';
import { type Connection, openConnection } from '../stores/sqlite/driver.ts';
import { unreadable } from '../stores/sqlite/sqlite-reader.ts';
import type { ExportColumn, ExportSpec, Kind, Refused, Written } from './model.ts';
import { MOST_CHARACTERS, type RowForm, rowForm } from './row-form.ts';
import { SpecError, selectRows } from './select-rows.ts';
import { UnfitValue } from './unfit.ts';

/** `file`: a snapshot that nobody writes to; `to`: must not be there. Throws `UnreadableStore`. */
export function writeRows(file: string, spec: ExportSpec, to: string): Written {
  return onSnapshot(file, (db) => {
    const { columns, rows } = selectRows(db, spec);
    const form = rowForm(
      spec.form,
      columns.map(({ name }) => name),
    );
    const holds = columns.map((): Partial<Record<Kind, number>> => ({}));
    const out = openScratchText(to);
    let count = 0;
    try {
      out.add(form.head);
      for (const row of rows()) {
        count++;
        out.add(lineOf(form, row, columns, count));
        for (const [i, value] of row.entries()) {
          const held = holds[i];
          const kind = kindOf(value);
          if (held !== undefined) held[kind] = (held[kind] ?? 0) + 1;
        }
      }
    } finally {
      out.close();
    }
    return { rows: count, columns: columns.map((column, i) => ({ ...column, holds: inOrder(holds[i] ?? {}) })) };
  });
}

/** What is wrong with the specification or a value is an answer, not a failure of the store. */
export function onSnapshot<T>(file: string, run: (db: Connection) => T): T | Refused {
  const db = openConnection(file, 'immutable');
  try {
    return run(db);
  } catch (thrown) {
    if (thrown instanceof UnfitValue) return { refused: 'value', message: thrown.message };
    if (thrown instanceof SpecError) return { refused: 'spec', message: thrown.message };
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT' || /database or disk is full/.test(message)) {
      throw new UnreadableStore('no-space', 'the folder for temporary files (TMPDIR) is full');
    }
    const error = unreadable(thrown);
    if (error instanceof UnreadableStore || (error as { code?: unknown }).code !== 'ERR_SQLITE_ERROR') throw error;
    return { refused: 'spec', message: (error as Error).message };
  } finally {
    db.close();
  }
}

function lineOf(form: RowForm, row: Row, columns: readonly ExportColumn[], number: number): string {
  const where = (at: number): string => `row ${number} of the export, column ${columns[at]?.name ?? ''}`;
  // Before it is made text: that would take all the memory there is.
  const large = row.findIndex((value) => value instanceof Uint8Array && value.length > MOST_CHARACTERS / 2);
  if (large >= 0) throw new UnfitValue(large, `${where(large)}: a blob of more than ${MOST_CHARACTERS / 2} bytes`);
  let line: string;
  try {
    line = form.line(row);
  } catch (error) {
    if (error instanceof UnfitValue) throw new UnfitValue(error.at, `${where(error.at)}: ${error.message}`);
    throw error;
  }
  if (line.length <= MOST_CHARACTERS) return line;
  throw new UnfitValue(
    0,
    `row ${number} of the export: more than ${MOST_CHARACTERS} characters, which nobody reads back`,
  );
}

const KINDS: readonly Kind[] = ['null', 'integer', 'real', 'text', 'blob'];

/** Not as the first rows happen to have them: the manifest of the same rows is the same. */
function inOrder(holds: Readonly<Partial<Record<Kind, number>>>): Partial<Record<Kind, number>> {
  return Object.fromEntries(KINDS.flatMap((kind) => (holds[kind] === undefined ? [] : [[kind, holds[kind]]])));
}

function kindOf(value: Value): Kind {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'bigint':
    case 'boolean':
      return 'integer';
    case 'number':
      return 'real';
    case 'string':
      return 'text';
    default:
      return value instanceof Uint8Array ? 'blob' : 'text';
  }
}
