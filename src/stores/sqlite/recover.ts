import { type Connection, openConnection } from './driver.ts';

/**
 * Brings a private copy (main file with its WAL or hot journal) to the state that its next reader would see: frames of
 * committed transactions applied, uncommitted changes rolled back. Afterwards the main file alone is the store.
 */
export function recover(file: string): void {
  const db = openConnection(file, 'private');
  try {
    recoverOpened(db);
  } finally {
    db.close();
  }
}

/** For who goes on with the connection: one that was closed keeps its locks until garbage is collected. */
export function recoverOpened(db: Connection): void {
  db.row('SELECT count(*) FROM sqlite_schema');
  db.rows('PRAGMA wal_checkpoint(TRUNCATE)');
}
