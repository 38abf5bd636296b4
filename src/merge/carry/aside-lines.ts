/**
 * Rows that are kept aside, one JSON object per line, exactly (docs/merging.md, "Rows kept aside"): integers beyond 2⁵³ as
 * `{"int":"…"}`, reals without a fraction as `{"real":"…"}`, blobs as `{"blob":base64}`, text that is no UTF-8 as `{"text":base64}`.
 */
import { BrokenText, type Row, type Value } from '../../rows/value.ts';
import { openScratchText } from '../../stores/scratch-text.ts';
import { cellExpressions, decodeRow, type TextEncoding } from '../../stores/sqlite/cells.ts';
import type { SqlValue } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { CatalogTable } from './catalog.ts';
import { addressNames, type Later, OP, type Pair, tableIn } from './later-rows.ts';
import type { CarryInto, Place } from './places.ts';
import { joined, list, numbered, of } from './sql.ts';

export type AsideCell =
  | null
  | number
  | string
  | { readonly int: string }
  | { readonly real: string }
  | { readonly blob: string }
  | { readonly text: string };

const WHAT: Readonly<Record<number, string>> = {
  [OP.inserted]: 'inserted',
  [OP.changed]: 'changed',
  [OP.deleted]: 'deleted',
};

export function asideCell(value: Value): AsideCell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : { int: String(value) };
  if (typeof value === 'number')
    return Number.isInteger(value) || !Number.isFinite(value)
      ? { real: Object.is(value, -0) ? '-0' : String(value) }
      : value;
  if (value instanceof BrokenText) return { text: Buffer.from(value.bytes).toString('base64') };
  if (value instanceof Uint8Array) return { blob: Buffer.from(value).toString('base64') };
  return typeof value === 'boolean' ? Number(value) : value;
}

/** Returns the number of lines. `file`: a new file, 0600. */
export function writeAside(later: Later, into: readonly CarryInto[], store: string, file: string): number {
  const { db, pairs } = later;
  const encoding = String(db.row('PRAGMA main.encoding')?.[0]) as TextEncoding;
  const places = into.flatMap((one) => one.places);
  let lines = 0;
  const out = openScratchText(file);
  try {
    for (const pair of pairs) {
      for (const [n = null, op] of db.each(
        `SELECT n, op FROM row_${pair.i} WHERE n IN (SELECT n FROM aside) ORDER BY n`,
      )) {
        const reasons = db.rows('SELECT why, detail, place, col FROM aside WHERE n = ? ORDER BY place, col', n);
        const line = {
          ...{ store, table: pair.name, is: WHAT[Number(op)] ?? '' },
          why: reasons.map((one) => whyOf(pair, places, one)),
          ...(op === BigInt(OP.deleted) ? {} : { now: rowOf(later, pair, 'c', n, encoding) }),
          ...(op === BigInt(OP.inserted) ? {} : { before: rowOf(later, pair, 'm', n, encoding) }),
          ...carriedTo(later, places, n),
        };
        out.add(`${JSON.stringify(line)}\n`);
        lines++;
      }
    }
  } finally {
    out.close();
  }
  return lines;
}

function whyOf(pair: Pair, places: readonly Place[], [why, detail, place, col]: readonly SqlValue[]): object {
  const path = places.find(({ id }) => id === Number(place))?.path;
  return {
    reason: String(why),
    ...(detail === null ? {} : { detail: String(detail) }),
    ...(place === null || path === undefined ? {} : { store: path }),
    ...(col === null ? {} : { column: pair.columns[Number(col)] }),
  };
}

/** Its values by column; a row that only its rowid names has it in front. */
function rowOf(
  { db }: Later,
  pair: Pair,
  side: 'm' | 'c',
  n: SqlValue,
  encoding: TextEncoding,
): Record<string, AsideCell> {
  const table = pair[side] as CatalogTable;
  const columns = table.written;
  const { address } = table;
  const at = address.isKey || address.ipk !== null ? [] : address.columns;
  const where = joined(of('x', address.columns), addressNames(pair, side, 'r'));
  const names = [...at, ...columns];
  // A column may be named like one of the work file.
  const named = names.map((name) => `x.${quoteName(name)} AS ${quoteName(name)}`);
  const cells = db.row(
    `SELECT ${cellExpressions(names)} FROM (
      SELECT ${list(named)} FROM row_${pair.i} r CROSS JOIN ${tableIn(side, table)} x ON ${where} WHERE r.n = ?)`,
    n,
  );
  const row: Row = decodeRow(cells ?? [], names.length, encoding);
  return Object.fromEntries(names.map((name, i) => [name, asideCell(row[i] ?? null)]));
}

/** The stores that have a part of it, and under which address. */
function carriedTo({ db }: Later, places: readonly Place[], n: SqlValue): object {
  const taken = db.rows('SELECT place FROM taken WHERE n = ? ORDER BY place', n).flatMap(([id]) => {
    const place = places.find((one) => one.id === Number(id));
    if (place?.table === undefined || place.table === null) return [];
    const key =
      db.row(
        `SELECT ${list(numbered('a', place.table.address.columns.length))} FROM stage_${place.id} WHERE n = ?`,
        n,
      ) ?? [];
    return [{ store: place.path, table: place.table.name, key: key.map((cell) => asideCell(cell)) }];
  });
  return taken.length === 0 ? {} : { carried: taken };
}
