/** Every kind of store that can be read, one line each. Servers will join here with a Reader of their own. */
import type { Source } from './child/protocol.ts';
import { openCsvReader } from './csv/csv-reader.ts';
import { openJsonReader } from './json/json-reader.ts';
import type { Reader } from './reader.ts';
import { openSqliteReader } from './sqlite/sqlite-reader.ts';

const openers: Readonly<Record<Source['kind'], (file: string) => Reader>> = {
  sqlite: (file) => openSqliteReader(file, 'immutable'),
  csv: (file) => openCsvReader(file),
  json: (file) => openJsonReader(file, 'json'),
  jsonl: (file) => openJsonReader(file, 'jsonl'),
};

/** Runs in child processes only. Throws `UnreadableStore`. */
export function openReader(source: Source): Reader {
  return openers[source.kind](source.file);
}
