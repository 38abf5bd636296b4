/**
 * Rows as a store is to have them: `stage_<place>(n, op, a0…, v0…)`, `a` the address there, `v` every column that is written, in the order
 * of the table. A changed row is the store's own with the changed columns in it; one that came since is as it is now, in the columns that
 * the store has. References are still those of the merged store: `refs-back.ts` translates them.
 */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { type CatalogTable, key } from './catalog.ts';
import type { Moving } from './edges.ts';
import { addressNames, type Later, OP, tableIn } from './later-rows.ts';
import type { CarryInto, OwnColumn, Place } from './places.ts';
import { joined, list, numbered, of } from './sql.ts';

const LARGEST = 2n ** 63n - 1n;

/** The store is attached as `s`. */
export function stageStore(later: Later, { places }: CarryInto, moving: Moving): void {
  for (const place of places) {
    const { table } = place;
    if (table === null) continue;
    stageChanged(later, place, table);
    stageInserted(later, place, table);
    numberInserted(later, place, table, moving);
  }
}

/** Name of the column of the stage that holds a column of the store. */
export function cellOf(table: CatalogTable, own: string): string {
  return `v${table.written.findIndex((name) => key(name) === key(own))}`;
}

export function ownOf(place: Place, merged: string): OwnColumn | undefined {
  return place.columns.find((column) => key(column.merged) === key(merged));
}

/** Position of a column among those of its pair, as `changed` and `lost` count. */
export function positionOf(place: Place, merged: string): number {
  return place.pair.columns.findIndex((column) => key(column) === key(merged));
}

function stageChanged({ db }: Later, place: Place, table: CatalogTable): void {
  const { id, pair } = place;
  const a = numbered('a', table.address.columns.length);
  const cells = numbered('v', table.written.length);
  db.exec(`DROP TABLE IF EXISTS stage_${id};
    CREATE TABLE stage_${id} (n INTEGER PRIMARY KEY, op INTEGER NOT NULL, ${list(a, cells)})`);
  if (pair.c === null) return;
  const home = `home_${id} h CROSS JOIN row_${pair.i} r ON r.n = h.n`;
  const isOpen = `NOT EXISTS (SELECT 1 FROM refused f WHERE f.n = h.n AND f.place = ${id})`;
  const o = numbered('o', a.length, 'h');
  db.exec(`INSERT INTO stage_${id} (n, op, ${list(a)}) SELECT h.n, ${OP.deleted}, ${list(o)} FROM ${home}
    WHERE r.op = ${OP.deleted} AND ${isOpen}`);
  const known = new Map(place.columns.map((column) => [key(column.own), column]));
  const taken = place.columns.map(({ merged }) => positionOf(place, merged)).filter((at) => at >= 0);
  if (taken.length === 0) return;
  const from = `${home} CROSS JOIN ${tableIn('c', pair.c)} b ON ${joined(of('b', pair.c.address.columns), addressNames(pair, 'c', 'r'))}
    CROSS JOIN ${tableIn('s', table)} q ON ${joined(of('q', table.address.columns), o)}`;
  const isTaken = (at: string): string => `EXISTS (SELECT 1 FROM changed d WHERE d.n = h.n AND d.col IN (${at}))`;
  const isKept = (at: number): string =>
    `NOT EXISTS (SELECT 1 FROM lost f WHERE f.n = h.n AND f.place = ${id} AND f.col = ${at})`;
  const where = `r.op = ${OP.changed} AND ${isOpen} AND ${isTaken(taken.join(', '))}`;
  for (const column of place.columns) {
    const at = positionOf(place, column.merged);
    if (column.form === null || at < 0) continue;
    const fits = fitsSql(column, table, `q.${quoteName(column.own)}`);
    db.exec(`INSERT OR IGNORE INTO lost SELECT h.n, ${id}, ${at}, 'form' FROM ${from}
      WHERE ${where} AND ${isTaken(String(at))} AND NOT ${fits}`);
  }
  const values = table.written.map((own) => {
    const column = known.get(key(own));
    const at = column === undefined ? -1 : positionOf(place, column.merged);
    if (column === undefined || at < 0) return `q.${quoteName(own)}`;
    const value = backSql(column, table, `q.${quoteName(own)}`);
    return `CASE WHEN ${isTaken(String(at))} AND ${isKept(at)} THEN ${value} ELSE q.${quoteName(own)} END`;
  });
  db.exec(`INSERT INTO stage_${id} SELECT h.n, ${OP.changed}, ${list(o)}, ${list(values)} FROM ${from} WHERE ${where}`);
}

