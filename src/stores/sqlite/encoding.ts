/** How a file writes its text. A connection that holds nothing yet must be told: SQLite attaches files of one encoding only. */
import { openConnection } from './driver.ts';

/** `UTF-8`, `UTF-16le`, `UTF-16be`. */
export function encodingOf(file: string): string {
  const db = openConnection(file, 'immutable');
  try {
    return String(db.row('PRAGMA encoding')?.[0] ?? 'UTF-8');
  } finally {
    db.close();
  }
}
