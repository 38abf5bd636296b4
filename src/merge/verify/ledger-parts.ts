/** Which lines of the ledger are about which table of the specification, and whether their sums are what the rows say. */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { Found } from './found.ts';
import { equalAddresses, numbered, type PartView } from './views.ts';

export interface LedgerPart {
  readonly at: number;
  readonly listed: number;
}

/** `undefined`: the ledger knows nothing of it. */
export function ledgerPart(db: Connection, source: string, from: string, to: string): LedgerPart | undefined {
  const row = db.row(
    `SELECT part FROM led.parts JOIN led.stores USING (store)
     WHERE role = 'source' AND path = ? AND source_table = ? AND target_table = ?`,
    source,
    from,
    to,
  );
  if (row === undefined) return undefined;
  const at = Number(row[0]);
  const listed = Number(db.row(`SELECT count(*) FROM led.rows_${at}`)?.[0] ?? 0);
  return { at, listed };
}

/** Lines that are not about what they say. Those about no row are found when rows are compared. */
export function checkLines(db: Connection, view: PartView, found: Found): void {
  const { table } = view.table;
  const count = (sql: string): number => Number(db.row(sql)?.[0] ?? 0);
  const problem = (what: Parameters<Found>[0], rows: number, detail: string): void =>
    found(what, table, view.source, rows, detail);
  if (view.spans) {
    const meeting = `SELECT count(*) FROM (SELECT first, max(last) OVER (ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM led.spans WHERE part = ${view.at}) WHERE before >= first`;
    problem('accounted-twice', count(meeting), 'spans of the ledger that meet');
  }
  if (view.listed === 0) return;
  const lines = numbered('r.o', view.src.address.length);
  const differing = numbered('d.o', lines.length);
  const positions = view.table.columns.flatMap(({ name }, i) => (view.spec.columns[name] === undefined ? [] : [i]));
  const idle = `SELECT count(*) FROM led.differs_${view.at} d LEFT JOIN led.rows_${view.at} r ON ${equalAddresses(lines, differing)}
    WHERE r.presence IS NOT 3 OR d."column" NOT IN (${positions.join(', ')})`;
  problem(
    'merged-differs',
    count(idle),
    'values in the ledger of rows that were not merged, or of columns that do not come in',
  );
  const silent = `SELECT count(*) FROM led.rows_${view.at} WHERE presence = 4 AND (rule IS NULL OR rule NOT IN (SELECT rule FROM led.rules))`;
  problem('unaccounted', count(silent), 'retained rows without a reason');
}

/** The sums that the ledger states, counted once more. */
export function checkSums(
  db: Connection,
  view: PartView,
  counts: { readonly rows: number; readonly inserted: number },
  found: Found,
): void {
  const [identical = 0, merged = 0, retained = 0] =
    db
      .row(
        `SELECT ${[2, 3, 4].map((presence) => `count(*) FILTER (WHERE presence = ${presence})`).join(', ')} FROM led.rows_${view.at}`,
      )
      ?.map(Number) ?? [];
  const o = numbered('o', view.src.address.length).join(', ');
  const conflicts = Number(db.row(`SELECT count(*) FROM (SELECT DISTINCT ${o} FROM led.differs_${view.at})`)?.[0] ?? 0);
  const real = {
    rows: counts.rows,
    inserted: counts.inserted,
    identical,
    merged,
    retained,
    conflicts,
  };
  const names = Object.keys(real) as (keyof typeof real)[];
  const stated = db.row(`SELECT ${names.join(', ')} FROM led.parts WHERE part = ${view.at}`) ?? [];
  for (const [i, name] of names.entries()) {
    const by = Math.abs(Number(stated[i]) - real[name]);
    found(
      'counts',
      view.table.table,
      view.source,
      by,
      `the ledger states ${stated[i]} as ${name}, counted are ${real[name]}`,
    );
  }
  for (const column of view.spec.leftOut) {
    const name = quoteName(column);
    const filled = Number(
      db.row(`SELECT count(*) FROM ${view.src.from} WHERE ${name} IS NOT NULL AND ${name} IS NOT ''`)?.[0] ?? 0,
    );
    const told = db.row(
      'SELECT filled FROM led.left_out WHERE part = ? AND source_column = ?',
      BigInt(view.at),
      column,
    );
    const by = Math.abs(Number(told?.[0] ?? 0) - filled);
    found('counts', view.table.table, view.source, by, `values of the column ${column}, which is left out`);
  }
}
