/**
 * Values that lost in an earlier merge, read out of its ledger into a file that can be merged into its target: keys of rows, and what they shall
 * hold. Rows that were written since are left out: nobody compared what they hold now. In a child process; all but the new file is only read.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { readSpec } from '../ledger/read-spec.ts';
import type { ColumnSource, MergeSpec, PartSpec, TableSpec } from '../model.ts';
import { attach, openStage } from '../values/open-stage.ts';
import { lastingKey } from '../values/row-keys.ts';
import { type StagedValues, valuesSpec } from '../values/values-spec.ts';
import { type Shape, shapeOf } from '../verify/shapes.ts';
import { equalAddresses, numbered } from '../verify/views.ts';
import type { SettledValues, StagedSettled, StageSettledRequest } from './model.ts';
import { together } from './together.ts';
import { valuesOf } from './values-of.ts';
import { type SettleWish, wishName } from './words.ts';

export function stageSettled(request: StageSettledRequest): StagedSettled {
  const db = openStage(request);
  try {
    if (request.target !== null) attach(db, 'tgt', request.target);
    const merge = readSpec(db, 'led');
    const staged: Staged[] = [];
    for (const wish of request.wishes) {
      const one = stageOne(db, merge, wish, request, staged);
      if ('why' in one) return one;
      staged.push(one);
    }
    const values = staged.map(({ values }) => values);
    return { spec: valuesSpec(request.name, staged), values };
  } finally {
    db.close();
  }
}

interface Staged extends StagedValues {
  readonly wish: SettleWish;
  readonly values: SettledValues;
}

function stageOne(
  db: Connection,
  merge: MergeSpec,
  wish: SettleWish,
  request: StageSettledRequest,
  before: readonly Staged[],
): Staged | { readonly why: string } {
  const table = merge.tables.find((one) => isSame(one.table, wish.table));
  if (table === undefined) return { why: `the merge has no table ${wish.table}` };
  const column = table.columns.find(({ name }) => isSame(name, wish.column))?.name;
  if (column === undefined) return { why: `${table.table} has no column ${wish.column} that was merged` };
  const [own, now] = [shapeOf(db, 'mrg', table.table), shapeOf(db, 'cur', table.table)];
  if (own === null || now === null) return { why: `the target has no table ${table.table} any more` };
  const lasting = lastingKey(db, 'mrg', table.table);
  const columns = together(merge, table, column, lasting ?? []);
  if ('why' in columns) return columns;
  const keys = lasting ?? identityOf(table, columns.columns);
  if (keys === null) return { why: `rows of ${table.table} have no key by which they could be found again` };
  const lacking = [...keys, ...columns.columns].find((name) => !now.columns.some((one) => isSame(one.name, name)));
  if (lacking !== undefined) return { why: `${table.table} has no column ${lacking} any more` };
  const source = merge.sources.findIndex(({ path }) => path === wish.from);
  const found = valuesOf(db, {
    merge,
    table,
    own,
    columns: columns.columns,
    wish,
    source,
    file: request.sources[source],
  });
  if (found !== null) return found;
  const counted = writeTable(db, { wish, table, own, now, keys, columns: columns.columns });
  if ('why' in counted) return counted;
  const twice = before.find(
    (one) =>
      one.table === table.table && columns.columns.some((name) => name in one.columns) && meets(db, one, wish, keys),
  );
  if (twice !== undefined) return { why: `${wishName(twice.wish)} and ${wishName(wish)} are about the same rows` };
  const parts = table.parts.filter((part) => part.source === source);
  return {
    wish,
    table: table.table,
    name: wishName(wish),
    shape: own,
    keys,
    columns: Object.fromEntries(columns.columns.map((name) => [name, asTargetWrites(name, parts)])),
    values: { table: table.table, columns: columns.columns, ...counted },
  };
}

/** Where no constraint names rows, what the merge went by does; not where rows that share it may be several, or where it is what is settled. */
function identityOf({ identity }: TableSpec, settled: readonly string[]): readonly string[] | null {
  if (identity.kind !== 'key' || identity.agreeing !== undefined) return null;
  return identity.columns.some((column) => settled.includes(column)) ? null : identity.columns;
}

/** The value stands under the name of its column; where the store writes it otherwise, it gets the target's form as it did in the merge. */
function asTargetWrites(name: string, parts: readonly PartSpec[]): ColumnSource {
  for (const { columns } of parts) {
    const from = columns[name];
    if (from !== undefined && 'from' in from && from.form !== undefined) return { from: name, form: from.form };
  }
  return { from: name };
}

