/**
 * The Reader of JSON and JSONL. Rows are objects: the elements of a top array or the lines of JSONL (one table named after the
 * file); the arrays of objects in a top object (a table each, what is left as the one row of `#document`); or the members of
 * an object of at least three objects that share their keys (one table, the member's name as `#key`). A missing key and an
 * explicit null are both null. A single object is refused: it is no store.
 */
import type { Table } from '../model.ts';
import { type Reader, type ReadOptions, UnreadableStore } from '../reader.ts';
import { newestFreshness, tableNameOf, textTable } from '../text-table.ts';
import { type Draft, startColumns, startDraft } from './columns.ts';
import { type Event, walkDocument, walkLines } from './document.ts';
import { formOf, placeRecords, startShape } from './records.ts';

/** Opens the file at `path`. Nothing is read before `contents` or `rows`. */
export function openJsonReader(path: string, kind: 'json' | 'jsonl'): Reader {
  const walk = (): Iterable<Event> => (kind === 'json' ? walkDocument(path) : walkLines(path));
  const name = tableNameOf(path);
  return {
    contents: async (options) => {
      const tables = readTables(walk, name, options);
      const freshness = newestFreshness(tables);
      return { tables, migrations: [], ...(freshness === undefined ? {} : { freshness }) };
    },
    async *rows(table) {
      const form = formOf(table);
      const columns = startColumns();
      for (const placed of placeRecords(walk(), name, form)) {
        if (placed.form !== form || placed.table !== table.name || placed.entry === undefined) continue;
        columns.note(placed.entry);
        yield columns.row(placed.entry, table.columns.length);
      }
    },
    close: () => {},
  };
}

/**
 * One pass over the file where its tables show all their columns early. A second one, for all tables that need it at once,
 * where a column appeared late, or where there is a `#document`, whose members could not be told from a keyed object's at first.
 */
function readTables(walk: () => Iterable<Event>, name: string, options: ReadOptions): readonly Table[] {
  const shape = startShape();
  const first = summarise(watched(walk(), shape.note), name, options, ['rows', 'keyed']);
  const forms = shape.forms();
  if (forms.length === 0) throw new UnreadableStore('unsupported', 'a single object, not rows');
  const drafts = new Map([...first].filter(([, { form }]) => forms.includes(form)));
  const late = [...drafts].filter(([, { draft }]) => !draft.complete());
  if (late.length > 0 || forms.includes('document')) {
    for (const [id, draft] of summarise(walk(), name, options, forms, first)) {
      if (draft.form === 'document' || late.some(([other]) => other === id)) drafts.set(id, draft);
    }
  }
  return [...drafts.values()].map(({ table, draft }) => {
    const { columns, summary } = draft.finish();
    return textTable(table, columns, summary);
  });
}

interface Drafted {
  readonly form: ReturnType<typeof formOf>;
  readonly table: string;
  readonly draft: Draft;
}

/** Drafts by form and name, in the order of the file. Tables that `known` has complete are left out. */
function summarise(
  events: Iterable<Event>,
  name: string,
  options: ReadOptions,
  forms: readonly Drafted['form'][],
  known: ReadonlyMap<string, Drafted> = new Map(),
): ReadonlyMap<string, Drafted> {
  const drafts = new Map<string, Drafted>();
  for (const { form, table, entry } of placeRecords(events, name, ...forms)) {
    const id = `${form} ${table}`;
    const before = known.get(id)?.draft;
    if (before?.complete() === true) continue;
    const drafted = drafts.get(id) ?? { form, table, draft: startDraft(options, before?.columns) };
    drafts.set(id, drafted);
    if (entry !== undefined) drafted.draft.add(entry);
  }
  return drafts;
}

function* watched(events: Iterable<Event>, see: (event: Event) => void): Generator<Event, void, void> {
  for (const event of events) {
    see(event);
    yield event;
  }
}
