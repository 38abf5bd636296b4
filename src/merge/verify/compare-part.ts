/**
 * Every row of one source table against the target, by joins. First all rows at once, column by column, which is all there is to do where
 * nothing differs; what is left, and what the ledger says was merged, is then looked at with the lines of the ledger beside it.
 */
import { balanced } from '../../rows/compare-sql.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { type CellCheck, cellChecks, type ValueOf } from './cells.ts';
import { exactly } from './equal.ts';
import type { Found } from './found.ts';
import type { Followed } from './translate.ts';
import { equalAddresses, type Landing, landings, numbered, type PartView } from './views.ts';

export interface PartCounts {
  readonly rows: number;
  readonly inserted: number;
  /** Of the inserted ones, those without a line of their own that are there. */
  readonly unlisted: number;
}

/** `changed`: the table of values that sources won since, where there are any (`changes.ts`). */
export function comparePart(
  db: Connection,
  view: PartView,
  followed: readonly Followed[],
  changed: string | null,
  found: Found,
): PartCounts {
  const checks = cellChecks(view, followed);
  const joins = followed.map((one) => one.joins).join(' ');
  const count = (sql: string): number => Number(db.row(sql)?.[0] ?? 0);
  const rows = count(`SELECT count(*) FROM ${view.src.from}`);
  makeOdd(db, view);
  let covered = 0;
  let inserted = 0;
  let unlisted = 0;
  let strangers = 0;
  for (const landing of landings(view)) {
    const isListed = landing.presence !== '1';
    const from = `${landing.from} ${joins} LEFT JOIN ${view.mrg.from} m ON ${there(view, landing)}`;
    const good = `(m.${view.mrg.address[0]} IS NOT NULL AND ${isListed ? listedOk(checks) : allOf(checks, 'inserted')})`;
    const isThere = `s.${view.src.address[0]} IS NOT NULL`;
    const isOdd = isListed
      ? `CASE WHEN ${isThere} AND NOT coalesce((r.presence = 4 AND r.k0 IS NULL) OR ${good}, 0) THEN 1 END`
      : `CASE WHEN ${good} THEN NULL ELSE 1 END`;
    const came = isListed ? `CASE WHEN r.presence = 1 AND ${isThere} THEN 1 END` : '1';
    const [lines = 0n, all = 0n, brought = 0n, odd = 0n] = (db.row(
      `SELECT count(*), count(s.${view.src.address[0]}), count(${came}), count(${isOdd}) FROM ${from} WHERE ${landing.where}`,
    ) ?? []) as readonly bigint[];
    strangers += Number(lines - all);
    covered += Number(all);
    inserted += Number(brought);
    if (!isListed) unlisted += Number(all);
    if (odd === 0n) continue;
    db.exec(`INSERT INTO temp.odd
      SELECT NULL, ${landing.presence}, ${landing.own.join(', ')}, ${landing.there.join(', ')}, m.${view.mrg.address[0]} IS NULL
      FROM ${from} WHERE ${landing.where} AND ${isOdd} = 1`);
    if (!isListed) unlisted -= count('SELECT count(*) FROM temp.odd WHERE gone');
  }
  const about = (what: Parameters<Found>[0], lost: number, detail: string): void =>
    found(what, view.table.table, view.source, lost, detail);
  about('unaccounted', strangers, 'lines of the ledger about rows that the source does not have');
  about('unaccounted', Math.max(0, rows - covered), 'rows of the source that the ledger says nothing of');
  about(
    'accounted-twice',
    Math.max(0, covered - rows),
    'rows of the source that several spans of the ledger reach over',
  );
  lookAtOdd(db, view, checks, joins, changed, found);
  db.exec('DROP TABLE temp.odd');
  return { rows, inserted, unlisted };
}

const there = (view: PartView, landing: Landing): string =>
  equalAddresses(
    view.mrg.address.map((column) => `m.${column}`),
    landing.there,
  );

const inTarget: ValueOf = (column) => `m.${quoteName(column)}`;

function allOf(checks: readonly CellCheck[], how: 'inserted' | 'met'): string {
  return balanced(
    checks.flatMap((check) => check[how]?.(inTarget) ?? []),
    'AND',
  );
}

/** Merged rows are looked at with their lines in any case. */
function listedOk(checks: readonly CellCheck[]): string {
  return `CASE r.presence WHEN 1 THEN ${allOf(checks, 'inserted')} WHEN 2 THEN ${allOf(checks, 'met')} ELSE 0 END`;
}

