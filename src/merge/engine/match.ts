/**
 * Which rows of a source meet which rows of the merged file: by their identity, and where that has a NULL, as whole rows. Where rows must
 * agree besides, those that do not part again, and may still meet as whole rows: a copy of what another source brought. Only those
 * that meet one are written down. Where the identity refers to rows that are matched at the same time, level by level.
 */
import { quoteName } from '../../stores/sqlite/quote.ts';
import { partStrangers } from './agreeing.ts';
import { raw } from './cells.ts';
import { comparedColumns, isDirect, keyCell, ownKey, sameKey } from './equal.ts';
import { matchWholeRows } from './match-rows.ts';
import { type Engine, newOf, oldOf, type Part, rowsOf, undecided } from './model.ts';
import { leadsToUnmet } from './parents.ts';
import { count, retainDoubles } from './retain.ts';
import { addressSql, uniqueBy } from './shape.ts';
import { keyColumns } from './way.ts';
import { written } from './written.ts';

/** `parts` are worked on together: they may refer to each other. */
export function match(engine: Engine, parts: readonly Part[]): void {
  const open = new Set(
    parts.filter(
      ({ target, rows }) => target.spec.identity.kind !== 'none' && rows > 0 && hasRows(engine, target.shape.sql),
    ),
  );
  for (let more = true; more; ) {
    more = false;
    for (const part of open) {
      const before = engine.db.row(`SELECT count(*) FROM ${rowsOf(part)}`)?.[0];
      const waits = matchOnce(engine, part, parts);
      count(engine, part);
      if (!waits) open.delete(part);
      more ||= waits && engine.db.row(`SELECT count(*) FROM ${rowsOf(part)}`)?.[0] !== before;
    }
  }
  for (const part of parts) doublesOfSource(engine, part);
}

function hasRows({ db }: Engine, table: string): boolean {
  return db.row(`SELECT 1 FROM ${table} LIMIT 1`) !== undefined;
}

/** Whether some rows wait for others to be matched. */
function matchOnce(engine: Engine, part: Part, parts: readonly Part[]): boolean {
  const { identity } = part.target.spec;
  const compared = comparedColumns(part);
  const waits = leadsToUnmet(part, parts, compared, 'x');
  const ready = waits === null ? '1' : `NOT ${waits}`;
  if (identity.kind === 'key') {
    const { columns } = identity;
    const hasAll = columns.every((column) => raw(part, column, 'x') !== null);
    if (hasAll) {
      const keyWaits = leadsToUnmet(part, parts, columns, 'x');
      matchByKey(engine, part, columns, keyWaits === null ? '1' : `NOT ${keyWaits}`);
      count(engine, part);
    }
    if (identity.agreeing !== undefined) {
      if (hasAll) partStrangers(engine, part, parts);
      matchWholeRows(engine, part, ready, '1');
      return waits !== null;
    }
    const isNull = (alias: string): string =>
      columns.map((column) => `${alias}.${quoteName(column)} IS NULL`).join(' OR ');
    const hasNull = hasAll ? columns.map((column) => `(${written(part, column, 'x')}) IS NULL`).join(' OR ') : '1';
    if (!hasAll || mayBeNull(engine, part, columns, hasNull))
      matchWholeRows(engine, part, `(${hasNull}) AND ${ready}`, hasAll ? isNull('y') : '1');
  } else {
    matchWholeRows(engine, part, ready, '1');
  }
  return waits !== null;
}

function mayBeNull({ db }: Engine, part: Part, columns: readonly string[], hasNull: string): boolean {
  const certain = columns.every((column) => {
    const source = part.spec.columns[column];
    const name = source !== undefined && 'from' in source ? source.from : null;
    return part.shape.columns.some((one) => one.name === name && (one.notNull || one.name === part.shape.rowidColumn));
  });
  if (certain && !columns.some((column) => formOf(part, column) === 'empty-is-null')) return false;
  return db.row(`SELECT 1 FROM ${part.shape.sql} x WHERE ${hasNull} LIMIT 1`) !== undefined;
}

