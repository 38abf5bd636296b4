/**
 * Judges a carried store by comparison, from the files and the ledger alone: each row of the store is as it was before the run, but for those
 * that later rows went to, and each of these says what its later row says, read forwards through the ledger as the merge read it.
 */

import { quoteName } from '../../stores/sqlite/quote.ts';
import type { CatalogTable } from './catalog.ts';
import { key } from './catalog.ts';
import type { Ref } from './edges.ts';
import { addressNames, type Later, OP, tableIn } from './later-rows.ts';
import type { CarryInto, Place } from './places.ts';
import { differ, joined, list, numbered, of } from './sql.ts';

/** As it was is attached as `s`, as it is to be as `o`. Returns what is wrong, without values; empty: nothing. */
export function checkCarried(
  later: Later,
  into: CarryInto,
  tables: ReadonlyMap<string, CatalogTable>,
  refs: readonly Ref[],
): readonly string[] {
  const wrong: string[] = [];
  for (const table of tables.values()) wrong.push(...otherRows(later, into, table));
  for (const place of into.places) {
    if (place.table !== null) wrong.push(...ownRows(later, place, place.table, refs));
  }
  return wrong;
}

/** Rows that no later row went to. */
function otherRows({ db }: Later, { places }: CarryInto, table: CatalogTable): readonly string[] {
  const mine = places.filter((place) => place.table === table || key(place.table?.name ?? '') === key(table.name));
  const staged = (alias: string): string =>
    mine
      .map(({ id }) => {
        const a = numbered('a', table.address.columns.length, 't');
        return `EXISTS (SELECT 1 FROM stage_${id} t WHERE ${joined(bare(of(alias, table.address.columns)), a)})`;
      })
      .join(' OR ') || '0';
  const [s, o] = [of('x', table.address.columns), of('y', table.address.columns)];
  const all = table.columns.map(({ name }) => name);
  const count = (sql: string): number => Number(db.row(`SELECT count(*) FROM ${sql}`)?.[0] ?? 0);
  for (const { id } of mine) {
    const a = numbered('a', table.address.columns.length);
    db.exec(`CREATE INDEX IF NOT EXISTS stage_${id}_a ON stage_${id} (${list(a)})`);
  }
  const kept = count(`${tableIn('s', table)} x WHERE NOT (${staged('x')}) AND NOT EXISTS (
    SELECT 1 FROM ${tableIn('o', table)} y WHERE ${joined(o, s)} AND NOT ${differ(of('x', all), of('y', all))})`);
  const more = count(
    `${tableIn('o', table)} y WHERE NOT (${staged('y')}) AND NOT EXISTS (SELECT 1 FROM ${tableIn('s', table)} x WHERE ${joined(s, o)})`,
  );
  return [
    ...(kept > 0 ? [`${table.name}: ${kept} rows are not as they were`] : []),
    ...(more > 0 ? [`${table.name}: ${more} rows came from nowhere`] : []),
  ];
}

/** Compared as they are, so that an index of columns without a type serves. */
function bare(columns: readonly string[]): readonly string[] {
  return columns.map((column) => `+${column} COLLATE BINARY`);
}

/** Rows that later rows went to. */
function ownRows({ db }: Later, place: Place, table: CatalogTable, refs: readonly Ref[]): readonly string[] {
  const { id, pair } = place;
  const { c } = pair;
  if (c === null || db.row(`SELECT 1 FROM stage_${id}`) === undefined) return [];
  const a = numbered('a', table.address.columns.length, 't');
  const at = `${tableIn('o', table)} y WHERE ${joined(of('y', table.address.columns), a)}`;
  const count = (sql: string): number => Number(db.row(`SELECT count(*) FROM ${sql}`)?.[0] ?? 0);
  const wrong: string[] = [];
  // Somebody may have been given the number of a row that went.
  const others = `SELECT 1 FROM stage_${id} z WHERE z.op <> ${OP.deleted} AND ${joined(numbered('a', a.length, 'z'), a)}`;
  const there = count(
    `stage_${id} t WHERE t.op = ${OP.deleted} AND EXISTS (SELECT 1 FROM ${at}) AND NOT EXISTS (${others})`,
  );
  const gone = count(`stage_${id} t WHERE t.op <> ${OP.deleted} AND NOT EXISTS (SELECT 1 FROM ${at})`);
  if (there > 0) wrong.push(`${table.name}: ${there} deleted rows are there`);
  if (gone > 0) wrong.push(`${table.name}: ${gone} carried rows are not there`);
  const moved = new Set(
    refs
      .filter(({ child }) => child === pair)
      .flatMap(({ columns, moves }) => columns.filter((_, k) => moves[k]).map(key)),
  );
  const surrogate = place.spec === null ? c.address.ipk : place.spec.surrogate;
  const row = `stage_${id} t CROSS JOIN row_${pair.i} r ON r.n = t.n CROSS JOIN ${tableIn('c', c)} b
    ON ${joined(of('b', c.address.columns), addressNames(pair, 'c', 'r'))} CROSS JOIN ${tableIn('o', table)} y
    ON ${joined(of('y', table.address.columns), a)}`;
  for (const [k, column] of pair.columns.entries()) {
    const own = place.columns.find(({ merged }) => key(merged) === key(column));
    if (own === undefined || moved.has(key(column)) || key(column) === key(surrogate ?? '')) continue;
    const [is, be] = [`y.${quoteName(own.own)}`, `b.${quoteName(column)}`];
    const isMeant = `(t.op = ${OP.inserted} OR EXISTS (SELECT 1 FROM changed d WHERE d.n = t.n AND d.col = ${k} AND NOT EXISTS (
      SELECT 1 FROM lost f WHERE f.n = t.n AND f.place = ${id} AND f.col = ${k})))`;
    const differs =
      own.form === null
        ? `${is} IS NOT ${be} COLLATE BINARY AND CAST(${is} AS TEXT) IS NOT CAST(${be} AS TEXT) COLLATE BINARY`
        : `NOT form_means('${own.form}', ${is}, octet_length(${is}), ${be}, octet_length(${be}))`;
    const bad = count(`${row} WHERE t.op <> ${OP.deleted} AND ${isMeant} AND ${differs}`);
    if (bad > 0) wrong.push(`${table.name}.${own.own}: ${bad} carried rows hold another value`);
  }
  wrong.push(...unchangedCells({ db }, place, table));
  return wrong;
}

