/**
 * Declared references that lead nowhere in the built store and did not before: the row that was put in, or the one whose going broke it, is
 * refused. What was broken before stays as it was.
 */
import type { Refusal } from './build.ts';
import type { CatalogTable } from './catalog.ts';
import { key } from './catalog.ts';
import { type Later, OP, tableIn } from './later-rows.ts';
import type { CarryInto, Place } from './places.ts';
import { differ, joined, list, numbered, of } from './sql.ts';

/** Before the rows went in, the store is attached as `s`, with them as `o`. */
export function brokenRefs(
  { db }: Later,
  into: CarryInto,
  tables: ReadonlyMap<string, CatalogTable>,
): readonly Refusal[] {
  const staged = into.places.filter(
    ({ id, table }) => table !== null && db.row(`SELECT 1 FROM stage_${id}`) !== undefined,
  );
  const touched = new Set(staged.map(({ table }) => key(table?.name ?? '')));
  const refusals: Refusal[] = [];
  for (const child of tables.values()) {
    for (const { columns, table, parentColumns } of child.foreignKeys) {
      const parent = tables.get(key(table));
      if (parent === undefined || !(touched.has(key(child.name)) || touched.has(key(parent.name)))) continue;
      const to = parentColumns.length > 0 ? parentColumns : parent.primaryKey;
      if (to.length !== columns.length) continue;
      const address = numbered('x', child.address.columns.length);
      const values = numbered('y', columns.length);
      db.exec(`CREATE TABLE broken (${list(address, values)})`);
      db.exec(`INSERT INTO broken ${newlyBroken(child, columns, parent, to)}`);
      for (const place of staged) refusals.push(...refusalsOf(db, place, { child, parent, to, address, values }));
      db.exec('DROP TABLE broken');
    }
  }
  return refusals;
}

function newlyBroken(
  child: CatalogTable,
  columns: readonly string[],
  parent: CatalogTable,
  to: readonly string[],
): string {
  const isBroken = (schema: string, alias: string): string => {
    const there = `SELECT 1 FROM ${tableIn(schema, parent)} p WHERE ${joined(of('p', to), of(alias, columns))}`;
    return `${of(alias, columns)
      .map((one) => `${one} IS NOT NULL`)
      .join(' AND ')} AND NOT EXISTS (${there})`;
  };
  const [a, b] = [of('a', child.address.columns), of('b', child.address.columns)];
  const before = `SELECT 1 FROM ${tableIn('s', child)} b WHERE ${joined(b, a)} AND NOT ${differ(of('a', columns), of('b', columns))} AND ${isBroken('s', 'b')}`;
  return `SELECT ${list(a, of('a', columns))} FROM ${tableIn('o', child)} a WHERE ${isBroken('o', 'a')} AND NOT EXISTS (${before})`;
}

interface Broken {
  readonly child: CatalogTable;
  readonly parent: CatalogTable;
  readonly to: readonly string[];
  readonly address: readonly string[];
  readonly values: readonly string[];
}

function refusalsOf(
  db: Later['db'],
  { id, table }: Place,
  { child, parent, to, address, values }: Broken,
): readonly Refusal[] {
  const found: (readonly unknown[])[] = [];
  const a = numbered('a', table?.address.columns.length ?? 0, 't');
  const mine = joined(
    address.map((x) => `f.${x}`),
    a,
  );
  const name = key(table?.name ?? '');
  if (name === key(child.name)) {
    found.push(...db.rows(`SELECT t.n FROM broken f CROSS JOIN stage_${id} t ON ${mine} WHERE t.op <> ${OP.deleted}`));
  }
  if (name === key(parent.name)) {
    // The row that was referred to went, or has another key now.
    const q = `${tableIn('s', parent)} q ON ${joined(of('q', parent.address.columns), a)}`;
    const met = joined(
      of('q', to),
      values.map((y) => `f.${y}`),
    );
    found.push(
      ...db.rows(
        `SELECT DISTINCT t.n FROM stage_${id} t CROSS JOIN ${q} CROSS JOIN broken f ON ${met} WHERE t.op <> ${OP.inserted}`,
      ),
    );
  }
  return found.map(([n]) => ({
    n: n as bigint,
    place: id,
    why: 'refused',
    detail: `FOREIGN KEY constraint failed: ${child.name} → ${parent.name}`,
  }));
}
