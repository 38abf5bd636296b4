/** Answers one query of the owner on a copy of a store; whatever the query says, nothing is written. */
import { openConnection, type SqlValue } from './driver.ts';

/** As JSON can say it: whole numbers beyond 2⁵³ as text, bytes as `x'…'`. */
export type ExpectedCell = string | number | null;

export interface ExpectedRows {
  readonly rows: readonly (readonly ExpectedCell[])[];
  /** There were more than `limit`. */
  readonly more: boolean;
}

/** `file`: a private copy, with its sidecars. Throws what SQLite says of the query. */
export function expectRows(file: string, sql: string, limit: number): ExpectedRows {
  const db = openConnection(file, 'private');
  try {
    db.exec('PRAGMA query_only = ON');
    const rows: ExpectedCell[][] = [];
    for (const row of db.each(sql)) {
      if (rows.length === limit) return { rows, more: true };
      rows.push(row.map(cell));
    }
    return { rows, more: false };
  } finally {
    db.close();
  }
}

function cell(value: SqlValue): ExpectedCell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
}