function makeOdd(db: Connection, view: PartView): void {
  const own = numbered('o', view.src.address.length);
  const k = numbered('k', view.mrg.address.length);
  db.exec(`DROP TABLE IF EXISTS temp.odd;
    CREATE TEMP TABLE odd (i INTEGER PRIMARY KEY, presence, ${[...own, ...k].join(', ')}, gone)`);
}

function lookAtOdd(
  db: Connection,
  view: PartView,
  checks: readonly CellCheck[],
  joins: string,
  changed: string | null,
  found: Found,
): void {
  const count = (sql: string): number => Number(db.row(sql)?.[0] ?? 0);
  const report = (what: Parameters<Found>[0], rows: number, detail: string): void =>
    found(what, view.table.table, view.source, rows, detail);
  report(
    'unaccounted',
    count('SELECT count(*) FROM temp.odd WHERE gone AND presence <> 4'),
    'rows whose row in the target does not exist',
  );
  report(
    'unaccounted',
    count('SELECT count(*) FROM temp.odd WHERE presence = 4'),
    'retained rows that name a row of the target',
  );
  report(
    'unaccounted',
    count('SELECT count(*) FROM temp.odd WHERE presence NOT IN (1, 2, 3, 4) OR presence IS NULL'),
    'lines of the ledger without a presence',
  );
  if (count('SELECT count(*) FROM temp.odd WHERE NOT gone') === 0) return;
  const own = numbered('odd.o', view.src.address.length);
  const k = numbered('odd.k', view.mrg.address.length);
  const on = (schema: 's' | 'm', columns: readonly string[], values: readonly string[]): string =>
    equalAddresses(
      columns.map((column) => `${schema}.${column}`),
      values,
    );
  const lines = view.listed === 0 ? null : `led.differs_${view.at}`;
  const from = `temp.odd JOIN ${view.src.from} s ON ${on('s', view.src.address, own)} ${joins}
    JOIN ${view.mrg.from} m ON ${on('m', view.mrg.address, k)}`;
  db.exec('DROP TABLE IF EXISTS temp.bad; CREATE TEMP TABLE bad (i, presence, name)');
  for (const check of checks) {
    const value: ValueOf = (column) => {
      const position = view.table.columns.findIndex(({ name }) => name === column);
      return changed === null ? inTarget(column) : asItStood(view, changed, k, position, inTarget(column));
    };
    const line =
      lines === null
        ? ''
        : `LEFT JOIN ${lines} d ON ${equalAddresses(numbered('d.o', own.length), own)} AND d."column" = ${check.position}`;
    const inserted = check.inserted?.(value) ?? '1';
    const met = check.met?.(value) ?? '1';
    // Of a line: the source's value is what this one lost or won, and what won stood there afterwards.
    const told =
      check.kept === null
        ? '0'
        : `${exactly('d.won', value(check.name))} AND CASE d.winner WHEN 0 THEN ${check.kept('d.lost')} WHEN 1 THEN ${check.kept('d.won')} ELSE 0 END`;
    const merged = lines === null ? met : `CASE WHEN d."column" IS NULL THEN ${met} ELSE ${told} END`;
    db.rows(
      `INSERT INTO temp.bad SELECT odd.i, odd.presence, ? FROM ${from} ${line}
       WHERE NOT gone AND NOT coalesce(CASE odd.presence WHEN 1 THEN ${inserted} WHEN 2 THEN ${met} WHEN 3 THEN ${merged} ELSE 1 END, 0)`,
      check.name,
    );
  }
  for (const [presence, what] of [
    [1, 'inserted-differs'],
    [2, 'identical-differs'],
    [3, 'merged-differs'],
  ] as const) {
    const names = db.rows('SELECT DISTINCT name FROM temp.bad WHERE presence = ? ORDER BY name', BigInt(presence));
    const rows = count(`SELECT count(DISTINCT i) FROM temp.bad WHERE presence = ${presence}`);
    report(what, rows, `columns ${names.map(([name]) => String(name)).join(', ')}`);
  }
  db.exec('DROP TABLE temp.bad');
}

/** A later source may have won since: then what stood here is what it put an end to. */
function asItStood(view: PartView, changed: string, k: readonly string[], position: number, now: string): string {
  const row = equalAddresses(numbered('ch.k', k.length), k);
  const later = `FROM ${changed} ch WHERE ${row} AND ch.c = ${position} AND ch.part > ${view.at}`;
  return `(CASE WHEN EXISTS (SELECT 1 ${later}) THEN (SELECT ch.was ${later} ORDER BY ch.part LIMIT 1) ELSE ${now} END)`;
}
