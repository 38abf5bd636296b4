/**
 * Keeps every other process out of a store, in rollback and in WAL mode, without changing a byte of it: the exclusive lock is asked
 * for before anything is read, so that the index of the WAL lies in this process's memory and no `-shm` is made. Never ended by
 * closing, which would write the WAL back: the process is killed.
 */
import { type Connection, openConnection } from './driver.ts';

export type HoldAnswer =
  | { readonly held: true }
  /** `busy`: another process has a lock. Else this store cannot be locked: no right to write, no database. */
  | { readonly held: false; readonly busy: boolean; readonly message: string };

/** Garbage collection closed a connection that nothing referred to, and the lock was gone. */
const held: Connection[] = [];

export function hold(file: string): HoldAnswer {
  try {
    const db = openConnection(file, 'exclusive');
    held.push(db);
    db.row('SELECT count(*) FROM sqlite_schema');
    // Beginning to write an empty file makes a journal. That it is being read keeps writers out as well.
    if (db.row('PRAGMA page_count')?.[0] !== 0n) db.exec('BEGIN EXCLUSIVE');
    return { held: true };
  } catch (error) {
    const { message } = error as Error;
    return { held: false, busy: /\block(ed|ing)\b|\bbusy\b/i.test(message), message };
  }
}

export function isHolding(): boolean {
  return held.length > 0;
}
