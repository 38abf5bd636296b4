/**
 * Writes staged rows into the copy of a store: rows that changed or were deleted go out, then come back as they are to be, then those that
 * came since. No trigger fires but those that keep a full-text index in step, no conflict clause of the schema acts, no foreign key deletes.
 * What the store refuses is told row by row.
 */
import type { Connection, SqlValue } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { refusalOf } from '../engine/refusal.ts';
import { type CatalogTable, key } from './catalog.ts';
import { type Later, OP, tableIn } from './later-rows.ts';
import type { AsideReason } from './model.ts';
import type { CarryInto, Place } from './places.ts';
import { list, numbered, of } from './sql.ts';
import { cellOf, hasColumn, text } from './stage.ts';
import { withoutTriggers } from './triggers.ts';

export interface Refusal {
  readonly n: bigint;
  readonly place: number;
  readonly why: AsideReason;
  readonly detail: string | null;
}

type Staged = Place & { readonly table: CatalogTable };

/** The copy is attached as `o`, in a transaction. */
export function buildStore(later: Later, into: CarryInto, virtual: ReadonlySet<string>): readonly Refusal[] {
  const { db } = later;
  const places = into.places.filter((place): place is Staged => place.table !== null && hasStaged(db, place));
  const refusals: Refusal[] = [];
  const tables = new Set(places.map(({ table }) => key(table.name)));
  withoutTriggers(db, tables, virtual, () => {
    for (const place of places) takeOut(db, place, refusals);
    for (const op of [OP.changed, OP.inserted]) for (const place of places) putIn(db, place, op, refusals);
  });
  for (const place of places) refusals.push(...wouldChange(db, place));
  moveSequences(later, into, places);
  return refusals;
}

export function hasStaged(db: Connection, { id, table }: Place): boolean {
  return table !== null && db.row(`SELECT 1 FROM stage_${id}`) !== undefined;
}

function takeOut(db: Connection, { id, table }: Staged, refusals: Refusal[]): void {
  const a = numbered('a', table.address.columns.length);
  const remove = db.prepare(`DELETE FROM ${tableIn('o', table)} WHERE (${list(quoted(table.address.columns))}) =
    (SELECT ${list(a)} FROM stage_${id} WHERE n = ?)`);
  for (const [n = null] of db.each(`SELECT n FROM stage_${id} WHERE op <> ${OP.inserted} ORDER BY n`)) {
    attempt(() => remove(n), n, id, refusals);
  }
}

function putIn(db: Connection, place: Staged, op: number, refusals: Refusal[]): void {
  const { id, table } = place;
  // Where the store lacks a value of a new row, its default stands.
  const columns =
    op === OP.inserted
      ? table.written.filter((own) => hasColumn(place, own) || own === table.address.ipk)
      : table.written;
  const names = quoted(columns);
  const cells = columns.map((own) => cellOf(table, own));
  const { address } = table;
  if (!address.isKey && address.ipk === null) {
    names.push(quoteName(address.columns[0] ?? 'rowid'));
    cells.push('a0');
  }
  const insert = db.prepare(
    `INSERT OR ABORT INTO ${tableIn('o', table)} (${list(names)}) SELECT ${list(cells)} FROM stage_${id} WHERE n = ?`,
  );
  const refused = new Set(refusals.filter((one) => one.place === id).map(({ n }) => n));
  for (const [n = null] of db.each(`SELECT n FROM stage_${id} WHERE op = ${op} ORDER BY n`)) {
    if (!refused.has(n as bigint)) attempt(() => insert(n), n, id, refusals);
  }
}

function attempt(work: () => void, n: SqlValue, place: number, refusals: Refusal[]): void {
  try {
    work();
  } catch (error) {
    const detail = refusalIn(error);
    if (detail === null) throw error;
    refusals.push({ n: n as bigint, place, why: 'refused', detail });
  }
}

/** What a store says of a row, also that its own functions are missing here. A full disk or a damaged page is no refusal. */
function refusalIn(error: unknown): string | null {
  const { message } = error as Error;
  const isMissing = /^no such (function|collation sequence|module)|^unsafe use of|unknown function/i.test(message);
  return refusalOf(error) ?? (isMissing ? (message.split('\n')[0]?.slice(0, 200) ?? '') : null);
}

/** The column turned a value into another one that cannot be turned back. */
function wouldChange(db: Connection, place: Staged): readonly Refusal[] {
  const { id, table } = place;
  const { address } = table;
  const a = numbered('a', address.columns.length, 't');
  const changed = (columns: readonly string[]): string =>
    columns
      .map((own) => {
        const [now, was] = [`q.${quoteName(own)}`, `t.${cellOf(table, own)}`];
        const back = `(typeof(${now}) <> 'blob' AND typeof(${was}) <> 'blob' AND typeof(${now}) <> typeof(${was}) AND CAST(${now} AS TEXT) IS CAST(${was} AS TEXT) COLLATE BINARY)`;
        return `SELECT ${text(own)} AS own WHERE ${was} IS NOT ${now} COLLATE BINARY AND NOT ${back}`;
      })
      .join(' UNION ALL ');
  const on = of('q', address.columns)
    .map((one, k) => `${one} = ${a[k]}`)
    .join(' AND ');
  const found: Refusal[] = [];
  for (const [op, columns] of [
    [OP.changed, table.written],
    [OP.inserted, table.written.filter((own) => hasColumn(place, own))],
  ] as const) {
    for (let from = 0; from < columns.length; from += 100) {
      const some = columns.slice(from, from + 100);
      const sql = `SELECT t.n, (SELECT own FROM (${changed(some)}) LIMIT 1) AS bad FROM stage_${id} t
        CROSS JOIN ${tableIn('o', table)} q ON ${on} WHERE t.op = ${op} AND bad IS NOT NULL`;
      for (const [n, own] of db.each(sql)) {
        found.push({ n: n as bigint, place: id, why: 'would-change', detail: String(own) });
      }
    }
  }
  return found;
}

/** Numbers that were given away since are not given away again. */
function moveSequences({ db }: Later, into: CarryInto, places: readonly Staged[]): void {
  if (into.index !== 0) return;
  for (const { table, pair } of places) {
    if (!table.autoincrement || pair.m?.autoincrement !== true || pair.c?.autoincrement !== true) continue;
    const seq = (schema: string): bigint =>
      (db.row(`SELECT max(seq) FROM ${schema}.sqlite_sequence WHERE name = ?`, table.name)?.[0] ?? 0n) as bigint;
    const [before, now] = [seq('m'), seq('c')];
    if (now <= before || now <= seq('o')) continue;
    db.rows('UPDATE o.sqlite_sequence SET seq = ? WHERE name = ?', now, table.name);
    if (seq('o') !== now) db.rows('INSERT INTO o.sqlite_sequence (name, seq) VALUES (?, ?)', table.name, now);
  }
}

function quoted(names: readonly string[]): string[] {
  return names.map(quoteName);
}
