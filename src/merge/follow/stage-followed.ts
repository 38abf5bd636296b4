/**
 * Ids that a store which stays apart holds of rows that a merge moved (trap R19), as they are to be: followed in the store whose ids they are, from
 * there through the ledger to the merged one. In a child process; all but the new file is only read.
 */
import { jsonIds, jsonPutIds } from '../../rows/json-ids.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { readSpec } from '../ledger/read-spec.ts';
import type { MergeSpec, PartSpec, TableSpec } from '../model.ts';
import { attach, openStage } from '../values/open-stage.ts';
import { lastingKey } from '../values/row-keys.ts';
import { type StagedValues, valuesSpec } from '../values/values-spec.ts';
import { ledgerPart } from '../verify/ledger-parts.ts';
import { type Shape, shapeOf } from '../verify/shapes.ts';
import { sqlText } from '../verify/translate.ts';
import { equalAddresses, landings } from '../verify/views.ts';
import type { FollowedRows, StagedFollowed, StageFollowedRequest } from './model.ts';
import { type FollowedColumn, writeFollowed } from './words.ts';

export function stageFollowed(request: StageFollowedRequest): StagedFollowed {
  const db = openStage(request);
  try {
    db.define('json_ids', jsonIds);
    db.define('json_put_ids', jsonPutIds);
    const merge = readSpec(db, 'led');
    const staged: StagedValues[] = [];
    const columns: FollowedRows[] = [];
    for (const column of request.columns) {
      const one = stageOne(db, merge, column, request.sources);
      if ('why' in one) return one;
      staged.push(one.staged);
      columns.push(one.rows);
    }
    return { spec: valuesSpec(request.name, staged), columns };
  } finally {
    db.close();
  }
}

type Staged = { readonly staged: StagedValues; readonly rows: FollowedRows } | { readonly why: string };

function stageOne(db: Connection, merge: MergeSpec, column: FollowedColumn, sources: readonly string[]): Staged {
  const { reference, of } = column;
  const own = shapeOf(db, 'cur', column.table);
  if (own === null) return { why: `there is no table ${column.table}` };
  const has = (name: string | undefined): string | undefined =>
    own.columns.find((one) => one.name.toLowerCase() === name?.toLowerCase())?.name;
  const name = has(reference.columns[0]);
  const type = reference.typeColumn === undefined ? null : has(reference.typeColumn);
  if (name === undefined || type === undefined) {
    return { why: `${column.table} has no column ${name === undefined ? reference.columns[0] : reference.typeColumn}` };
  }
  const table = merge.tables.find((one) => one.table.toLowerCase() === reference.to.toLowerCase());
  const key = table?.columns.find((one) => one.name.toLowerCase() === reference.toColumns[0]?.toLowerCase())?.name;
  if (table === undefined || key === undefined) {
    return { why: `the merge brings no ${reference.to}.${reference.toColumns[0]} in` };
  }
  const source = merge.sources.findIndex(({ path }) => path === of);
  const parts = table.parts.filter((part) => part.source === source && 'from' in (part.columns[key] ?? {}));
  const file = sources[source];
  if (parts.length === 0 || file === undefined) return { why: `${of} brings no ${table.table} into the merge` };
  const keys = lastingKey(db, 'cur', column.table);
  if (keys === null) return { why: `rows of ${column.table} have no key by which they could be named` };
  if (keys.includes(name)) return { why: `rows of ${column.table} are named by ${name}: it stays as it is` };
  const cells: Cells = { own, name, type, isJson: reference.kind === 'json', values: reference.typeValues ?? [] };
  noteUsed(db, cells);
  const isText = merge.sources[source]?.kind === 'text';
  noteMoved(db, table, key, parts, { path: of, file, isText });
  const rows = writeTable(db, cells, { to: writeFollowed(column), keys });
  const merged = shapeOf(db, 'mrg', table.table);
  const strangers =
    merged === null
      ? 0
      : count(
          db,
          `SELECT count(*) FROM temp.used u WHERE NOT EXISTS (SELECT 1 FROM temp.moved m WHERE m.old = u.id)
            AND EXISTS (SELECT 1 FROM ${merged.from} t WHERE t.${quoteName(key)} = u.id)`,
        );
  return {
    staged: { table: column.table, shape: own, keys, name: writeFollowed(column), columns: { [name]: { from: name } } },
    rows: {
      table: column.table,
      column: name,
      rows,
      retained: count(db, 'SELECT count(*) FROM temp.used u JOIN temp.moved m ON m.old = u.id WHERE m.new IS NULL'),
      strangers,
    },
  };
}

interface Cells {
  readonly own: Shape;
  readonly name: string;
  /** Column that says the type; `null`: none does. */
  readonly type: string | null;
  readonly values: readonly string[];
  readonly isJson: boolean;
}