function formOf(part: Part, column: string): string | undefined {
  const source = part.spec.columns[column];
  return source !== undefined && 'from' in source ? source.form : undefined;
}

function matchByKey(engine: Engine, part: Part, columns: readonly string[], ready: string): void {
  const { db } = engine;
  const { shape } = part.target;
  const address = addressSql(part.shape, 'x');
  const direct = isDirect(part, columns);
  const inSource = keyColumns(part, columns);
  const isUnique = direct && inSource !== null && uniqueBy(part.shape, inSource) !== undefined;
  if (direct && uniqueBy(shape, columns)?.binary === true) {
    db.exec(
      `INSERT INTO ${rowsOf(part)} SELECT ${[...address, '2', ...addressSql(shape, 'y'), 'NULL'].join(', ')} FROM ${part.shape.sql} x CROSS JOIN ${shape.sql} y ON ${sameKey(part, columns, 'x', 'y')} WHERE ${undecided(part, 'x')} AND ${ready}`,
    );
  } else {
    bySortedKeys(engine, part, columns, ready);
  }
  count(engine, part);
  if (!isUnique)
    retainDoubles(
      engine,
      part,
      true,
      newOf(part).map((name) => `r.${name}`),
      '1',
    );
}

/** No index finds the rows by what is compared: one is made of the keys in the form in which they are. */
function bySortedKeys(engine: Engine, part: Part, columns: readonly string[], ready: string): void {
  const { db } = engine;
  const { target, shape } = part;
  const [old, fresh] = [oldOf(part), newOf(part)];
  const theirs = columns.map((column, i) => `+${keyCell(target, column, `y.${quoteName(column)}`)} AS v${i}`);
  const ours = columns.map((column, i) => `+${keyCell(target, column, `(${ownKey(part, column, 'x')})`)} AS v${i}`);
  const keys = columns.map((_, i) => `v${i}`);
  const there = addressSql(target.shape, 'y').map((one, i) => `${one} AS ${fresh[i]}`);
  const here = addressSql(shape, 'x').map((one, i) => `${one} AS ${old[i]}`);
  const two = engine.rule('two-matches', columns.join(', '));
  db.exec(`DROP TABLE IF EXISTS temp.partner;
    CREATE TEMP TABLE partner AS SELECT ${[...theirs, ...there].join(', ')} FROM ${target.shape.sql} y;
    CREATE INDEX temp.partner_keys ON partner (${keys.join(', ')});
    INSERT INTO ${rowsOf(part)}
      SELECT ${[...old, 'iif(count(*) > 1, 4, 2)', ...fresh.map((name) => `iif(count(*) > 1, NULL, min(${name}))`), `iif(count(*) > 1, ${two}, NULL)`].join(', ')}
      FROM (SELECT ${[...here, ...ours].join(', ')} FROM ${shape.sql} x WHERE ${undecided(part, 'x')} AND ${ready}) x
      CROSS JOIN temp.partner y ON ${keys.map((key) => `y.${key} = x.${key} COLLATE BINARY`).join(' AND ')}
      GROUP BY ${old.map((name) => `x.${name}`).join(', ')};
    DROP TABLE temp.partner`);
}

/** Two rows of one source with one identity: the first is the entity, what the other one is nobody can tell. */
function doublesOfSource(engine: Engine, part: Part): void {
  const { identity } = part.target.spec;
  if (identity.kind !== 'key') return;
  const inSource = keyColumns(part, identity.columns);
  if (inSource === null || (isDirect(part, identity.columns) && uniqueBy(part.shape, inSource) !== undefined)) return;
  const cells = identity.columns.map((column, i) => keyCell(part.target, column, `x.${quoteName(inSource[i] ?? '')}`));
  const some = cells.map((cell) => `${cell} IS NOT NULL`).join(' AND ');
  retainDoubles(
    engine,
    part,
    false,
    cells.map((cell) => `${cell} COLLATE BINARY`),
    some,
  );
}
