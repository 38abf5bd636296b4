/**
 * What the columns of a store refer to that no constraint declares (trap R3): a name that is a table's and values that are in its key, pairs
 * of type and id, arrays of ids in JSON. Where the store lacks such a table, the values are looked up in the tables of other stores: whose
 * ids they are, only people know (trap R19). Names that only say a role (`created_by`, `parent_id`) are looked at too, and asked about. Proposals
 * with evidence, of the first rows where there are many. Whole because every kind of link is measured in the same two ways.
 */
import type { Table } from '../stores/model.ts';
import type { Connection } from '../stores/sqlite/driver.ts';
import { quoteName } from '../stores/sqlite/quote.ts';
import { namesOf, namesTable, namesTableInRole, polymorphicPairs } from './references.ts';
import { isOfPeople, meantByRole } from './role-words.ts';

export interface Link {
  readonly table: string;
  readonly column: string;
  readonly kind: 'inferred' | 'typed' | 'json';
  readonly to: string;
  readonly toColumn: string;
  /** Of `typed`: the column that says the type, and how the rows write it. */
  readonly typeColumn?: string;
  readonly typeValues?: readonly string[];
  /** Position of the other store that has the table; left out: this one has it. */
  readonly other?: number;
  /** Rows that refer to something, and the share of the values that are looked up and found. */
  readonly rows: number;
  readonly contained: number;
  /** The name says a role and no table: people must say whether it refers, however much is contained. How many values are different. */
  readonly byRole?: { readonly distinct: number };
}

/** A store attached beside `main`. */
export interface OtherTables {
  readonly schema: string;
  readonly tables: readonly Table[];
}

/** Fewer values found than this: the name promises a reference, the data does not keep it. A name that says more promises less. */
const CONTAINED = 0.5;
const CONTAINED_IN_ROLE = 0.9;
const LOOKED_UP = 20_000;

/** `own`: the schema under which the store is attached. */
export function findLinks(
  db: Connection,
  own: string,
  tables: readonly Table[],
  others: readonly OtherTables[],
): readonly Link[] {
  const parents = tables.filter(isParent);
  const found: Link[] = [];
  for (const table of tables.filter(({ kind, rows }) => kind === 'table' && (rows ?? 0) > 0)) {
    const declared = new Set(table.foreignKeys.flatMap(({ columns }) => columns.map((name) => name.toLowerCase())));
    const pairs = polymorphicPairs(table);
    for (const { name: column } of table.columns) {
      if (declared.has(column.toLowerCase()) || isKeyOf(table, column)) continue;
      const pair = pairs.find(({ id }) => id === column);
      if (pair !== undefined) {
        const ask = (parent: Table, schema: string): Link | undefined =>
          typed(db, { own, table, pair }, parent, schema);
        found.push(...first(own, parents, others, () => true, ask));
        continue;
      }
      const isNamed = (parent: Table): boolean => namesTable(column, parent.name);
      const inRole = (parent: Table): boolean => namesTableInRole(column, parent.name);
      const ask =
        (least: number) =>
        (parent: Table, schema: string): Link | undefined =>
          named(db, { own, table: table.name, column, least }, parent, schema);
      const isPlain = [...parents, ...others.flatMap((one) => one.tables)].some(isNamed);
      const links = isPlain
        ? first(own, parents, others, isNamed, ask(CONTAINED))
        : longest(first(own, parents, others, inRole, ask(CONTAINED_IN_ROLE)));
      found.push(...(isPlain || links.length > 0 ? links : byRole(db, { own, table, column }, parents, others)));
    }
  }
  return found;
}

/** Each table that it may mean, with what is found of its values, also where that is nothing; of other stores only where this one has no such table. */
function byRole(
  db: Connection,
  { own, table, column }: { readonly own: string; readonly table: Table; readonly column: string },
  parents: readonly Table[],
  others: readonly OtherTables[],
): readonly Link[] {
  const meant = meantByRole(column);
  if (meant === null) return [];
  // 0 and nothing are what is written where nobody is meant.
  const name = quoteName(column);
  const values = `SELECT ${name} AS v FROM ${own}.${quoteName(table.name)} WHERE ${name} IS NOT NULL AND ${name} NOT IN (0, '0', '')`;
  const ask = (parent: Table, schema: string): Link[] => {
    const measured = measure(db, values, parent, schema);
    if (measured.rows === 0) return [];
    const distinct = Number(db.row(`SELECT count(DISTINCT v) FROM (${values} LIMIT ${LOOKED_UP})`)?.[0] ?? 0);
    const common = { table: table.name, column, to: parent.name, toColumn: parent.primaryKey[0] ?? '' };
    return [{ ...common, kind: 'inferred', ...measured, byRole: { distinct } }];
  };
  const mine = parents.filter(
    (parent) => (meant.person && isOfPeople(parent)) || (meant.own && parent.name === table.name),
  );
  if (mine.length > 0 || !meant.person) return mine.flatMap((parent) => ask(parent, own));
  return others.flatMap(({ schema, tables }, other) =>
    tables
      .filter((parent) => isParent(parent) && isOfPeople(parent))
      .flatMap((parent) => ask(parent, schema).map((link) => ({ ...link, other }))),
  );
}

