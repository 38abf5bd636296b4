/**
 * Puts keys in the place of names: a staged text file gets a column with the key of the one row of the target that has the value, and nothing
 * where none has it or several have. In a child process; the staged file is ours, the target is only read.
 */
import { UnreadableStore } from '../stores/reader.ts';
import { fileUri, openConnection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import type { LookupSpec } from './model.ts';

export interface LookUpRequest {
  /** A staged text file, private. */
  readonly file: string;
  /** Snapshot of the target. */
  readonly target: string;
  readonly lookups: readonly (LookupSpec & { readonly of: string })[];
}

/** Text is compared byte for byte; numbers as they are written. */
export function lookUp({ file, target, lookups }: LookUpRequest): null {
  const db = openConnection(file, 'private');
  try {
    try {
      db.rows('ATTACH ? AS target', fileUri(target, 'immutable'));
    } catch (error) {
      if (!/text encoding/.test((error as Error).message)) throw error;
      throw new UnreadableStore('unsupported', 'the target has another text encoding than UTF-8');
    }
    for (const { of, from, as, table, by, gives } of lookups) {
      const known = db.rows('SELECT name FROM pragma_table_xinfo(?)', of).map(([name]) => name);
      if (known.includes(as)) continue;
      const own = `main.${quoteName(of)}`;
      db.exec(`CREATE TEMP TABLE found AS
        SELECT CAST(${quoteName(by)} AS TEXT) AS name, max(${quoteName(gives)}) AS key FROM target.${quoteName(table)}
        WHERE ${quoteName(by)} IS NOT NULL GROUP BY 1 HAVING count(*) = 1;
        CREATE UNIQUE INDEX temp.found_name ON found (name);
        ALTER TABLE ${own} ADD COLUMN ${quoteName(as)};
        UPDATE ${own} SET ${quoteName(as)} = (SELECT key FROM temp.found WHERE name = CAST(${quoteName(from)} AS TEXT));
        DROP TABLE temp.found`);
    }
  } finally {
    db.close();
  }
  return null;
}
