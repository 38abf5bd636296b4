/**
 * Where the references of a part's rows must lead: each value is followed in its own source to a row, that row through the ledger to the
 * target, and there its key is read. Joins only; parents whose key is their rowid are looked up in place, others through a temporary map.
 * Whole because each kind of reference is one case of the same question.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { ReferenceSpec } from '../model.ts';
import { sameOrNumeral } from './equal.ts';
import { equalAddresses, landings, numbered, type PartView, rawOf } from './views.ts';

/** One reference of a part. Its state: 0 leads nowhere in the source, 1 its row has gone somewhere, 4 retained, 5 retained and may be followed. */
export interface Followed {
  readonly spec: ReferenceSpec;
  readonly parent: string;
  /** LEFT JOINs behind the source's row `s`. */
  readonly joins: string;
  readonly state: string;
  /** New values of the key, by position. */
  readonly keys: readonly string[];
  /** The row takes part: nothing is NULL, and a type column names this table. */
  readonly applies: string;
  /** Old values that the ledger gave new ones, since somebody has them: by position of the surrogate in the key. */
  readonly surrogateAt: number;
  readonly hasGhosts: boolean;
  readonly map: string | null;
}

export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** Rules after which a reference may lead to the row that stands in the way. */
const FOLLOWED = "('two-matches', 'key-taken')";
/** More lookups in place than this and SQLite's limit of 64 tables in a join comes near. */
const IN_PLACE = 12;

/** Makes the maps that are needed in `temp`; the source of the part is attached as `src`. */
export function followReferences(
  db: Connection,
  view: PartView,
  /** Parts of the same source that come into a table, in order. */
  partsInto: (table: string) => readonly PartView[],
  /** Of the merged file, quoted with its schema. */
  merged: (table: string) => string,
  surrogateOf: (table: string) => string | null,
  /** Maps of references to rows of other stores, by `foreignKey` (`fillForeign`). */
  foreign: ReadonlyMap<string, string>,
): readonly Followed[] {
  return view.table.references.flatMap((spec, i): readonly Followed[] => {
    const raws = spec.columns.map((column) => rawOf(view, column, quoteName));
    if (raws.some((raw) => raw === null)) return [];
    const values = raws as readonly string[];
    const parents = partsInto(spec.to).filter((parent) =>
      spec.toColumns.every((column) => rawOf(parent, column, quoteName) !== null),
    );
    const typed = typeCondition(view, spec);
    const surrogateAt = spec.toColumns.findIndex((column) => same(column, surrogateOf(spec.to)));
    const ghosts = db.row('SELECT 1 FROM led.ghosts WHERE target_table = ? AND part = ?', spec.to, BigInt(view.at));
    const base = {
      spec,
      parent: merged(spec.to),
      applies: [...values.map((value) => `${value} IS NOT NULL`), typed].join(' AND '),
      surrogateAt,
      hasGhosts: ghosts !== undefined,
    };
    const elsewhere = foreign.get(foreignKey(view, i));
    if (elsewhere !== undefined) return [{ ...base, ...throughMap(elsewhere, spec, values, typed, i), map: elsewhere }];
    if (parents.length === 0 || storeOf(view, spec) !== null) {
      return [{ ...base, joins: '', state: '0', keys: spec.toColumns.map(() => 'NULL'), map: null }];
    }
    const [only] = parents;
    if (parents.length === 1 && only !== undefined && i < IN_PLACE && isInPlace(only, spec)) {
      return [{ ...base, ...inPlace(only, values[0] ?? 'NULL', typed, i), map: null }];
    }
    const map = fillMap(db, parents, spec, `map_${view.at}_${i}`);
    return [{ ...base, ...throughMap(map, spec, values, typed, i), map }];
  });
}

function throughMap(
  map: string,
  spec: ReferenceSpec,
  values: readonly string[],
  typed: string,
  i: number,
): Pick<Followed, 'joins' | 'state' | 'keys'> {
  const equal = values.map((value, j) => `t${i}.v${j} = ${value}`).join(' AND ');
  return {
    joins: spec.kind === 'json' ? '' : `LEFT JOIN ${map} t${i} ON ${equal} AND ${typed}`,
    state: `coalesce(t${i}.state, 0)`,
    keys: spec.toColumns.map((_, j) => `t${i}.n${j}`),
  };
}

const foreignKey = (view: PartView, reference: number): string => `${view.at} ${reference}`;