/** `shop_order_id` with tables `orders` and `shop_orders` is of the latter. */
function longest(links: readonly Link[]): readonly Link[] {
  const most = Math.max(0, ...links.map(({ to }) => to.length));
  return links.filter(({ to }) => to.length === most);
}

/** In the tables of this store; in those of others only where it has none of that name. */
function first(
  schema: string,
  parents: readonly Table[],
  others: readonly OtherTables[],
  isMeant: (parent: Table) => boolean,
  ask: (parent: Table, schema: string) => Link | undefined,
): readonly Link[] {
  const mine = parents.filter(isMeant).flatMap((parent) => ask(parent, schema) ?? []);
  const known = new Set(parents.map(({ name }) => name.toLowerCase()));
  const theirs = others.flatMap(({ schema: at, tables }, other) =>
    tables
      .filter((parent) => isParent(parent) && !known.has(parent.name.toLowerCase()) && isMeant(parent))
      .flatMap((parent) => ask(parent, at) ?? [])
      .map((link) => ({ ...link, other })),
  );
  return [...mine, ...theirs];
}

const isParent = ({ kind, primaryKey }: Table): boolean => kind === 'table' && primaryKey.length === 1;
const isKeyOf = ({ primaryKey }: Table, column: string): boolean => primaryKey.length === 1 && primaryKey[0] === column;

interface ColumnAt {
  readonly own: string;
  readonly table: string;
  readonly column: string;
  /** Share of the values that must be found. */
  readonly least: number;
}

function named(db: Connection, at: ColumnAt, parent: Table, schema: string): Link | undefined {
  const { own, table, column, least } = at;
  const key = parent.primaryKey[0] ?? '';
  const values = `SELECT ${quoteName(column)} AS v FROM ${own}.${quoteName(table)} WHERE ${quoteName(column)} IS NOT NULL`;
  const common = { table, column, to: parent.name, toColumn: key };
  const plain = measure(db, values, parent, schema);
  if (plain.rows > 0 && plain.contained >= least) return { ...common, kind: 'inferred', ...plain };
  const items = `SELECT e.value AS v FROM ${own}.${quoteName(table)} r, json_each(r.${quoteName(column)}) e
    WHERE json_valid(r.${quoteName(column)}) AND json_type(r.${quoteName(column)}) = 'array'`;
  if (plain.rows === 0 || !isText(db, at)) return undefined;
  const inside = measure(db, items, parent, schema);
  if (inside.rows === 0 || inside.contained < least) return undefined;
  return { ...common, kind: 'json', rows: plain.rows, contained: inside.contained };
}

function isText(db: Connection, { own, table, column }: Omit<ColumnAt, 'least'>): boolean {
  const sql = `SELECT 1 FROM ${own}.${quoteName(table)} WHERE typeof(${quoteName(column)}) = 'text' AND ${quoteName(column)} LIKE '[%' LIMIT 1`;
  return db.row(sql) !== undefined;
}

interface TypedAt {
  readonly own: string;
  readonly table: Table;
  readonly pair: { readonly type: string; readonly id: string };
}

function typed(db: Connection, { own, table, pair }: TypedAt, parent: Table, schema: string): Link | undefined {
  const { type, id } = pair;
  const words = namesOf(parent.name).map((name) => `'${name.replaceAll("'", "''")}'`);
  const from = `FROM ${own}.${quoteName(table.name)} WHERE lower(CAST(${quoteName(type)} AS TEXT)) IN (${words.join(', ')})`;
  const measured = measure(db, `SELECT ${quoteName(id)} AS v ${from} AND ${quoteName(id)} IS NOT NULL`, parent, schema);
  if (measured.rows === 0 || measured.contained < CONTAINED) return undefined;
  const values = db
    .rows(`SELECT DISTINCT CAST(${quoteName(type)} AS TEXT) ${from} ORDER BY 1`)
    .map(([one]) => String(one));
  const common = { table: table.name, column: id, to: parent.name, toColumn: parent.primaryKey[0] ?? '' };
  return { ...common, kind: 'typed', typeColumn: type, typeValues: values, ...measured };
}

function measure(
  db: Connection,
  values: string,
  parent: Table,
  schema: string,
): { readonly rows: number; readonly contained: number } {
  const key = quoteName(parent.primaryKey[0] ?? '');
  const has = (value: string): string =>
    `EXISTS (SELECT 1 FROM ${schema}.${quoteName(parent.name)} t WHERE t.${key} = ${value})`;
  // Text that holds a number refers to the row of that number (`user_id TEXT`).
  const number = 'CAST(v AS INTEGER)';
  const found = `(${has('v')} OR (typeof(v) = 'text' AND CAST(${number} AS TEXT) = v AND ${has(number)}))`;
  const rows = Number(db.row(`SELECT count(*) FROM (${values})`)?.[0] ?? 0);
  if (rows === 0) return { rows, contained: 0 };
  const inside = Number(db.row(`SELECT total(${found}) FROM (${values} LIMIT ${LOOKED_UP})`)?.[0] ?? 0);
  return { rows, contained: inside / Math.min(rows, LOOKED_UP) };
}
