/**
 * What one store says of the rows in which values differed: its own lines of the ledger, and where it agreed with what was there then and a later
 * store won over both, the line of that one. Into `temp.wanted`: address in the merged file, and a value per column.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { PRESENCE, WINNER } from '../ledger-schema.ts';
import type { MergeSpec, TableSpec } from '../model.ts';
import { attach } from '../values/open-stage.ts';
import { ledgerPart } from '../verify/ledger-parts.ts';
import { type Shape, shapeOf } from '../verify/shapes.ts';
import { equalAddresses, landings, numbered, type PartView } from '../verify/views.ts';
import type { SettleWish } from './words.ts';

export interface Wanted {
  readonly merge: MergeSpec;
  readonly table: TableSpec;
  /** In the merged file. */
  readonly own: Shape;
  readonly columns: readonly string[];
  readonly wish: SettleWish;
  /** Position of the store among the sources; -1: it is none. */
  readonly source: number;
  /** Its snapshot. */
  readonly file: string | undefined;
}

/** `why`: the store has no say. */
export function valuesOf(db: Connection, wanted: Wanted): { readonly why: string } | null {
  const { own, columns, wish, source, file } = wanted;
  const keys = numbered('k', own.address.length);
  const values = numbered('v', columns.length);
  db.exec(`DROP TABLE IF EXISTS temp.wanted; DROP TABLE IF EXISTS temp.said;
    CREATE TEMP TABLE said (${keys.join(', ')}, "column" INTEGER NOT NULL, value, PRIMARY KEY (${keys.join(', ')}, "column"))`);
  const target = String(db.row('SELECT target FROM led.ledger')?.[0] ?? '');
  if (wish.from === target) {
    const why = ofTarget(db, wanted);
    if (why !== null) return { why };
  } else {
    if (source < 0 || file === undefined) return { why: `${wish.from} is no store of the merge into ${target}` };
    ofSource(db, wanted, file);
  }
  // In a column that nobody disagreed about, the row holds what every store says.
  const cells = columns.map(
    (name, i) =>
      `iif(EXISTS (SELECT 1 FROM temp.said s WHERE ${isRow(keys, 's', 'm')} AND s."column" = ${i}), (SELECT value FROM temp.said s WHERE ${isRow(keys, 's', 'm')} AND s."column" = ${i}), m.${quoteName(name)}) AS ${values[i]}`,
  );
  function isRow(names: readonly string[], alias: string, merged: string): string {
    return names.map((name, i) => `${alias}.${name} = +${merged}.${own.address[i]}`).join(' AND ');
  }
  const at = own.address.map((one, i) => `m.${one} AS ${keys[i]}`);
  const rows = `(SELECT DISTINCT ${keys.join(', ')} FROM temp.said) r`;
  const join = own.address.map((one, i) => `m.${one} = r.${keys[i]}`).join(' AND ');
  db.exec(
    `CREATE TEMP TABLE wanted AS SELECT ${[...at, ...cells].join(', ')} FROM ${rows} CROSS JOIN ${own.from} m ON ${join}`,
  );
  return null;
}

/** What its rows held before the merge, where anything differed from it. */
function ofTarget(db: Connection, { table, columns, own, wish }: Wanted): string | null {
  const before =
    db.row("SELECT 1 FROM pragma_database_list WHERE name = 'tgt'") === undefined
      ? null
      : shapeOf(db, 'tgt', table.table);
  if (before === null) return `${wish.from} had no table ${table.table} before the merge`;
  const keys = numbered('k', own.address.length);
  for (const [i, name] of columns.entries()) {
    if (!before.columns.some((one) => one.name.toLowerCase() === name.toLowerCase())) continue;
    for (const { view } of partsInto(db, table)) {
      const lines = `led.differs_${view.at} d JOIN led.rows_${view.at} l ON ${equalAddresses(numbered('d.o', view.from), numbered('l.o', view.from))}`;
      const isBefore = before.address.map((one, j) => `t.${one} = l.${keys[j]}`).join(' AND ');
      db.exec(`INSERT INTO temp.said SELECT DISTINCT ${keys.map((key) => `l.${key}`).join(', ')}, ${i}, t.${quoteName(name)}
        FROM ${lines} CROSS JOIN ${before.from} t ON ${isBefore} WHERE d."column" = ${positionOf(table, name)} ON CONFLICT DO NOTHING`);
    }
  }
  return null;
}

