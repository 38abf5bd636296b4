/** The newest moment that the rows of a table name, found inside SQLite: freshness of the data, not of the file. */
import type { TableSummary } from '../../rows/summary.ts';
import { isEventTime, parseTimestamp } from '../../rows/timestamp.ts';
import type { Connection } from './driver.ts';
import { quoteName } from './quote.ts';
import type { Schema } from './schema.ts';

/** Above this many rows only the last ones are searched for the newest moment, unless an index leads to it. */
const SEARCHED_WHOLE = 200_000;
const SEARCHED_LAST = 50_000;

/** The newest event time of a table that was only sampled: inside SQLite, over the columns that qualify. */
export function newestOf(
  db: Connection,
  schema: Schema,
  profiles: TableSummary['profiles'],
  now: number,
  rows: number,
): { readonly at: string; readonly column: string } | undefined {
  const limits: Readonly<Record<string, string | bigint>> = {
    'timestamp-t': new Date(now).toISOString(),
    'timestamp-space': new Date(now).toISOString().replace('T', ' '),
    date: new Date(now).toISOString(),
    'epoch-s': BigInt(Math.floor(now / 1000)),
    'epoch-ms': BigInt(now),
  };
  const columns = schema.columns.flatMap(({ name }, i) => {
    const limit = limits[profiles[i]?.shape ?? ''];
    return limit !== undefined && isEventTime(name) ? [{ name, limit }] : [];
  });
  if (columns.length === 0) return undefined;
  const from = `main.${quoteName(schema.name)}`;
  const indexed = (name: string): boolean =>
    schema.indexes.some((index) => !index.partial && index.columns[0] === name);
  const some = rows > SEARCHED_WHOLE && !schema.withoutRowid;
  const searched = some ? `(SELECT * FROM ${from} ORDER BY rowid DESC LIMIT ${SEARCHED_LAST})` : from;
  const newest = columns.map(({ name }) => {
    const column = quoteName(name);
    return some && indexed(name)
      ? `(SELECT max(${column}) FROM ${from} WHERE ${column} <= ?)`
      : `max(CASE WHEN ${column} <= ? THEN ${column} END)`;
  });
  const values = db.row(`SELECT ${newest.join(', ')} FROM ${searched}`, ...columns.map(({ limit }) => limit)) ?? [];
  let best: { readonly at: string; readonly column: string } | undefined;
  columns.forEach(({ name }, i) => {
    const ms = parseTimestamp(values[i] ?? null);
    if (ms === null || ms > now) return;
    const at = new Date(ms).toISOString();
    if (best === undefined || at > best.at) best = { at, column: name };
  });
  return best;
}