/** Cells of a changed row that no change is meant for. */
function unchangedCells({ db }: Pick<Later, 'db'>, place: Place, table: CatalogTable): readonly string[] {
  const { id, pair } = place;
  const a = numbered('a', table.address.columns.length, 't');
  const rows = `stage_${id} t CROSS JOIN ${tableIn('s', table)} x ON ${joined(of('x', table.address.columns), a)}
    CROSS JOIN ${tableIn('o', table)} y ON ${joined(of('y', table.address.columns), a)}`;
  return table.written.flatMap((own) => {
    const column = place.columns.find((one) => key(one.own) === key(own));
    const k = column === undefined ? -1 : pair.columns.findIndex((one) => key(one) === key(column.merged));
    const isMeant = `EXISTS (SELECT 1 FROM changed d WHERE d.n = t.n AND d.col = ${k} AND NOT EXISTS (
      SELECT 1 FROM lost f WHERE f.n = t.n AND f.place = ${id} AND f.col = ${k}))`;
    const differs = differ([`x.${quoteName(own)}`], [`y.${quoteName(own)}`]);
    const [bad] =
      db.row(`SELECT count(*) FROM ${rows} WHERE t.op = ${OP.changed} AND NOT ${isMeant} AND ${differs}`) ?? [];
    return bad === 0n ? [] : [`${table.name}.${own}: ${bad} carried rows changed where they did not`];
  });
}

/** References of carried rows: what they lead to in the store came to the row that the later row refers to. */
export function checkRefs({ db }: Later, into: CarryInto, refs: readonly Ref[]): readonly string[] {
  const wrong: string[] = [];
  for (const place of into.places) {
    const { table, id } = place;
    if (table === null || db.row(`SELECT 1 FROM stage_${id}`) === undefined) continue;
    for (const ref of refs) {
      const [first] = ref.columns;
      if (ref.child !== place.pair || ref.kind === 'json' || first === undefined) continue;
      const own = ref.columns.map((column) => place.columns.find(({ merged }) => key(merged) === key(column))?.own);
      const to = into.places.find((one) => one.pair === ref.to && one.isMain);
      if (
        own.some((one) => one === undefined) ||
        to?.table === undefined ||
        to.table === null ||
        place.idsOf.has(key(first))
      )
        continue;
      const keys = ref.toColumns.map((column) => to.columns.find(({ merged }) => key(merged) === key(column))?.own);
      if (keys.some((one) => one === undefined)) continue;
      const parent = to.table;
      const a = numbered('a', table.address.columns.length, 't');
      const k = ref.columns.map((column) => place.pair.columns.findIndex((one) => key(one) === key(column))).join(', ');
      const isOpen = `NOT EXISTS (SELECT 1 FROM lost f WHERE f.n = t.n AND f.place = ${id} AND f.col IN (${k}))`;
      // The row that it leads to here, if any, must be the one that its later row refers to.
      const home = `SELECT 1 FROM home_${to.id} h WHERE h.n = e.parent AND ${joined(of('p', parent.address.columns), numbered('o', parent.address.columns.length, 'h'))}`;
      const fresh = `SELECT 1 FROM stage_${to.id} z WHERE z.n = e.parent AND ${joined(of('p', parent.address.columns), numbered('a', parent.address.columns.length, 'z'))}`;
      const [bad] =
        db.row(`SELECT count(*) FROM stage_${id} t CROSS JOIN edge e ON e.child = t.n AND e.ref = ${ref.index}
          CROSS JOIN ${tableIn('o', table)} y ON ${joined(of('y', table.address.columns), a)}
          WHERE t.op <> ${OP.deleted} AND ${isOpen} AND NOT EXISTS (SELECT 1 FROM edge w WHERE w.child = e.child AND w.ref < e.ref
            AND w.ref IN (${refs
              .filter(({ child, columns }) => child === ref.child && columns.some((one) => ref.columns.includes(one)))
              .map(({ index }) => index)
              .join(', ')}))
          AND NOT EXISTS (SELECT 1 FROM ${tableIn('o', parent)} p WHERE ${joined(of('p', keys as string[]), of('y', own as string[]))} AND (EXISTS (${home}) OR EXISTS (${fresh})))`) ??
        [];
      if (bad !== 0n) wrong.push(`${table.name}: ${bad} carried rows refer to other rows of ${parent.name}`);
    }
  }
  return wrong;
}