/** Rows that refer to the table at all. */
function refers({ name, type, values }: Cells, alias: string): string {
  const isNamed =
    type === null ? '1' : `${alias}.${quoteName(type)} COLLATE BINARY IN (${values.map(sqlText).join(', ')})`;
  return `${alias}.${quoteName(name)} IS NOT NULL AND coalesce(${isNamed}, 0)`;
}

/** Text that is a number as SQLite writes it means that number. */
function asId(value: string): string {
  return `iif(typeof(${value}) = 'text' AND CAST(CAST(${value} AS INTEGER) AS TEXT) = ${value}, CAST(${value} AS INTEGER), ${value})`;
}

/** `temp.used(id, written)`: ids as numbers where they are written as such (`'7'` is 7), and as they stand. */
function noteUsed(db: Connection, cells: Cells): void {
  const { own, name, isJson } = cells;
  const cell = `c.${quoteName(name)}`;
  const each = isJson
    ? `SELECT DISTINCT e.value AS v FROM ${own.from} c, json_each(json_ids(${cell}, octet_length(${cell}))) e WHERE ${refers(cells, 'c')}`
    : `SELECT DISTINCT ${cell} AS v FROM ${own.from} c WHERE ${refers(cells, 'c')}`;
  db.exec(`DROP TABLE IF EXISTS temp.used; CREATE TEMP TABLE used (id, written);
    INSERT INTO used SELECT ${asId('v')}, v FROM (${each});
    CREATE INDEX temp.used_id ON used (id); CREATE INDEX temp.used_written ON used (written)`);
}

/** `temp.moved(old, new)`: of each row whose id is used, the key that it has in the merged store; none where it stayed out. */
function noteMoved(
  db: Connection,
  table: TableSpec,
  key: string,
  parts: readonly PartSpec[],
  { path, file, isText }: { readonly path: string; readonly file: string; readonly isText: boolean },
): void {
  db.exec('DROP TABLE IF EXISTS temp.moved; CREATE TEMP TABLE moved (old UNIQUE, new)');
  attach(db, 'src', file);
  try {
    for (const spec of parts) {
      const [src, mrg] = [shapeOf(db, 'src', spec.table), shapeOf(db, 'mrg', table.table)];
      const line = ledgerPart(db, path, spec.table, table.table);
      const from = spec.columns[key];
      if (src === null || mrg === null || line === undefined || from === undefined || !('from' in from)) continue;
      const view = { ...line, spans: !src.withoutRowid && !mrg.withoutRowid, src, mrg };
      // A text file has numbers as it writes them.
      const raw = `s.${quoteName(from.from)}`;
      const old = isText ? asId(raw) : raw;
      for (const landing of landings(view)) {
        const isThere = equalAddresses(
          mrg.address.map((one) => `m.${one}`),
          landing.there,
        );
        const now = `(SELECT m.${quoteName(key)} FROM ${mrg.from} m WHERE ${isThere})`;
        // Of several rows that have the id, the first is meant.
        db.exec(`INSERT INTO moved SELECT ${old}, iif(${landing.presence} = 4, NULL, ${now})
          FROM ${landing.from} WHERE ${landing.where} AND ${old} IN (SELECT id FROM used) ORDER BY ${landing.own.join(', ')} ON CONFLICT DO NOTHING`);
      }
    }
  } finally {
    db.exec('DETACH src');
  }
}

/** Rows whose ids are others than before, each in the type in which the old one stood. */
function writeTable(
  db: Connection,
  cells: Cells,
  { to, keys }: { readonly to: string; readonly keys: readonly string[] },
): number {
  const { own, name, isJson } = cells;
  const cell = `c.${quoteName(name)}`;
  const newOf = `SELECT m.new FROM temp.used u JOIN temp.moved m ON m.old = u.id WHERE u.written IS ${cell} AND m.new IS NOT m.old`;
  const map = `(SELECT json_group_object(CAST(u.written AS TEXT), CAST(m.new AS TEXT)) FROM temp.used u JOIN temp.moved m ON m.old = u.id
      WHERE m.new IS NOT NULL AND m.new IS NOT m.old)`;
  const now = isJson
    ? `json_put_ids(${cell}, ${map}, octet_length(${cell}))`
    : `(SELECT iif(typeof(${cell}) = 'text', CAST(new AS TEXT), new) FROM (${newOf}))`;
  const table = `main.${quoteName(to)}`;
  const names = keys.map(quoteName);
  db.exec(`CREATE TABLE ${table} (${[...names, quoteName(name)].join(', ')});
    INSERT INTO ${table} SELECT * FROM (SELECT ${names.map((one) => `c.${one}`).join(', ')}, ${now} AS v FROM ${own.from} c WHERE ${refers(cells, 'c')}) WHERE v IS NOT NULL`);
  return count(db, `SELECT count(*) FROM ${table}`);
}

function count(db: Connection, sql: string): number {
  return Number(db.row(sql)?.[0] ?? 0);
}