function stageInserted({ db }: Later, place: Place, table: CatalogTable): void {
  const { id, pair } = place;
  if (pair.c === null || !place.isMain) return;
  const from = `choice h CROSS JOIN row_${pair.i} r ON r.n = h.n
    CROSS JOIN ${tableIn('c', pair.c)} b ON ${joined(of('b', pair.c.address.columns), addressNames(pair, 'c', 'r'))} WHERE h.place = ${id}`;
  for (const column of place.columns) {
    if (column.form === null) continue;
    db.exec(`INSERT OR IGNORE INTO refused SELECT h.n, ${id}, 'form', ${text(column.merged)} FROM ${from}
      AND NOT ${fitsSql(column, table, 'NULL')}`);
  }
  const known = new Map(place.columns.map((column) => [key(column.own), column]));
  const values = table.written.map((own) => {
    const column = known.get(key(own));
    return column === undefined ? 'NULL' : backSql(column, table, 'NULL');
  });
  const a = table.address.columns.map(() => 'NULL');
  db.exec(`INSERT INTO stage_${id} SELECT h.n, ${OP.inserted}, ${list(a, values)} FROM ${from}`);
}

/** The value of `b` in the form of the store; `own`: what the store has there so far. */
function backSql(column: OwnColumn, table: CatalogTable, own: string): string {
  const cell = `b.${quoteName(column.merged)}`;
  if (column.form === null) return cell;
  return `CASE WHEN form_fits(${formArguments(column, table, own)}) THEN back_form(${formArguments(column, table, own)}) ELSE ${cell} END`;
}

function fitsSql(column: OwnColumn, table: CatalogTable, own: string): string {
  return `form_fits(${formArguments(column, table, own)})`;
}

function formArguments({ merged, own, form }: OwnColumn, table: CatalogTable, before: string): string {
  const cell = `b.${quoteName(merged)}`;
  const column = quoteName(own);
  const filter = form === 'empty-is-null' ? `${column} = ''` : `${column} IS NOT NULL`;
  const sample = `(SELECT ${column} FROM ${tableIn('s', table)} WHERE ${filter} LIMIT 1)`;
  return `'${form}', ${cell}, octet_length(${cell}), coalesce(${before}, ${sample})`;
}

