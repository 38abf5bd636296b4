/**
 * Where new numbers of a table come from: beyond all that any store has, gave away, or refers to. A store may hold one id near the end of
 * 64 bits: then numbers come from the largest stretch below that nobody has anything in.
 */
import { asInteger } from '../../rows/affinity-sql.ts';
import { UnreadableStore } from '../../stores/reader.ts';
import type { Connection, SqlValue } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeRequest, PartSpec, ReferenceSpec, TableSpec } from '../model.ts';
import { during } from './failure.ts';
import type { Numbers } from './model.ts';
import { readShape, type Shape } from './shape.ts';

/** Ends of stretches, tried one after the other. */
const ENDS: readonly bigint[] = [2n ** 63n - 1n, 2n ** 62n, 2n ** 53n, 2n ** 40n, 2n ** 31n - 1n];

/** For each end the highest number up to it. */
type Tops = bigint[];

export function findNumbers(
  db: Connection,
  request: MergeRequest,
  shapes: readonly Shape[],
): readonly (Numbers | null)[] {
  const { spec } = request;
  const tops = spec.tables.map((): Tops => ENDS.map(() => 0n));
  let rows = 0n;
  const raise = (at: number, found: readonly SqlValue[] | undefined): void => {
    for (const [i, value] of (found ?? []).entries()) {
      const known = tops[at]?.[i];
      if (typeof value === 'bigint' && known !== undefined && value > known) (tops[at] as Tops)[i] = value;
    }
  };
  for (const [at, table] of spec.tables.entries()) {
    const shape = shapes[at] as Shape;
    rows += BigInt(Number(db.row(`SELECT count(*) FROM ${shape.sql}`)?.[0] ?? 0));
    if (table.surrogate === null) continue;
    raise(at, highest(db, shape, table.surrogate));
    raise(at, given(db, 'main', shape.name));
    raise(at, db.row(`SELECT ${below('id')} FROM temp.taken_${at}`));
  }
  const look = (at: number, table: TableSpec, part: PartSpec): void => {
    const shape = readShape(db, 's', part.table);
    if (shape === null)
      throw new UnreadableStore('error', `${spec.sources[part.source]?.path} has no table ${part.table}`);
    rows += BigInt(Number(db.row(`SELECT count(*) FROM ${shape.sql}`)?.[0] ?? 0));
    const own = table.surrogate === null ? undefined : part.columns[table.surrogate];
    if (own !== undefined && 'from' in own) raise(at, highest(db, shape, own.from));
    if (table.surrogate !== null) raise(at, given(db, 's', shape.name));
    for (const reference of table.references) {
      const [to, values] = referred(spec.tables, table, part, reference, shape) ?? [];
      if (to !== undefined) raise(to, db.row(`SELECT ${below('v')} FROM (${values})`));
    }
  };
  for (const source of spec.sources.keys()) {
    during(db, request, source, () => {
      for (const [at, table] of spec.tables.entries()) {
        for (const part of table.parts) if (part.source === source) look(at, table, part);
      }
    });
  }
  return spec.tables.map((table, at) =>
    table.surrogate === null ? null : stretch(tops[at] as Tops, rows, dense(db, shapes[at] as Shape, table.surrogate)),
  );
}

/** The first stretch with room enough. */
function stretch(tops: Tops, rows: bigint, known: Numbers['dense']): Numbers {
  const enough = 2n * rows + 1_000n;
  const at = tops.findIndex((top, i) => (ENDS[i] ?? 0n) - top > enough);
  const chosen = at === -1 ? 0 : at;
  return { next: (tops[chosen] ?? 0n) + 1n, limit: ENDS[chosen] ?? 0n, dense: known };
}

const below = (column: string): string =>
  ENDS.map((end) => `max(${column}) FILTER (WHERE ${column} <= ${end})`).join(', ');

function highest(db: Connection, shape: Shape, column: string): readonly SqlValue[] | undefined {
  const name = quoteName(column);
  if (column === shape.rowidColumn) {
    return db.row(
      `SELECT ${ENDS.map((end) => `(SELECT max(${name}) FROM ${shape.sql} WHERE ${name} <= ${end})`).join(', ')}`,
    );
  }
  return db.row(`SELECT ${below('v')} FROM (SELECT ${asInteger(name)} AS v FROM ${shape.sql})`);
}

/** What AUTOINCREMENT gave away. */
function given(db: Connection, schema: string, table: string): readonly SqlValue[] | undefined {
  if (db.row(`SELECT 1 FROM ${schema}.sqlite_schema WHERE name = 'sqlite_sequence'`) === undefined) return undefined;
  return db.row(
    `SELECT ${below('v')} FROM (SELECT ${asInteger('seq')} AS v FROM ${schema}.sqlite_sequence WHERE name = ? COLLATE NOCASE)`,
    table,
  );
}

/** Numbers that rows of a source refer to, and the table that has them. */
function referred(
  tables: readonly TableSpec[],
  table: TableSpec,
  part: PartSpec,
  reference: ReferenceSpec,
  shape: Shape,
): readonly [number, string] | null {
  const to = tables.findIndex((one) => one.table === reference.to);
  const surrogate = tables[to]?.surrogate ?? null;
  const column = surrogate === null ? undefined : reference.columns[reference.toColumns.indexOf(surrogate)];
  const source = column === undefined ? undefined : part.columns[column];
  if (table.parts.length === 0 || source === undefined || !('from' in source)) return null;
  const value = quoteName(source.from);
  return [
    to,
    reference.kind === 'json'
      ? `SELECT ${asInteger('j.value')} AS v FROM ${shape.sql} x, json_each(json_ids(x.${value}, octet_length(x.${value}))) j`
      : `SELECT ${asInteger(value)} AS v FROM ${shape.sql}`,
  ];
}

/** Whether rows of the target have all numbers from the first to the last: then nobody need look whether one is free. */
function dense(db: Connection, shape: Shape, surrogate: string): Numbers['dense'] {
  if (surrogate !== shape.rowidColumn) return null;
  const name = quoteName(surrogate);
  const [first, last, count] =
    db.row(
      `SELECT (SELECT min(${name}) FROM ${shape.sql}), (SELECT max(${name}) FROM ${shape.sql}), (SELECT count(*) FROM ${shape.sql})`,
    ) ?? [];
  if (typeof first !== 'bigint' || typeof last !== 'bigint') return null;
  return last - first + 1n === count ? { first, last } : null;
}