interface Writing {
  readonly wish: SettleWish;
  readonly table: TableSpec;
  /** In the merged file, and as it is. */
  readonly own: Shape;
  readonly now: Shape;
  readonly keys: readonly string[];
  readonly columns: readonly string[];
}

/** Out of `temp.wanted`: rows that are as the merge left them. */
function writeTable(
  db: Connection,
  { wish, table, own, now, keys, columns }: Writing,
): Pick<SettledValues, 'rows' | 'since'> | { readonly why: string } {
  const at = numbered('w.k', own.address.length);
  const merged = own.address.map((one) => `m.${one}`);
  const values = numbered('w.v', columns.length);
  const strange = notOffered(db, wish, own);
  if (strange !== null)
    return { why: `no value of ${wish.from} lost in ${table.table}.${wish.column} of row ${strange}` };
  const isOther = columns.map((name, i) => `${values[i]} IS NOT m.${quoteName(name)}`).join(' OR ');
  const isAsked =
    wish.rows === null
      ? '1'
      : `EXISTS (SELECT 1 FROM temp.asked a WHERE ${equalAddresses(numbered('a.k', at.length), at)})`;
  const from = `temp.wanted w CROSS JOIN ${own.from} m ON ${equalAddresses(merged, at)}`;
  const where = `(${isOther}) AND ${isAsked}`;
  const isHere = keys.map((name) => `c.${quoteName(name)} = m.${quoteName(name)}`).join(' AND ');
  const isAsLeft = columns.map((name) => `c.${quoteName(name)} IS m.${quoteName(name)}`).join(' AND ');
  // A key that no constraint keeps unique may have become that of two rows.
  const one = `(SELECT count(*) FROM ${now.from} c WHERE ${isHere}) = 1`;
  const stands = `${one} AND EXISTS (SELECT 1 FROM ${now.from} c WHERE ${isHere} AND ${isAsLeft})`;
  const to = `main.${quoteName(wishName(wish))}`;
  const names = [...keys, ...columns].map(quoteName).join(', ');
  const cells = [...keys.map((name) => `m.${quoteName(name)}`), ...values].join(', ');
  db.exec(
    `CREATE TABLE ${to} (${names}); INSERT INTO ${to} SELECT ${cells} FROM ${from} WHERE ${where} AND ${stands} ORDER BY ${at.join(', ')}`,
  );
  const all = Number(db.row(`SELECT count(*) FROM ${from} WHERE ${where}`)?.[0] ?? 0);
  const rows = Number(db.row(`SELECT count(*) FROM ${to}`)?.[0] ?? 0);
  return { rows, since: all - rows };
}

/** A row that was asked for and has nothing to settle; `null`: all have. Fills `temp.asked`. */
function notOffered(db: Connection, { rows }: SettleWish, own: Shape): string | null {
  const names = numbered('k', own.address.length);
  db.exec(`DROP TABLE IF EXISTS temp.asked; CREATE TEMP TABLE asked (${names.join(', ')})`);
  if (rows === null) return null;
  const insert = db.prepare(`INSERT INTO temp.asked VALUES (${names.map(() => '?').join(', ')})`);
  for (const key of rows) {
    if (key.length !== names.length) return JSON.stringify(key);
    insert(...key.map((cell) => (typeof cell === 'number' ? BigInt(cell) : cell)));
  }
  const missing = db.row(
    `SELECT ${names.map((name) => `a.${name}`).join(', ')} FROM temp.asked a WHERE NOT EXISTS (SELECT 1 FROM temp.wanted w WHERE ${equalAddresses(numbered('w.k', names.length), numbered('a.k', names.length))}) LIMIT 1`,
  );
  return missing === undefined ? null : missing.map(String).join(', ');
}

function meets(db: Connection, one: Staged, wish: SettleWish, keys: readonly string[]): boolean {
  const same = keys.map((name) => `a.${quoteName(name)} IS b.${quoteName(name)}`).join(' AND ');
  const tables = `main.${quoteName(wishName(one.wish))} a JOIN main.${quoteName(wishName(wish))} b ON ${same}`;
  return db.row(`SELECT 1 FROM ${tables} LIMIT 1`) !== undefined;
}

const isSame = (x: string, y: string): boolean => x.toLowerCase() === y.toLowerCase();
