/** What a failed merge is told as: which store cannot be read, or what is missing; anything else is a bug and stays one. */

import { UnreadableStore } from '../../stores/reader.ts';
import { type Connection, fileUri } from '../../stores/sqlite/driver.ts';
import type { MergeRequest } from '../model.ts';

/** What SQLite says where a store needs what only its own program has. */
const FOREIGN =
  /no such (module|collation sequence|function)|unknown tokenizer|unsafe use of|hide all names of the rowid|same text encoding/i;

/** `source`: the position of the one that was attached as `s`, if any. */
export function failureOf(
  db: Connection,
  { spec, target }: MergeRequest,
  source: number | null,
  error: unknown,
): unknown {
  if (error instanceof UnreadableStore) return error;
  const message = error instanceof Error ? error.message : String(error);
  const full = fullDisk(error);
  if (full !== null) return full;
  const path = source === null ? target.path : (spec.sources[source]?.path ?? '');
  if (/malformed|corrupt|not a database|encrypted/i.test(message)) {
    const whose = source === null || isSound(db) ? target.path : path;
    return new UnreadableStore('corrupt', `${whose}: ${message}`);
  }
  return FOREIGN.test(message) ? new UnreadableStore('unsupported', `${path}: ${message}`) : error;
}

/** `null`: it is not that. SQLite says it in words, a copy with the system's code. */
export function fullDisk(error: unknown): UnreadableStore | null {
  const message = error instanceof Error ? error.message : String(error);
  return /database or disk is full|\bENOSPC\b|\bEDQUOT\b/i.test(message)
    ? new UnreadableStore('no-space', 'the disk is full where the merged file is written')
    : null;
}

/** Whether the source can be read: then it is another file that cannot. */
function isSound(db: Connection): boolean {
  try {
    return db.row('PRAGMA s.quick_check(1)')?.[0] === 'ok';
  } catch {
    return false;
  }
}

export function attach(db: Connection, schema: string, file: string | undefined): void {
  db.rows(`ATTACH ? AS ${schema}`, fileUri(file ?? '', 'immutable'));
}

/** With one source attached as `s`; a failure says which it was. */
export function during<T>(db: Connection, request: MergeRequest, source: number, work: () => T): T {
  try {
    attach(db, 's', request.files.sources[source]);
    const result = work();
    db.exec('DETACH s');
    return result;
  } catch (error) {
    throw failureOf(db, request, source, error);
  }
}
