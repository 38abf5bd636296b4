/**
 * What a backup says of a store that it holds: which tables with how many rows, and, asked for, what SQLite thinks of its whole
 * content. Only of files that are ours.
 */
import { type Connection, openConnection } from './driver.ts';
import { quoteName } from './quote.ts';
import { recoverOpened } from './recover.ts';

export interface CopyFacts {
  /** Real tables; virtual ones would run the code of their module. A table that cannot be counted is not here but in `notCounted`. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly notCounted: readonly { readonly name: string; readonly why: string }[];
  /** Pages × page size: what the file must be long. */
  readonly bytes: number;
}

export interface WholeCheck {
  /** `ok`, or the first of SQLite's messages. */
  readonly integrity: string;
  /** Rows whose foreign key leads nowhere. */
  readonly brokenReferences: number;
}

/** Brings a private copy with its sidecars to one file that opens by itself: recovered, and out of WAL mode. */
export function recoverWhole(file: string): void {
  const db = openConnection(file, 'private');
  try {
    recoverOpened(db);
    db.rows('PRAGMA journal_mode = DELETE');
  } finally {
    db.close();
  }
}

export function describeCopy(file: string, whole: boolean): CopyFacts & Partial<WholeCheck> {
  const db = openConnection(file, 'immutable');
  try {
    const names = db.rows(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    );
    const tables: { name: string; rows: number }[] = [];
    const notCounted: { name: string; why: string }[] = [];
    for (const [cell] of names) {
      const name = String(cell);
      try {
        tables.push({ name, rows: Number(db.row(`SELECT count(*) FROM main.${quoteName(name)}`)?.[0] ?? 0) });
      } catch (error) {
        notCounted.push({ name, why: firstLine((error as Error).message) });
      }
    }
    const number = (pragma: string): number => Number(db.row(`PRAGMA main.${pragma}`)?.[0] ?? 0);
    const bytes = number('page_count') * number('page_size');
    return { tables, notCounted, bytes, ...(whole ? checkWhole(db) : {}) };
  } finally {
    db.close();
  }
}

function checkWhole(db: Connection): WholeCheck {
  return { integrity: integrityOf(db), brokenReferences: brokenReferencesOf(db) };
}

function integrityOf(db: Connection): string {
  try {
    return firstLine(String(db.row('PRAGMA main.integrity_check(1)')?.[0] ?? 'ok'));
  } catch (error) {
    return firstLine((error as Error).message);
  }
}

/** A constraint that cannot be checked (it names a table or column that is not there) breaks nothing here. */
function brokenReferencesOf(db: Connection): number {
  let count = 0;
  for (const [name] of db.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")) {
    try {
      count += Number(db.row('SELECT count(*) FROM pragma_foreign_key_check(?)', String(name))?.[0] ?? 0);
    } catch {
      // Counted by the audit, with the reason.
    }
  }
  return count;
}

/** Messages name tables and pages; what stands behind might be content. */
function firstLine(message: string): string {
  return message.split('\n')[0]?.slice(0, 200) ?? '';
}
