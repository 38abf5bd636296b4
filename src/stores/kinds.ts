/** Every kind of store that can be read, one line each. Servers will join here with a Reader of their own. */
import type { Source } from './child/protocol.ts';
import type { Reader } from './reader.ts';

/** Imported when the first store of the kind is read: most children never see a text store. */
const openers: Readonly<Record<Source['kind'], (file: string) => Promise<Reader>>> = {
  sqlite: async (file) => (await import('./sqlite/sqlite-reader.ts')).openSqliteReader(file, 'immutable'),
  csv: async (file) => (await import('./csv/csv-reader.ts')).openCsvReader(file),
  json: async (file) => (await import('./json/json-reader.ts')).openJsonReader(file, 'json'),
  jsonl: async (file) => (await import('./json/json-reader.ts')).openJsonReader(file, 'jsonl'),
};

/** Runs in child processes only. Throws `UnreadableStore`. */
export function openReader(source: Source): Promise<Reader> {
  return openers[source.kind](source.file);
}
