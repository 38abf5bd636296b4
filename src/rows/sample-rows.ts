/** Rows of large tables that stand for all: what is said of them is *likely* at most. */
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { addressOf, type Pairing, type Side } from './compare-sql.ts';

/** Rows spread evenly over the range of rowids (or both ends of the primary key), the same for equal tables. */
export function sampleSides(db: Connection, a: Table, b: Table, rows: number): Pairing['sides'] {
  return { a: sampleOf(db, 'a', a, rows), b: sampleOf(db, 'b', b, rows) };
}

function sampleOf(db: Connection, schema: 'a' | 'b', table: Table, rows: number): Side {
  const name = `temp.sample_${schema}`;
  const from = `${schema}.${quoteName(table.name)}`;
  const address = addressOf(table);
  const list = address.join(', ');
  db.exec(`DROP TABLE IF EXISTS ${name}`);
  if (table.withoutRowid) {
    const end = (direction: string): string =>
      `SELECT * FROM (SELECT ${list} FROM ${from} ORDER BY ${address.map((part) => `${part} ${direction}`).join(', ')} LIMIT ${rows >> 1})`;
    db.exec(`CREATE TEMP TABLE sample_${schema} AS ${end('ASC')} UNION ${end('DESC')}`);
  } else {
    const rowids = spread(db, schema, from, list, rows);
    db.exec(`CREATE TEMP TABLE sample_${schema} AS SELECT value AS ${list} FROM json_each('[${rowids}]')`);
  }
  return { schema, table, where: `(${list}) IN (SELECT * FROM ${name})` };
}

/** Samples by file, table and size: an audit asks for that of one table once per other store. Files do not change under it. */
const known = new Map<string, string>();
const KNOWN_MOST = 1_000;

/** Rowids as JSON, spread evenly over their range. */
function spread(db: Connection, schema: string, from: string, rowid: string, rows: number): string {
  const file = db.row('SELECT file FROM pragma_database_list WHERE name = ?', schema)?.[0];
  const key = JSON.stringify([String(file ?? ''), from, rows]);
  const before = file ? known.get(key) : undefined;
  if (before !== undefined) return before;
  // Each end by itself is looked up; both in one query would be a pass over the table.
  const end = (which: 'min' | 'max'): string => `(SELECT ${which}(${rowid}) FROM ${from})`;
  const span = `(SELECT ${end('min')} AS low, ${end('max')} AS high)`;
  const found = db.rows(
    `WITH RECURSIVE step(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM step WHERE n < ${rows - 1})
     SELECT DISTINCT (SELECT ${rowid} FROM ${from} WHERE ${rowid} >= low + CAST((high - low) * 1.0 / ${rows - 1} * n AS INTEGER) ORDER BY ${rowid} LIMIT 1) AS at
     FROM step, ${span} WHERE high IS NOT NULL AND at IS NOT NULL`,
  );
  const rowids = found.map(([at]) => String(at)).join(',');
  if (known.size >= KNOWN_MOST) known.clear();
  known.set(key, rowids);
  return rowids;
}

export function countOf(db: Connection, of: Side): number {
  return Number(db.row(`SELECT count(*) FROM temp.sample_${of.schema}`)?.[0] ?? 0);
}