function ofSource(db: Connection, { merge, table, own, columns, source }: Wanted, file: string): void {
  attach(db, 'src', file);
  try {
    const { path, kind } = merge.sources[source] ?? { path: '', kind: 'sqlite' };
    const all = partsInto(db, table);
    for (const spec of table.parts.filter((part) => part.source === source)) {
      const src = shapeOf(db, 'src', spec.table);
      const line = ledgerPart(db, path, spec.table, table.table);
      if (src === null || line === undefined) continue;
      const spans = !src.withoutRowid && !own.withoutRowid;
      const view: PartView = { ...line, spans, spec, table, source: path, isText: kind === 'text', src, mrg: own };
      for (const [i, name] of columns.entries()) {
        if (spec.columns[name] === undefined) continue;
        ownLines(db, view, positionOf(table, name), i);
        overruled(
          db,
          view,
          positionOf(table, name),
          i,
          all.filter(({ view: { at } }) => at > line.at),
        );
      }
    }
  } finally {
    db.exec('DETACH src');
  }
}

/** Where it differed from what was there: its value lost, or won and may have lost later. */
function ownLines(db: Connection, view: PartView, position: number, i: number): void {
  const from = numbered('d.o', view.src.address.length);
  const keys = numbered('l.k', view.mrg.address.length);
  db.exec(`INSERT INTO temp.said SELECT ${keys.join(', ')}, ${i}, iif(d.winner = ${WINNER.source}, d.won, d.lost)
    FROM led.differs_${view.at} d JOIN led.rows_${view.at} l ON ${equalAddresses(from, numbered('l.o', from.length))}
    WHERE d."column" = ${position} ON CONFLICT DO NOTHING`);
}

/** Where it did not differ, and a store after it won: what lost then is what it said too. The first of those counts. */
function overruled(db: Connection, view: PartView, position: number, i: number, later: readonly KnownPart[]): void {
  const keys = numbered('k', view.mrg.address.length);
  const silent = landings(view).filter(({ presence }) => presence !== 'r.presence' || view.listed > 0);
  for (const { view: next } of later) {
    db.exec(`DROP TABLE IF EXISTS temp.lost; CREATE TEMP TABLE lost AS
      SELECT ${keys.map((key) => `l.${key} AS ${key}`).join(', ')}, d.lost AS value
      FROM led.differs_${next.at} d JOIN led.rows_${next.at} l ON ${equalAddresses(numbered('d.o', next.from), numbered('l.o', next.from))}
      WHERE d."column" = ${position} AND d.winner = ${WINNER.source}`);
    if (db.row('SELECT 1 FROM temp.lost LIMIT 1') === undefined) continue;
    db.exec(`CREATE INDEX temp.lost_rows ON lost (${keys.join(', ')})`);
    for (const { from, where, there, presence } of silent) {
      const isThere = keys.map((key, j) => `x.${key} = +${there[j]}`).join(' AND ');
      db.exec(`INSERT INTO temp.said SELECT ${keys.map((key) => `x.${key}`).join(', ')}, ${i}, x.value
        FROM ${from} JOIN temp.lost x ON ${isThere} WHERE ${where} AND ${presence} IN (${PRESENCE.inserted}, ${PRESENCE.identical}, ${PRESENCE.merged}) ON CONFLICT DO NOTHING`);
    }
  }
}

interface KnownPart {
  /** Number in the ledger, and columns of an address in its store. */
  readonly view: { readonly at: number; readonly from: number };
}

/** All parts of the ledger that came into a table, in their order. */
function partsInto(db: Connection, { table }: TableSpec): readonly KnownPart[] {
  return db.rows('SELECT part FROM led.parts WHERE target_table = ? ORDER BY part', table).map(([part]) => {
    const at = Number(part);
    const columns = db.rows(`SELECT name FROM pragma_table_xinfo('rows_${at}', 'led')`).map(([name]) => String(name));
    return { view: { at, from: columns.filter((name) => /^o\d+$/.test(name)).length } };
  });
}

function positionOf({ columns }: TableSpec, name: string): number {
  return columns.findIndex((one) => one.name === name);
}