/** The other store whose ids a reference holds: position of the source, or the target. `null`: its own. */
function storeOf({ spec }: PartView, { columns }: ReferenceSpec): number | 'target' | null {
  return columns.map((column) => spec.idsOf?.[column]).find((store) => store !== undefined) ?? null;
}

/** Where a constraint's values mean rows of another store: the map to them, its columns in the order of the constraint's; `''`: it has none. */
export function mapElsewhere(
  view: PartView,
  columns: readonly string[],
  to: string,
  foreign: ReadonlyMap<string, string>,
): { readonly map: string; readonly keys: readonly string[] } | null {
  const at = view.table.references.findIndex(
    (spec) =>
      same(spec.to, to) &&
      spec.columns.length === columns.length &&
      columns.every((column) => spec.columns.some((one) => same(one, column))) &&
      storeOf(view, spec) !== null,
  );
  const spec = view.table.references[at];
  if (spec === undefined) return null;
  const keys = columns.map((column) => `v${spec.columns.findIndex((one) => same(one, column))}`);
  return { map: foreign.get(foreignKey(view, at)) ?? '', keys };
}

/** Maps of a part's references to rows of one other store. A source is attached as `src` with its parts; the target as `tgt`. */
export function fillForeign(
  db: Connection,
  view: PartView,
  store: number | 'target',
  partsInto: (table: string) => readonly PartView[],
  foreign: Map<string, string>,
): void {
  for (const [i, spec] of view.table.references.entries()) {
    if (storeOf(view, spec) !== store) continue;
    const name = `foreign_${view.at}_${i}`;
    if (store === 'target') {
      if (db.row("SELECT 1 FROM pragma_table_list WHERE schema = 'tgt' AND name = ?", spec.to) === undefined) continue;
      const keys = spec.toColumns.map(quoteName);
      const columns = [...keys.map((key, j) => `${key} AS v${j}`), ...keys.map((key, j) => `${key} AS n${j}`)];
      db.exec(`CREATE TEMP TABLE ${name} AS SELECT ${columns.join(', ')}, 1 AS state FROM tgt.${quoteName(spec.to)};
        CREATE INDEX temp.${name}_v ON ${name} (${keys.map((_, j) => `v${j}`).join(', ')})`);
      foreign.set(foreignKey(view, i), `temp.${name}`);
      continue;
    }
    const parents = partsInto(spec.to).filter((parent) =>
      spec.toColumns.every((column) => rawOf(parent, column, quoteName) !== null),
    );
    if (parents.length > 0) foreign.set(foreignKey(view, i), fillMap(db, parents, spec, name));
  }
}

const same = (x: string, y: string | null | undefined): boolean => x.toLowerCase() === y?.toLowerCase();

function typeCondition(view: PartView, { kind, typeColumn, typeValues }: ReferenceSpec): string {
  if (kind !== 'typed' || typeColumn === undefined) return '1';
  const raw = rawOf(view, typeColumn, quoteName);
  if (raw === null) return '0';
  return `coalesce(+${raw} COLLATE BINARY IN (${(typeValues ?? []).map(sqlText).join(', ')}), 0)`;
}

function isInPlace(parent: PartView, spec: ReferenceSpec): boolean {
  const [key] = spec.toColumns;
  const from = key === undefined ? undefined : parent.spec.columns[key];
  if (spec.kind === 'json' || spec.toColumns.length !== 1 || key === undefined) return false;
  if (!parent.spans || from === undefined || !('from' in from)) return false;
  return same(key, parent.mrg.rowidColumn) && same(from.from, parent.src.rowidColumn);
}

function inPlace(
  parent: PartView,
  value: string,
  typed: string,
  i: number,
): Pick<Followed, 'joins' | 'state' | 'keys'> {
  const row = `p${i}.${parent.src.address[0]}`;
  const lookup = `LEFT JOIN ${parent.src.from} p${i} ON ${row} = ${value} AND ${typed}`;
  const span = `(SELECT sp${i}.offset FROM led.spans sp${i} WHERE sp${i}.part = ${parent.at} AND sp${i}.first <= ${row} ORDER BY sp${i}.first DESC LIMIT 1)`;
  const gone = `CASE WHEN ${row} IS NULL THEN 0`;
  if (parent.listed === 0) return { joins: lookup, state: `${gone} ELSE 1 END`, keys: [`(${row} + ${span})`] };
  return {
    joins: `${lookup} LEFT JOIN led.rows_${parent.at} q${i} ON q${i}.o0 = +${row}`,
    state: `${gone} WHEN q${i}.presence = 4 THEN ${retainedState(`q${i}.rule`)} ELSE 1 END`,
    keys: [`CASE WHEN q${i}.o0 IS NULL THEN ${row} + ${span} ELSE q${i}.k0 END`],
  };
}

