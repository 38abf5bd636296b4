/**
 * References of staged rows, from keys of the merged store to keys of the store that they go to: where the row that is referred to lies
 * there, as it will be. What has no key there is not carried, and a value that refers to nothing goes on doing so.
 */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { type CatalogTable, key } from './catalog.ts';
import { ofType, type Ref } from './edges.ts';
import { addressNames, type Later, OP, tableIn } from './later-rows.ts';
import { type CarryInto, type Place, parentPlace } from './places.ts';
import { joined, numbered, of } from './sql.ts';
import { cellOf, hasLedger, ownOf, positionOf, text } from './stage.ts';

/** A column of a place whose values are other ones there. */
interface Moved {
  readonly place: Place & { readonly table: CatalogTable };
  readonly column: string;
  /** Column of the stage. */
  readonly cell: string;
  /** Position among the columns of the pair. */
  readonly at: number;
  readonly refs: readonly Ref[];
}

/** The store is attached as `s`. Parents before what refers to them. */
export function refsBack(later: Later, into: readonly CarryInto[], { places }: CarryInto, refs: readonly Ref[]): void {
  const order = parentsFirst(
    places.map(({ pair }) => pair.i),
    refs,
  );
  for (const i of order) {
    for (const place of places) {
      const { table } = place;
      if (place.pair.i !== i || table === null) continue;
      const mine = refs.filter(({ child }) => child === place.pair);
      for (const column of new Set(mine.flatMap(({ columns }) => columns))) {
        const own = ownOf(place, column);
        const moving = mine.filter((ref) =>
          ref.columns.some((one, k) => key(one) === key(column) && ref.moves[k] === true),
        );
        if (own === undefined || moving.length === 0) continue;
        const cell = cellOf(table, own.own);
        translate(later, into, {
          place: { ...place, table },
          column,
          cell,
          at: positionOf(place, column),
          refs: moving,
        });
      }
    }
  }
}

function parentsFirst(pairs: readonly number[], refs: readonly Ref[]): readonly number[] {
  const done = new Set<number>();
  const visit = (i: number): void => {
    if (done.has(i)) return;
    done.add(i);
    for (const { child, to } of refs) if (child.i === i) visit(to.i);
    order.push(i);
  };
  const order: number[] = [];
  for (const i of pairs) visit(i);
  return order;
}

function translate(later: Later, into: readonly CarryInto[], moved: Moved): void {
  const { db } = later;
  const { place, cell, refs } = moved;
  db.exec('DROP TABLE IF EXISTS swap; CREATE TABLE swap (n INTEGER, element, was, ok INTEGER NOT NULL, value)');
  for (const ref of refs) {
    db.exec(`INSERT INTO swap ${led(moved, ref, parentPlace(into, place, moved.column, ref.to))}`);
  }
  const kind = refs[0]?.kind;
  for (const ref of refs)
    if (ref.columns.length === 1) ghosts(later, moved, ref, parentPlace(into, place, moved.column, ref.to));
  const why = `CASE ok WHEN 0 THEN 'no-old-key' ELSE 'would-refer' END`;
  db.exec(`
    INSERT OR IGNORE INTO refused SELECT n, ${place.id}, ${why}, ${text(moved.column)} FROM swap
      WHERE ok <= 0 AND n IN (SELECT n FROM inserted);
    INSERT OR IGNORE INTO lost SELECT n, ${place.id}, ${moved.at}, ${why} FROM swap
      WHERE ok <= 0 AND n NOT IN (SELECT n FROM inserted);`);
  db.exec('CREATE INDEX swap_n ON swap (n)');
  const stage = `stage_${place.id}`;
  if (kind === 'json') {
    const map = `(SELECT json_group_object(x.was, CAST(x.value AS TEXT)) FROM swap x WHERE x.n = ${stage}.n)`;
    db.exec(`UPDATE ${stage} SET ${cell} = coalesce(json_put_ids(${cell}, ${map}, octet_length(${cell})), ${cell})
      WHERE n IN (SELECT n FROM swap WHERE ok = 1)`);
    return;
  }
  db.exec(`UPDATE ${stage} SET ${cell} = (SELECT CASE WHEN x.value IS x.was THEN ${stage}.${cell}
      WHEN typeof(${stage}.${cell}) = 'text' AND typeof(x.value) IN ('integer', 'real') THEN CAST(x.value AS TEXT)
      WHEN typeof(${stage}.${cell}) = 'real' AND typeof(x.value) = 'integer' THEN CAST(x.value AS REAL)
      ELSE x.value END FROM swap x WHERE x.n = ${stage}.n)
    WHERE n IN (SELECT n FROM swap WHERE ok = 1)`);
}

/** Rows whose value in the column is to be written: those that came since, and those in which it changed and was not given up. */
function isOpen({ place, at }: Moved, n: string): string {
  return `(${n} IN (SELECT n FROM inserted) OR EXISTS (SELECT 1 FROM changed d WHERE d.n = ${n} AND d.col = ${at}
    AND NOT EXISTS (SELECT 1 FROM lost f WHERE f.n = ${n} AND f.place = ${place.id} AND f.col = ${at})))`;
}

/** An earlier reference of the column leads to a row. */
function isFirst({ refs }: Moved, ref: Ref): string {
  const earlier = refs.filter(({ index }) => index < ref.index).map(({ index }) => index);
  if (earlier.length === 0) return '1';
  return `NOT EXISTS (SELECT 1 FROM edge y WHERE y.child = e.child AND y.ref IN (${earlier.join(', ')}))`;
}

