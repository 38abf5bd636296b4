/** Says to which table each record of a JSON file belongs, and which of the forms a file has that its records allow. */
import type { Value } from '../../rows/value.ts';
import { startNaming } from '../text-table.ts';
import { type Entry, KEY } from './columns.ts';
import type { Event } from './document.ts';
import { JsonParser } from './parser.ts';

/**
 * `rows`: elements of an array, or lines. `keyed`: members of an object of objects. `document`: what is left of a top object
 * beside its arrays of objects; one row, so that nothing of the file goes unseen.
 */
export type Form = 'rows' | 'keyed' | 'document';

/** Name of the table of form `document`. */
export const DOCUMENT = '#document';

export interface Placed {
  readonly form: Form;
  readonly table: string;
  /** `undefined`: the table is there and this says nothing about its rows. */
  readonly entry?: Entry;
}

/** Records as rows of tables; only those of the `wanted` forms. `name`: the table of a file that holds one. */
export function* placeRecords(
  events: Iterable<Event>,
  name: string,
  ...wanted: readonly Form[]
): Generator<Placed, void, void> {
  const names = startNaming(DOCUMENT);
  const tables = new Map<string, string>();
  const tableOf = (member: string): string => {
    const table = tables.get(member) ?? names.add(member);
    tables.set(member, table);
    return table;
  };
  const rest = new Map<string, Value>();
  for (const event of events) {
    switch (event.kind) {
      case 'array':
        yield { form: 'rows', table: name };
        break;
      case 'element':
        yield { form: 'rows', table: name, entry: event };
        break;
      case 'row':
        yield { form: 'rows', table: tableOf(event.name), entry: { members: event.members } };
        break;
      case 'empty-array':
        yield { form: 'rows', table: tableOf(event.name) };
        break;
      case 'object':
        if (wanted.includes('keyed'))
          yield { form: 'keyed', table: name, entry: { key: event.name, members: event.members } };
        if (wanted.includes('document')) rest.set(event.name, cellOf(event.source));
        break;
      case 'value':
        if (wanted.includes('document')) rest.set(event.name, cellOf(event.source));
        break;
    }
  }
  if (rest.size > 0) yield { form: 'document', table: DOCUMENT, entry: { members: rest } };
}

function cellOf(source: string): Value {
  const parser = new JsonParser();
  parser.text = source;
  return parser.cell();
}

/** The form of a table that this module named. */
export function formOf(table: { readonly name: string; readonly columns: readonly { readonly name: string }[] }): Form {
  if (table.name === DOCUMENT) return 'document';
  return table.columns[0]?.name === KEY ? 'keyed' : 'rows';
}

/** Fewer objects, or objects that share less than half of their keys, are settings rather than rows. */
const KEYED_ROWS = 3;
const KEYED_SHARE = 0.5;

export interface Shape {
  note(event: Event): void;
  /** The records that are rows; empty where the file holds a single object. */
  forms(): readonly Form[];
}

export function startShape(): Shape {
  const counts = { array: 0, element: 0, row: 0, 'empty-array': 0, object: 0, value: 0 };
  const keys = new Set<string>();
  let cells = 0;
  return {
    note(event) {
      counts[event.kind]++;
      if (event.kind !== 'object') return;
      cells += event.members.size;
      if (keys.size < 10_000) for (const key of event.members.keys()) keys.add(key);
    },
    forms() {
      const rest = counts.object + counts.value;
      if (counts.array > 0) return ['rows'];
      if (counts.row > 0) return rest > 0 ? ['rows', 'document'] : ['rows'];
      if (counts['empty-array'] > 0) return rest > 0 ? [] : ['rows'];
      const share = cells / (counts.object * keys.size);
      return counts.value === 0 && counts.object >= KEYED_ROWS && share >= KEYED_SHARE ? ['keyed'] : [];
    },
  };
}
