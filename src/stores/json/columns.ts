/**
 * Finds the columns of objects in the order in which their keys first appear, and lays objects out as rows. The same records
 * give the same columns, so a second reading needs nothing from the first.
 */
import { startSummary, type TableSummary } from '../../rows/summary.ts';
import type { Row, Value } from '../../rows/value.ts';
import { type ReadOptions, UnreadableStore } from '../reader.ts';
import { startNaming } from '../text-table.ts';
import type { Members } from './parser.ts';

/** Column that holds the name of each member where an object of objects is a table. */
export const KEY = '#key';

/** One object; `key` where it is a member of an object of objects. */
export interface Entry {
  readonly key?: string;
  readonly members: Members;
}

export interface Columns {
  readonly names: readonly string[];
  /** Adds the columns that this object needs. */
  note(entry: Entry): void;
  /** Cells in the order of `names`, as far as `width`. */
  row(entry: Entry, width: number): Row;
}

export function startColumns(): Columns {
  // An object's own `#key` must not pass for ours.
  const naming = startNaming(KEY);
  const names: string[] = [];
  const index = new Map<string, number>();
  return {
    names,
    note({ key, members }) {
      if (key !== undefined && names.length === 0) names.push(KEY);
      for (const name of members.keys()) {
        if (index.has(name)) continue;
        index.set(name, names.length);
        names.push(naming.add(name));
      }
    },
    row({ key, members }, width) {
      const row: Value[] = new Array<Value>(width).fill(null);
      if (key !== undefined) row[0] = key;
      for (const [name, value] of members) row[index.get(name) ?? width] = value;
      if (row.length > width) throw new UnreadableStore('changing', 'it has columns that were not there a moment ago');
      return row;
    },
  };
}

/** Held back until the columns are nearly always known; a later column costs a second pass. */
const HELD = 500;

/** A table being summarised. */
export interface Draft {
  readonly columns: Columns;
  add(entry: Entry): void;
  /** False: columns appeared after rows had been summarised; summarise again, with `columns` as they are now. */
  complete(): boolean;
  finish(): { readonly columns: readonly string[]; readonly summary: TableSummary };
}

/** `known` columns are complete: rows are summarised at once. */
export function startDraft(options: ReadOptions, known?: Columns): Draft {
  const columns = known ?? startColumns();
  let held: Entry[] = [];
  let width = -1;
  let summary: ReturnType<typeof startSummary> | undefined;
  const begin = (): ReturnType<typeof startSummary> => {
    width = columns.names.length;
    const begun = startSummary([...columns.names], options);
    for (const entry of held) begun.add(columns.row(entry, width));
    held = [];
    return begun;
  };
  return {
    columns,
    add(entry) {
      columns.note(entry);
      if (summary === undefined) {
        held.push(entry);
        if (known !== undefined || held.length >= HELD) summary = begin();
      } else if (columns.names.length === width) summary.add(columns.row(entry, width));
    },
    complete: () => summary === undefined || columns.names.length === width,
    finish() {
      summary ??= begin();
      return { columns: [...columns.names], summary: summary.finish() };
    },
  };
}