function led(moved: Moved, ref: Ref, to: Place | undefined): string {
  const { place, column } = moved;
  const toColumn = ref.toColumns[ref.columns.findIndex((one) => key(one) === key(column))] ?? '';
  const own = to === undefined ? undefined : ownOf(to, toColumn);
  const c = ref.to.c;
  const where = `e.ref = ${ref.index} AND ${isFirst(moved, ref)} AND ${isOpen(moved, 'e.child')}`;
  const from = `stage_${place.id} t CROSS JOIN edge e ON e.child = t.n`;
  if (to?.table === null || to === undefined || own === undefined || c === null) {
    return `SELECT e.child, e.element, NULL, 0, NULL FROM ${from} WHERE ${where}`;
  }
  const { table } = to;
  if (to.store !== place.store) {
    // Another store is not open now: its number is the address, or it is not known.
    const isAddress = key(table.address.columns[0] ?? '') === key(own.own) && table.address.columns.length === 1;
    return `SELECT e.child, e.element, NULL, ${isAddress ? 'h.n IS NOT NULL' : '0'}, ${isAddress ? 'h.o0' : 'NULL'}
      FROM ${from} LEFT JOIN home_${to.id} h ON h.n = e.parent WHERE ${where}`;
  }
  const o = numbered('o', table.address.columns.length, 'h');
  const before = `(SELECT q.${quoteName(own.own)} FROM ${tableIn('s', table)} q WHERE ${joined(of('q', table.address.columns), o)})`;
  const staged = `(p.n IS NOT NULL AND p.op <> ${OP.deleted})`;
  const was = `(SELECT x.${quoteName(toColumn)} FROM ${tableIn('c', c)} x CROSS JOIN row_${ref.to.i} r ON ${joined(of('x', c.address.columns), addressNames(ref.to, 'c', 'r'))} WHERE r.n = e.parent)`;
  return `SELECT e.child, e.element, ${was}, ${staged} OR (h.n IS NOT NULL AND p.n IS NULL), CASE WHEN ${staged} THEN p.${cellOf(table, own.own)} ELSE ${before} END
    FROM ${from} LEFT JOIN stage_${to.id} p ON p.n = e.parent LEFT JOIN home_${to.id} h ON h.n = e.parent WHERE ${where}`;
}

/** Values that lead to no row now: what they were in the store, where the ledger knows; else themselves, unless somebody there has that number. */
function ghosts(later: Later, moved: Moved, ref: Ref, to: Place | undefined): void {
  const { db } = later;
  const { place, cell, refs } = moved;
  const all = refs.map(({ index }) => index).join(', ');
  const isJson = ref.kind === 'json';
  const value = isJson ? 'e.value' : `t.${cell}`;
  const array = `CASE WHEN typeof(t.${cell}) = 'text' AND json_valid(t.${cell}) THEN t.${cell} ELSE '[]' END`;
  const from = `stage_${place.id} t${isJson ? ` CROSS JOIN json_each(${array}) e` : ''}`;
  const leads = `EXISTS (SELECT 1 FROM edge y WHERE y.child = t.n AND y.ref IN (${all})${isJson ? ' AND y.element = e.key' : ''})`;
  const { pair } = place;
  const type =
    ref.type === null || pair.c === null
      ? ''
      : ` AND EXISTS (SELECT 1 FROM ${tableIn('c', pair.c)} x CROSS JOIN row_${pair.i} r ON ${joined(of('x', pair.c.address.columns), addressNames(pair, 'c', 'r'))} WHERE r.n = t.n${ofType(ref, 'x')})`;
  const old =
    place.part === null || !hasLedger(later)
      ? 'NULL'
      : `(SELECT g.old FROM l.ghosts g WHERE g.target_table = ${text(ref.to.name)} COLLATE NOCASE AND g.part = ${place.part} AND g.new = ${value})`;
  const taken = isTaken(to?.store === place.store ? to : undefined, ref, value);
  db.exec(`INSERT INTO swap SELECT t.n, ${isJson ? 'e.key' : '0'}, ${value},
      CASE WHEN ${old} IS NOT NULL THEN 1 WHEN ${taken} THEN -1 ELSE 1 END, coalesce(${old}, ${value})
    FROM ${from} WHERE t.op <> ${OP.deleted} AND ${value} IS NOT NULL AND NOT ${leads}${type} AND ${isOpen(moved, 't.n')}
      AND NOT EXISTS (SELECT 1 FROM swap z WHERE z.n = t.n${isJson ? ' AND z.element = e.key' : ''})`);
}

/** A row of the store has that key, before or after. */
function isTaken(to: Place | undefined, ref: Ref, value: string): string {
  const own = to === undefined ? undefined : ownOf(to, ref.toColumns[0] ?? '');
  if (to?.table === undefined || to.table === null || own === undefined) return '0';
  const { table, id } = to;
  const a = numbered('a', table.address.columns.length, 'p');
  const gone = `EXISTS (SELECT 1 FROM stage_${id} p WHERE p.op = ${OP.deleted} AND ${joined(of('q', table.address.columns), a)})`;
  return `(EXISTS (SELECT 1 FROM ${tableIn('s', table)} q WHERE q.${quoteName(own.own)} = ${value} AND NOT ${gone})
    OR EXISTS (SELECT 1 FROM stage_${id} p WHERE p.op = ${OP.inserted} AND p.${cellOf(table, own.own)} = ${value}))`;
}
