/** A new file that values are staged into, with the merge that they come from and the store that gets them beside it, which are only read. */
import { type Connection, fileUri, openConnection } from '../../stores/sqlite/driver.ts';
import { encodingOf } from '../../stores/sqlite/encoding.ts';
import type { StageValuesRequest } from './model.ts';

/** The merged store is `mrg`, its ledger `led`, the store as it is `cur`. */
export function openStage({ to, merged, ledger, current }: StageValuesRequest): Connection {
  const db = openConnection(to, 'create');
  try {
    // What is attached must be of one encoding with what is open. Whoever asked makes the file durable.
    db.exec(`PRAGMA encoding = '${encodingOf(merged)}'; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;`);
    attach(db, 'mrg', merged);
    attach(db, 'led', ledger);
    attach(db, 'cur', current);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

export function attach(db: Connection, name: string, file: string): void {
  db.rows(`ATTACH ? AS ${name}`, fileUri(file, 'immutable'));
}