const retainedState = (rule: string): string =>
  `CASE WHEN (SELECT name FROM led.rules WHERE rule = ${rule}) IN ${FOLLOWED} THEN 5 ELSE 4 END`;

/**
 * Keys as the source has them → keys as the target has them. Columns have the source's affinity and collation, which decide what is equal.
 * Of several rows of one part that have the key, the one with the lowest address is meant; of several parts the first.
 */
function fillMap(db: Connection, parents: readonly PartView[], spec: ReferenceSpec, name: string): string {
  const [first] = parents;
  const key = spec.toColumns.map((column) => (first === undefined ? '' : keyColumn(db, first, column)));
  const columns = key.map((declared, j) => `v${j} ${declared}`);
  const news = spec.toColumns.map((_, j) => `n${j}`);
  const unique = key.map((_, j) => `v${j}`).join(', ');
  const most = Math.max(...parents.map(({ src }) => src.address.length));
  const olds = numbered('o', most);
  db.exec(
    `CREATE TEMP TABLE ${name} (${[...columns, ...news, 'state', 'parent', ...olds].join(', ')}, UNIQUE (${unique}))`,
  );
  const set = [...news, 'state', ...olds].map((column) => `${column} = excluded.${column}`).join(', ');
  for (const [at, parent] of parents.entries()) {
    const lower = olds.slice(0, parent.src.address.length);
    const isLower = `(${lower.map((old) => `excluded.${old}`).join(', ')}) < (${lower.join(', ')})`;
    for (const { from, where, there, presence, own } of landings(parent)) {
      const state = presence === '1' ? '1' : `CASE WHEN r.presence = 4 THEN ${retainedState('r.rule')} ELSE 1 END`;
      const address = parent.mrg.address.map((column) => `m.${column}`);
      db.exec(`INSERT INTO temp.${name}
        SELECT ${spec.toColumns.map((column) => rawOf(parent, column, quoteName)).join(', ')},
               ${spec.toColumns.map((column) => `m.${quoteName(column)}`).join(', ')}, ${state}, ${at},
               ${olds.map((_, i) => own[i] ?? 'NULL').join(', ')}
        FROM ${from} LEFT JOIN ${parent.mrg.from} m ON ${equalAddresses(address, there)} WHERE ${where}
        ON CONFLICT (${unique}) DO UPDATE SET ${set} WHERE parent = ${at} AND ${isLower}`);
    }
  }
  return `temp.${name}`;
}

function keyColumn(db: Connection, view: PartView, column: string): string {
  const from = view.spec.columns[column];
  const name = from !== undefined && 'from' in from ? from.from : column;
  const own = view.src.columns.find((one) => same(one.name, name))?.type ?? '';
  // A file has no types: keys are equal where those of the table are that they come into.
  const type = own === '' && view.isText ? (view.mrg.columns.find((one) => same(one.name, column))?.type ?? '') : own;
  const collation = db.row(
    `SELECT x.coll FROM pragma_index_list(?, 'src') l, pragma_index_xinfo(l.name, 'src') x
     WHERE l."unique" AND x.key AND lower(x.name) = lower(?) LIMIT 1`,
    view.spec.table,
    name,
  )?.[0];
  // Only what SQLite itself brings: a collation of a program is not here, and its columns cannot be compared by it.
  const known = ['NOCASE', 'RTRIM'].includes(String(collation ?? '').toUpperCase()) ? ` COLLATE ${collation}` : '';
  return `${/^[\w ]+$/.test(type) ? quoteName(type) : ''}${known}`;
}

