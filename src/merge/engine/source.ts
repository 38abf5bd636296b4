/** The tables of one source that come in, once it is attached as `s`. */

import { UnreadableStore } from '../../stores/reader.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import { numbered, partTables } from '../ledger-schema.ts';
import type { ReferenceSpec } from '../model.ts';
import type { Engine, Part, Target } from './model.ts';
import { addressSql, findColumn, readShape, type Shape, uniqueBy } from './shape.ts';
import { isByNumber, keyColumns, keyName } from './way.ts';

/** The name under which another source is attached while values of this one mean its rows. */
export const foreignSchema = (source: number): string => `f${source}`;

/** In order of the tables of the specification. `all`: parts of the sources before, where these are added. */
export function partsOf(engine: Engine, source: number, all: Part[]): readonly Part[] {
  const { db, targets, request } = engine;
  const parts: Part[] = [];
  const first = all.length + 1;
  const foreign = (other: number, table: string): Part | undefined => {
    const found = all.find((part) => part.source === other && part.target.spec.table === table);
    return found === undefined ? undefined : elsewhere(found);
  };
  const targetOf = (table: string): Target | undefined => targets.find(({ spec }) => spec.table === table);
  const partOf = (table: string): Part | undefined => parts.find(({ target }) => target.spec.table === table);
  const surrogates = new Map(
    targets.flatMap(({ spec }): [string, string][] => (spec.surrogate === null ? [] : [[spec.table, spec.surrogate]])),
  );
  for (const target of targets) {
    for (const spec of target.spec.parts.filter((part) => part.source === source)) {
      const shape = readShape(db, 's', spec.table);
      if (shape === null) throw new UnreadableStore('error', `it has no table ${spec.table}`);
      parts.push({
        number: first + parts.length,
        source,
        target,
        spec,
        shape,
        partOf,
        foreign,
        targetOf,
        surrogates,
        keys: new Map(),
        rows: Number(db.row(`SELECT count(*) FROM ${shape.sql}`)?.[0] ?? 0),
        state: { listed: false, placed: false, retained: 0, offset: 0n, renumbered: false, ghosts: new Set() },
      });
    }
  }
  for (const part of parts) {
    db.exec(partTables('ledger', part.number, part.shape.address.length, part.target.shape.address.length));
    const { path } = request.spec.sources[part.source] ?? { path: '' };
    db.prepare(
      'INSERT INTO ledger.parts SELECT ?, store, ?, ?, 0, 0, 0, 0, 0, 0, NULL FROM ledger.stores WHERE path = ?',
    )(BigInt(part.number), part.spec.table, part.target.spec.table, path);
  }
  all.push(...parts);
  return withKeys(db, parts, targets, request.spec.sources[source]?.kind === 'text');
}

/** The same part while its file is attached beside another one's. */
function elsewhere(part: Part): Part {
  const sql = `${foreignSchema(part.source)}.${quoteName(part.shape.name)}`;
  const partOf = (table: string): Part | undefined => {
    const found = part.partOf(table);
    return found === undefined ? undefined : elsewhere(found);
  };
  return { ...part, shape: { ...part.shape, sql }, partOf };
}

/** Where no index finds the rows that references lead to, a temporary table does. */
function withKeys(
  db: Connection,
  parts: readonly Part[],
  targets: readonly Target[],
  isText: boolean,
): readonly Part[] {
  const references = targets.flatMap(({ spec }) => spec.references);
  for (const part of parts) {
    // The first of several tables that become one is where a value is looked for.
    const wanted = references.filter(({ to }) => to === part.target.spec.table && part.partOf(to) === part);
    for (const reference of wanted) addKey(db, part, reference, part.keys as Map<string, string>, isText);
  }
  return parts;
}

function addKey(
  db: Connection,
  part: Part,
  reference: ReferenceSpec,
  keys: Map<string, string>,
  isText: boolean,
): void {
  const columns = keyColumns(part, reference.toColumns);
  if (columns === null || isByNumber(part, reference) || uniqueBy(part.shape, columns) !== undefined) return;
  if (keys.has(keyName(columns))) return;
  const name = `temp.key_${part.number}_${keys.size}`;
  const [values, old] = [numbered('v', columns.length), numbered('o', part.shape.address.length)];
  // A file has no types: `"7"` refers to 7 there as it does in the table that both come into.
  const types = columns.map((column, i) => {
    const own = typeOf(part.shape, column);
    const there = isText ? typeOf(part.target.shape, reference.toColumns[i] ?? '') : '';
    return `${values[i]} ${own === '' ? there : own}`;
  });
  db.exec(`DROP TABLE IF EXISTS ${name}; CREATE TEMP TABLE ${name.slice(5)} (${[...types, ...old].join(', ')});
    INSERT INTO ${name} SELECT ${[...columns.map((column) => `x.${quoteName(column)}`), ...addressSql(part.shape, 'x')].join(', ')} FROM ${part.shape.sql} x;
    CREATE INDEX ${name}_index ON ${name.slice(5)} (${[...values, ...old].join(', ')})`);
  keys.set(keyName(columns), name);
}

function typeOf(shape: Shape, column: string): string {
  const affinity = findColumn(shape, column)?.affinity ?? 'blob';
  return affinity === 'blob' ? '' : affinity.toUpperCase();
}