/** Rows that came since keep their number where nobody has it and nothing refers to it, else get one beyond all others. */
function numberInserted(later: Later, place: Place, table: CatalogTable, moving: Moving): void {
  const { db } = later;
  const { id, pair, spec } = place;
  const { c } = pair;
  if (c === null || db.row(`SELECT 1 FROM stage_${id} WHERE op = ${OP.inserted}`) === undefined) return;
  const surrogate = spec === null ? c.address.ipk : spec.surrogate;
  const own = surrogate === null ? undefined : ownOf(place, surrogate);
  if (own !== undefined && surrogate !== null && moving(pair.name, surrogate)) {
    const v = cellOf(table, own.own);
    const column = quoteName(own.own);
    const taken = `EXISTS (SELECT 1 FROM ${tableIn('s', table)} q WHERE q.${column} = stage_${id}.${v})${ghostTaken(later, place, `stage_${id}.${v}`)}`;
    renumber(later, place, v, `typeof(${v}) = 'integer' AND (${taken})`, [
      `SELECT max(${column}) FROM ${tableIn('s', table)} WHERE typeof(${column}) = 'integer'`,
      `SELECT max(${quoteName(surrogate)}) FROM ${tableIn('c', c)} WHERE typeof(${quoteName(surrogate)}) = 'integer'`,
      ...givenAway(later, table),
      ...(hasLedger(later) ? ['SELECT max(max(old), max(new)) FROM l.ghosts'] : []),
    ]);
  }
  const { address } = table;
  if (address.isKey || (address.ipk !== null && hasColumn(place, address.ipk))) {
    const cells = address.columns.map((column, k) => `a${k} = ${cellOf(table, column)}`);
    db.exec(`UPDATE stage_${id} SET ${list(cells)} WHERE op = ${OP.inserted}`);
    return;
  }
  const rowid = quoteName(address.columns[0] ?? 'rowid');
  if (!c.address.isKey) {
    db.exec(
      `UPDATE stage_${id} SET a0 = (SELECT r.c0 FROM row_${pair.i} r WHERE r.n = stage_${id}.n) WHERE op = ${OP.inserted}`,
    );
  }
  const taken = `a0 IS NULL OR EXISTS (SELECT 1 FROM ${tableIn('s', table)} q WHERE q.${rowid} = stage_${id}.a0)`;
  renumber(later, place, 'a0', taken, [
    `SELECT max(${rowid}) FROM ${tableIn('s', table)}`,
    `SELECT max(a0) FROM stage_${id}`,
    ...givenAway(later, table),
  ]);
  if (address.ipk !== null) {
    db.exec(`UPDATE stage_${id} SET ${cellOf(table, address.ipk)} = a0 WHERE op = ${OP.inserted}`);
  }
}

export function hasColumn(place: Place, own: string): boolean {
  return place.columns.some((column) => key(column.own) === key(own));
}

function renumber({ db }: Later, { id }: Place, cell: string, where: string, highest: readonly string[]): void {
  const [count] = db.row(`SELECT count(*) FROM stage_${id} WHERE op = ${OP.inserted} AND (${where})`) ?? [];
  if (count === 0n || count === undefined) return;
  const all = highest.map((select) => BigInt(String(db.row(select)?.[0] ?? 0)));
  const base = all.reduce((most, one) => (one > most ? one : most), 0n);
  if (base + BigInt(String(count)) > LARGEST) {
    db.exec(
      `INSERT OR IGNORE INTO refused SELECT n, ${id}, 'no-free-id', NULL FROM stage_${id} WHERE op = ${OP.inserted} AND (${where})`,
    );
    return;
  }
  db.rows(
    `UPDATE stage_${id} SET ${cell} = f.at FROM (
      SELECT n, ? + row_number() OVER (ORDER BY n) AS at FROM stage_${id} WHERE op = ${OP.inserted} AND (${where})) f
     WHERE f.n = stage_${id}.n`,
    base,
  );
}

function givenAway({ db }: Later, table: CatalogTable): readonly string[] {
  if (!table.autoincrement) return [];
  return ['s', 'c'].flatMap((schema) =>
    db.row(`SELECT 1 FROM ${schema}.sqlite_schema WHERE name = 'sqlite_sequence'`) === undefined
      ? []
      : [`SELECT max(seq) FROM ${schema}.sqlite_sequence WHERE name = ${text(table.name)} COLLATE NOCASE`],
  );
}

/** Numbers that rows of the store refer to and that no row has. */
function ghostTaken(later: Later, { pair, part }: Place, value: string): string {
  if (!hasLedger(later)) return '';
  const mine =
    part === null
      ? 'g.part IS NULL'
      : `g.part IN (SELECT p.part FROM l.parts p WHERE p.store = (SELECT x.store FROM l.parts x WHERE x.part = ${part}))`;
  return ` OR EXISTS (SELECT 1 FROM l.ghosts g WHERE g.target_table = ${text(pair.name)} COLLATE NOCASE AND ${mine} AND g.old = ${value})`;
}

export function hasLedger({ db }: Later): boolean {
  return db.row("SELECT 1 FROM pragma_database_list WHERE name = 'l'") !== undefined;
}

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