/** What a column must hold that takes part in references, for a row that was inserted or met an equal one. */
export function followedCell(
  view: PartView,
  followed: readonly Followed[],
  column: string,
  value: (column: string) => string,
): { readonly equal: string; readonly expected: string; readonly retained: string } {
  const raw = rawOf(view, column, quoteName) ?? 'NULL';
  const mine = followed.filter(({ spec }) => spec.kind !== 'json' && spec.columns.some((one) => same(one, column)));
  const at = ({ spec }: Followed): number => spec.columns.findIndex((one) => same(one, column));
  const branches = mine.map((one) => {
    const key = one.keys[at(one)] ?? 'NULL';
    return `WHEN ${one.state} = 1 THEN CASE WHEN ${key} = ${raw} THEN ${raw} ELSE ${key} END`;
  });
  const ghosts = mine
    .filter((one) => one.surrogateAt === at(one) && one.hasGhosts)
    .map(
      (one) =>
        `CASE WHEN ${one.applies} THEN (SELECT g.new FROM led.ghosts g WHERE g.target_table = ${sqlText(one.spec.to)} AND g.part = ${view.at} AND g.new <> g.old AND g.old = ${raw}) END`,
    );
  const source = view.spec.columns[column];
  const isEmptyNull = source !== undefined && 'from' in source && source.form === 'empty-is-null';
  const own = isEmptyNull ? `nullif(${raw}, '')` : raw;
  const kept = ghosts.length === 0 ? own : `coalesce(${[...ghosts, own].join(', ')})`;
  const expected = `(CASE ${branches.join(' ')} ELSE ${kept} END)`;
  const followable = mine.map((one) => `WHEN ${one.state} = 5 THEN ${refersTo(one, value)}`);
  const retained = `(${mine.map((one) => `${one.state} = 4`).join(' OR ')})`;
  const firstOf = mine.filter((one) => at(one) === 0 && one.surrogateAt >= 0);
  const begins = firstOf.map((one) => `AND NOT (${one.state} = 0 AND ${one.applies} AND ${refersTo(one, value)})`);
  const found = mine.map((one) => `${one.state} = 1`).join(' OR ');
  const equal = `(CASE WHEN ${found} THEN ${sameOrNumeral(value(column), expected)} WHEN ${retained} THEN 0 ${followable.join(' ')} ELSE ${sameOrNumeral(value(column), expected)} END ${begins.join(' ')})`;
  return { equal, expected, retained };
}

/** The values that stand there now lead to a row of the target. */
export function refersTo(
  { spec, parent }: Pick<Followed, 'spec' | 'parent'>,
  value: (column: string) => string,
): string {
  const terms = spec.toColumns.map((key, j) => `x.${quoteName(key)} = ${value(spec.columns[j] ?? '')}`);
  return `EXISTS (SELECT 1 FROM ${parent} x WHERE ${terms.join(' AND ')})`;
}

/** An array of ids: element by element, in order. */
export function followedArray(
  view: PartView,
  one: Followed,
  value: string,
): { readonly equal: string; readonly retained: string } {
  const raw = rawOf(view, one.spec.columns[0] ?? '', quoteName) ?? 'NULL';
  const isArray = (text: string): string =>
    `(typeof(${text}) = 'text' AND json_valid(${text}) AND CASE WHEN json_valid(${text}) THEN json_type(${text}) = 'array' END)`;
  const ghost =
    one.surrogateAt >= 0 && one.hasGhosts
      ? `coalesce((SELECT g.new FROM led.ghosts g WHERE g.target_table = ${sqlText(one.spec.to)} AND g.part = ${view.at} AND g.new <> g.old AND g.old = e.value), e.value)`
      : 'e.value';
  const joined = one.map === null ? '' : ` LEFT JOIN ${one.map} t ON t.v0 = e.value AND e.type IN ('integer', 'text')`;
  const state = one.map === null ? '0' : 'coalesce(t.state, 0)';
  const expected = one.map === null ? ghost : `CASE ${state} WHEN 1 THEN t.n0 WHEN 0 THEN ${ghost} ELSE e.value END`;
  const elements = (list: string, cell: string, more: string): string =>
    `(SELECT json_group_array(json_array(e.type, CAST(${cell} AS TEXT))) FROM json_each(${list}) e${more})`;
  const retained = `CASE WHEN ${isArray(raw)} THEN EXISTS (SELECT 1 FROM json_each(${raw}) e${joined} WHERE ${state} IN (4, 5)) ELSE 0 END`;
  const key = quoteName(one.spec.toColumns[0] ?? '');
  const begins =
    one.surrogateAt < 0
      ? ''
      : ` AND NOT EXISTS (SELECT 1 FROM json_each(${raw}) e${joined} WHERE ${state} = 0 AND e.type IN ('integer', 'text') AND EXISTS (SELECT 1 FROM ${one.parent} x WHERE x.${key} = ${ghost}))`;
  const equal = `CASE WHEN ${isArray(raw)} THEN CASE WHEN ${isArray(value)} THEN ${elements(value, 'e.value', '')} IS ${elements(raw, expected, joined)}${begins} ELSE 0 END ELSE ${sameOrNumeral(value, raw)} END`;
  return { equal, retained };
}
