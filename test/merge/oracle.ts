/**
 * What a merge promises, looked at row by row in plain arrays: slow, and as simple as it can be. It knows nothing of how a merge is done and
 * does not say which new ids there should be; it follows every reference before and after, and asks whether it is the same entity.
 */
import type { MergeSpec, ReferenceSpec, TableSpec } from '../../src/merge/model.ts';
import { parseTimestamp } from '../../src/rows/timestamp.ts';
import type { Value } from '../../src/rows/value.ts';
import { asWritten, compared, withoutEmpty } from './as-written.ts';
import { type LedgerOf, type PartOf, readLedgerOf } from './read-ledger.ts';
import { encoded, encodedRow, type Row, type Rows, readStore } from './read-rows.ts';

export interface Judged {
  readonly spec: MergeSpec;
  readonly target: string | null;
  readonly sources: readonly string[];
  readonly ancestors: readonly (string | null)[];
  readonly merged: string;
  readonly ledger: string;
  /** A constraint of the target forbids the value. */
  readonly refuses?: (table: string, column: string, value: Value) => boolean;
}

/** What is not as promised; empty where all is. */
export function judge(judged: Judged): readonly string[] {
  const before: Rows = judged.target === null ? new Map() : readStore(judged.target);
  const merged = readStore(judged.merged);
  const sources = judged.sources.map(readStore);
  const ancestors = judged.ancestors.map((file) => (file === null ? null : readStore(file)));
  const told = readLedgerOf(judged.ledger, judged.spec, sources, judged);
  const ledger: LedgerOf = {
    ...told,
    parts: told.parts.map((part) => ({ ...part, rows: part.rows.map((row) => asWritten(part.table, part.spec, row)) })),
  };
  const world: World = {
    spec: judged.spec,
    before,
    merged,
    sources,
    ancestors,
    ledger,
    byKey: indexOf(merged),
    refuses: judged.refuses ?? (() => false),
  };
  return [
    ...ledger.faults,
    ...rowsOfNobody(world),
    ...targetRows(world),
    ...ledger.parts.flatMap((part) => part.rows.flatMap((row) => sourceRow(world, part, row))),
    ...lines(world),
    ...multisets(world),
    ...freeIds(world),
    ...erased(world),
    ...doubles(world),
  ];
}

interface World {
  readonly spec: MergeSpec;
  readonly before: Rows;
  readonly merged: Rows;
  readonly sources: readonly Rows[];
  readonly ancestors: readonly (Rows | null)[];
  readonly ledger: LedgerOf;
  readonly refuses: (table: string, column: string, value: Value) => boolean;
  /** `table key` → row of the merged file. */
  readonly byKey: ReadonlyMap<string, Row>;
}

function indexOf(rows: Rows): ReadonlyMap<string, Row> {
  return new Map([...rows].flatMap(([table, list]) => list.map((row) => [`${table} ${row.key}`, row] as const)));
}

const at = (world: World, table: string, key: string | null): Row | undefined => world.byKey.get(`${table} ${key}`);
const partsOf = (world: World, table: string): readonly PartOf[] =>
  world.ledger.parts.filter((part) => part.table.table === table).sort((x, y) => x.at - y.at);

/** Each row of the merged table is the target's, or was inserted by exactly one row. */
function rowsOfNobody(world: World): readonly string[] {
  return [...world.merged].flatMap(([table, rows]) => {
    const owners = new Map<string, number>();
    for (const { key } of world.before.get(table) ?? []) owners.set(key, 1);
    for (const { landed } of partsOf(world, table)) {
      for (const { presence, to } of landed.values()) {
        if (presence === 1 && to !== null) owners.set(to, (owners.get(to) ?? 0) + 1);
      }
    }
    const lost = [...owners.keys()].filter((key) => at(world, table, key) === undefined);
    return [
      ...rows
        .filter(({ key }) => owners.get(key) !== 1)
        .map(({ key }) => `${table}: row ${key} has ${owners.get(key) ?? 0} owners`),
      ...lost.map((key) => `${table}: row ${key} should be there`),
    ];
  });
}

interface Won {
  readonly part: number;
  readonly column: string;
  readonly to: string;
  readonly won: Value;
  readonly lost: Value;
}

/** What sources won, in order of the parts. */
function changesOf(world: World, table: string): readonly Won[] {
  return partsOf(world, table).flatMap((part) =>
    [...part.landed.values()].flatMap(({ to, differs }) =>
      differs.filter(({ winner }) => winner === 1).map((line) => ({ ...line, part: part.at, to: to ?? '' })),
    ),
  );
}

/** A cell of the merged row as it stood when the part was done. -1: before all of them. */
function asOf(world: World, table: string, key: string, column: string, part: number): Value {
  const later = changesOf(world, table).find((one) => one.to === key && one.column === column && one.part > part);
  return later === undefined ? (at(world, table, key)?.cells[column] ?? null) : later.lost;
}

/** Just before the part. */
const upTo = (world: World, table: string, key: string, column: string, part: number): Value =>
  asOf(world, table, key, column, part - 0.5);

function targetRows(world: World): readonly string[] {
  return [...world.before].flatMap(([table, rows]) => {
    const spec = world.spec.tables.find((one) => one.table === table);
    return rows.flatMap((row) => {
      const wrong = Object.entries(row.cells).filter(
        ([column, value]) => encoded(asOf(world, table, row.key, column, -1)) !== encoded(value),
      );
      const moved = (spec?.references ?? []).flatMap((ref) => movedInTarget(world, ref, row));
      return [
        ...wrong
          .filter(([column]) => column !== 'g')
          .map(([column]) => `${table}: ${column} of a row of the target changed and nobody says so`),
        ...moved.map((what) => `${table}: ${what}`),
      ];
    });
  });
}

/** Where a row of the target refers to, it still does; where nowhere, still nowhere. */
function movedInTarget(world: World, ref: ReferenceSpec, row: Row): readonly string[] {
  return valuesOf(ref, row.cells).flatMap((values) => {
    const was = leadsTo(world.before.get(ref.to) ?? [], ref, values);
    const is = leadsTo(world.merged.get(ref.to) ?? [], ref, values);
    if (was.length === 0) {
      return is.length > 0 && toSurrogate(world, ref)
        ? [`a reference of the target to nobody (${ref.columns}) leads to somebody`]
        : [];
    }
    return was[0]?.key === is[0]?.key ? [] : [`a reference of the target (${ref.columns}) leads to somebody else`];
  });
}

const toSurrogate = (world: World, ref: ReferenceSpec): boolean =>
  ref.toColumns.includes(world.spec.tables.find(({ table }) => table === ref.to)?.surrogate ?? '');

/** Tuples of values that refer to something: one, none, or the elements of an array. */
function valuesOf(ref: ReferenceSpec, cells: Row['cells']): readonly (readonly Value[])[] {
  const values = ref.columns.map((column) => cells[column] ?? null);
  if (values.includes(null)) return [];
  if (ref.kind === 'typed' && !(ref.typeValues ?? []).includes(String(cells[ref.typeColumn ?? '']))) return [];
  if (ref.kind !== 'json') return [values];
  return (elements(values[0]) ?? []).map((element) => [element]);
}

/** `null`: no array of ids. */
function elements(value: Value | undefined): readonly Value[] | null {
  if (typeof value !== 'string') return null;
  try {
    const list: unknown = JSON.parse(value);
    if (!Array.isArray(list)) return null;
    return list.map((one) => (typeof one === 'number' ? BigInt(one) : String(one)));
  } catch {
    return null;
  }
}

const equalKey = (key: Value | undefined, value: Value | undefined): boolean =>
  encoded(key) === encoded(value) ||
  (typeof key === 'bigint' && typeof value === 'string' && String(key) === value) ||
  (typeof key === 'string' && typeof value === 'bigint' && String(value) === key);

const leadsTo = (rows: readonly Row[], ref: ReferenceSpec, values: readonly Value[]): readonly Row[] =>
  rows.filter(({ cells }) => ref.toColumns.every((column, j) => equalKey(cells[column], values[j])));

/** One row of a source, against the row of the merged table that the ledger names. */
function sourceRow(world: World, part: PartOf, row: Row): readonly string[] {
  const { table } = part.table;
  const landed = part.landed.get(row.key);
  if (landed === undefined || landed.to === null)
    return landed?.rule === null ? [`${table}: retained without a reason`] : [];
  const key = landed.to;
  if (at(world, table, key) === undefined)
    return [`${table}: a row of source ${part.spec.source} is said to be ${key}, which is not there`];
  const where = `${table}: source ${part.spec.source}, row ${row.key}, presence ${landed.presence}`;
  const listed = new Set(landed.differs.map(({ column }) => column));
  const now = Object.fromEntries(part.table.columns.map(({ name }) => [name, asOf(world, table, key, name, part.at)]));
  const referring = new Set(part.table.references.flatMap(({ columns }) => columns));
  const faults: string[] = [];
  if (landed.presence !== 3 && listed.size > 0) faults.push(`${where}: differs, and is not merged`);
  for (const { name, normaliser } of part.table.columns) {
    const source = part.spec.columns[name];
    const isNumber = name === part.table.surrogate;
    if (source === undefined || isNumber || referring.has(name) || listed.has(name) || row.unsaid?.has(name)) continue;
    const value = 'fill' in source ? (source.fill as Value) : (row.cells[name] ?? null);
    if ('fill' in source && landed.presence !== 1) continue;
    const form = landed.presence === 1 ? 'exact' : normaliser;
    if (encoded(compared(now[name] ?? null, form)) !== encoded(compared(value, form))) {
      faults.push(`${where}: ${name} is not what it was`);
    }
  }
  for (const ref of part.table.references) {
    const own = [...ref.columns, ...(ref.typeColumn === undefined ? [] : [ref.typeColumn])];
    const isOpen = (column: string): boolean => listed.has(column) || row.unsaid?.has(column) === true;
    if (own.some((column) => isOpen(column) || part.spec.columns[column] === undefined)) continue;
    faults.push(...followed(world, part, ref, row, now).map((what) => `${where}: ${what}`));
  }
  return faults;
}

type Destination =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'retained'; readonly rule: string | null }
  | { readonly kind: 'row'; readonly key: string };

/** Whose rows the values of a reference mean. */
const storeOf = ({ spec }: PartOf, ref: ReferenceSpec): number | 'target' =>
  ref.columns.map((column) => spec.idsOf?.[column]).find((store) => store !== undefined) ?? spec.source;

/** Where a reference of a source's row must lead. */
function destination(world: World, part: PartOf, ref: ReferenceSpec, values: readonly Value[]): Destination {
  const store = storeOf(part, ref);
  if (store === 'target') {
    const [there] = leadsTo(world.before.get(ref.to) ?? [], ref, values);
    return there === undefined ? { kind: 'nobody' } : { kind: 'row', key: there.key };
  }
  const parents = partsOf(world, ref.to).find(({ spec }) => spec.source === store);
  const [parent] = leadsTo(parents?.rows ?? [], ref, values);
  const landed = parent === undefined ? undefined : parents?.landed.get(parent.key);
  if (landed === undefined) return { kind: 'nobody' };
  return landed.to === null ? { kind: 'retained', rule: landed.rule } : { kind: 'row', key: landed.to };
}

function followed(world: World, part: PartOf, ref: ReferenceSpec, row: Row, now: Row['cells']): readonly string[] {
  const before = valuesOf(ref, row.cells);
  const after = valuesOf(ref, now);
  const raw = ref.columns.map((column) => withoutEmpty(part.spec, column, row.cells[column] ?? null));
  const [only] = before;
  const isEmpty = only !== undefined && raw.includes(null) && destination(world, part, ref, only).kind === 'nobody';
  if (isEmpty && after.length === 0) return [];
  if (before.length === 0) {
    const same = encodedRow(raw) === encodedRow(ref.columns.map((column) => now[column]));
    // A column of another reference may follow that one.
    const shared = part.table.references.some(
      (one) => one !== ref && one.columns.some((column) => ref.columns.includes(column)),
    );
    return same || shared ? [] : [`${ref.columns} refers to nothing, and changed`];
  }
  if (before.length !== after.length) return [`${ref.columns} has ${after.length} ids, not ${before.length}`];
  return before.flatMap((values, i) => {
    const to = destination(world, part, ref, values);
    const leads = leadsTo(world.merged.get(ref.to) ?? [], ref, after[i] ?? []);
    if (to.kind === 'row')
      return leads.length === 1 && leads[0]?.key === to.key
        ? []
        : [`${ref.columns} leads to ${leads[0]?.key ?? 'nobody'}, not to ${to.key}`];
    if (to.kind === 'retained')
      return leads.length === 1 && (to.rule === 'two-matches' || to.rule === 'key-taken')
        ? []
        : [`${ref.columns} refers to a row that was retained`];
    if (toSurrogate(world, ref))
      return leads.length === 0 ? [] : [`${ref.columns} referred to nobody, and leads to ${leads[0]?.key}`];
    return encodedRow(values) === encodedRow(after[i] ?? []) ? [] : [`${ref.columns} referred to nobody, and changed`];
  });
}

/** What the ledger says of merged rows: both values, and the winner by the rules. */
function lines(world: World): readonly string[] {
  return world.ledger.parts.flatMap((part) =>
    part.rows.flatMap((row) => {
      const landed = part.landed.get(row.key);
      if (landed?.presence !== 3 || landed.to === null) return [];
      return part.table.columns.flatMap(({ name }) =>
        line(world, part, row, landed.to ?? '', name).map(
          (what) => `${part.table.table}: source ${part.spec.source}, row ${row.key}, ${name}: ${what}`,
        ),
      );
    }),
  );
}

function line(world: World, part: PartOf, row: Row, key: string, column: string): readonly string[] {
  const { table } = part;
  const source = part.spec.columns[column];
  const told = part.landed.get(row.key)?.differs.find((one) => one.column === column);
  if (source === undefined || !('from' in source) || column === table.surrogate)
    return told === undefined ? [] : ['a line about a column that does not come in'];
  const mine = translated(world, part, row, column);
  if (mine === undefined) return [];
  const stood = upTo(world, table.table, key, column, part.at);
  const { normaliser } = table.columns.find(({ name }) => name === column) ?? { normaliser: 'exact' as const };
  // How many digits of a real SQLite writes as text is its own affair.
  const isReal = (value: Value): boolean => typeof value === 'number' && !Number.isSafeInteger(value);
  if (normaliser === 'text' && (isReal(stood) || isReal(mine))) return [];
  const formed = (value: Value): string => encoded(compared(value, normaliser));
  const isList = table.references.some((ref) => ref.kind === 'json' && ref.columns.includes(column));
  const same = isList ? sameList(stood, mine) : formed(stood) === formed(mine);
  const refers = table.references.some(({ columns }) => columns.includes(column));
  const kept = refers ? mine : (row.raw?.[source.from] ?? null);
  if (same) return told === undefined ? [] : ['a line although both are the same'];
  if (told === undefined) return ['differs, and the ledger does not say so'];
  const wins = together(part, row, column) ?? winner(world, part, row, key, column, stood, mine);
  const refused = told.rule === 'refused';
  if (refused && !isRefused(world, part, row)) return ['said to be refused, and nothing of the row is'];
  const expected = refused ? 0 : wins;
  if (expected !== null && told.winner !== expected) return [`the winner is ${told.winner}, by the rules ${expected}`];
  const [won, lost] = told.winner === 1 ? [mine, stood] : [stood, kept];
  const is = (x: Value, y: Value): boolean => encoded(x) === encoded(y) || (isList && sameList(x, y));
  return [
    ...(is(told.won, won) ? [] : ['the winner in the ledger is not the value that won']),
    ...(is(told.lost, lost) ? [] : ['the loser in the ledger is not the value that lost']),
  ];
}

/** The target's row would take all that won over it, or nothing. */
function isRefused(world: World, part: PartOf, row: Row): boolean {
  const told = part.landed.get(row.key)?.differs ?? [];
  return told.some(({ column, rule }) => {
    const value = translated(world, part, row, column);
    return rule === 'refused' && (value === undefined || world.refuses(part.table.table, column, value));
  });
}

function sameList(x: Value, y: Value): boolean {
  const [mine, theirs] = [elements(x), elements(y)];
  return mine !== null && theirs !== null ? encodedRow(mine) === encodedRow(theirs) : encoded(x) === encoded(y);
}

/** The source's value as it would stand in the merged table. `undefined`: it cannot be said. */
function translated(world: World, part: PartOf, row: Row, column: string): Value | undefined {
  if (row.unsaid?.has(column)) return undefined;
  const raw = row.cells[column] ?? null;
  const refs = part.table.references.filter(({ columns }) => columns.includes(column));
  let value: Value = refs.length === 0 ? raw : withoutEmpty(part.spec, column, raw);
  for (const ref of refs) {
    const parts = valuesOf(ref, row.cells).map((values): Value | undefined => {
      const j = ref.columns.indexOf(column);
      const to = destination(world, part, ref, values);
      const own = values[j] ?? null;
      if (to.kind === 'retained') return undefined;
      if (to.kind === 'nobody') {
        if (withoutEmpty(part.spec, column, own) === null) return null;
        const ghost = world.ledger.ghosts.get(`${ref.to} ${part.at} ${own}`) ?? own;
        return toSurrogate(world, ref) && typeof own === 'string'
          ? String(ghost)
          : toSurrogate(world, ref)
            ? ghost
            : own;
      }
      const key = at(world, ref.to, to.key)?.cells[ref.toColumns[j] ?? ''] ?? null;
      return typeof own === 'string' && typeof key === 'bigint' ? String(key) : key;
    });
    if (parts.includes(undefined)) return undefined;
    if (ref.kind === 'json') {
      if (parts.length > 0)
        value = `[${parts.map((one) => (typeof one === 'bigint' ? String(one) : JSON.stringify(one))).join(',')}]`;
    } else if (parts[0] !== undefined) value = parts[0];
  }
  return value;
}

/** Where the column is one of several of a reference: all that differ have one winner. `null`: it is alone. */
function together(part: PartOf, row: Row, column: string): 0 | 1 | null {
  const beside = besideOf(part.table, column);
  if (beside.length < 2) return null;
  const told = part.landed.get(row.key)?.differs.filter((one) => beside.includes(one.column)) ?? [];
  return told[0]?.winner === 1 ? 1 : 0;
}

function besideOf({ references }: TableSpec, column: string): readonly string[] {
  return references
    .map(({ columns, typeColumn }) => [...columns, ...(typeColumn === undefined ? [] : [typeColumn])])
    .filter((columns) => columns.includes(column))
    .flat();
}

/** 0: what stood there, 1: this source. `null`: the rules leave it open. */
function winner(
  world: World,
  part: PartOf,
  row: Row,
  key: string,
  column: string,
  stood: Value,
  mine: Value,
): 0 | 1 | null {
  const { table } = part;
  const isReferredTo = world.spec.tables.some(({ references }) =>
    references.some((ref) => ref.to === table.table && ref.toColumns.includes(column)),
  );
  if (isReferredTo) return 0;
  // Nobody meant that a row holds nothing in a column that its table lacked.
  if (stood === null && table.columns.find(({ name }) => name === column)?.added === true) return 1;
  const ancestor = world.ancestors[part.spec.source]?.get(part.spec.ancestor?.table ?? '');
  if (ancestor !== undefined) {
    const isReference = table.references.some(({ columns }) => columns.includes(column));
    const keyed = table.identity.kind === 'key' ? table.identity.columns : [];
    if (isReference || keyed.some((one) => table.references.some(({ columns }) => columns.includes(one)))) return null;
    const earlier = ancestor.find(
      (one) => identityOf(table, one) !== null && identityOf(table, one) === identityOf(table, row),
    );
    const was = part.spec.ancestor?.columns[column];
    if (earlier !== undefined && was !== undefined) {
      const { normaliser } = table.columns.find(({ name }) => name === column) ?? { normaliser: 'exact' as const };
      const [x, y, z, raw] = [earlier.cells[was] ?? null, stood, mine, row.raw?.[column] ?? null].map((value) =>
        encoded(compared(value, normaliser)),
      );
      // The ancestor may write it as the source does, or as the target.
      if ((x === z) !== (x === raw)) return null;
      if (x === z) return 0;
      if (x === y) return 1;
    }
  }
  switch (table.differ[column]) {
    case 'source':
      return 1;
    case 'newest': {
      const time = table.timeColumn ?? '';
      const [before, after] = [upTo(world, table.table, key, time, part.at), row.cells[time] ?? null];
      const [was, is] = [before, after].map(parseTimestamp);
      return was !== null && is !== null && Number(is) > Number(was) ? 1 : 0;
    }
    case 'complete':
      return (stood === null || stood === '') && mine !== null && mine !== '' ? 1 : 0;
    default:
      return 0;
  }
}

/** The key as one text, in the forms for comparison; `null`: part of it is missing. */
function identityOf(table: TableSpec, row: Row): string | null {
  if (table.identity.kind !== 'key') return null;
  const values = table.identity.columns.map((column) => row.cells[column] ?? null);
  if (values.includes(null)) return null;
  return table.identity.columns
    .map((column, i) => {
      const normaliser = table.columns.find(({ name }) => name === column)?.normaliser ?? 'exact';
      return encoded(compared(values[i] ?? null, normaliser));
    })
    .join('|');
}

/** Of equal rows without a key there are as many as the store that has most of them. */
function multisets(world: World): readonly string[] {
  return world.spec.tables.flatMap((table) => {
    // Rows of one table that refer to each other are equal only where those are: not asked here.
    if (table.identity.kind !== 'row' || reachesItself(world.spec, table.table)) return [];
    const names = table.columns.map(({ name }) => name).filter((name) => name !== table.surrogate);
    const parts = partsOf(world, table.table);
    if (
      parts.some(({ spec }) =>
        names.some((name) => spec.columns[name] === undefined || 'fill' in (spec.columns[name] ?? {})),
      )
    )
      return [];
    const count = (texts: readonly string[]): Map<string, number> => {
      const counts = new Map<string, number>();
      for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
      return counts;
    };
    const lists = (name: string, value: Value): Value =>
      table.references.some((ref) => ref.kind === 'json' && ref.columns.includes(name)) && elements(value) !== null
        ? encodedRow(elements(value) ?? [])
        : value;
    const inForm = (name: string, value: Value): Value =>
      compared(value, table.columns.find((column) => column.name === name)?.normaliser ?? 'exact');
    const text = (cells: Row['cells']): string =>
      encodedRow(names.map((name) => inForm(name, lists(name, cells[name] ?? null))));
    const stores = [
      count((world.before.get(table.table) ?? []).map(({ cells }) => text(cells))),
      ...parts.map((part) =>
        count(
          part.rows
            .filter((row) => part.landed.get(row.key)?.to !== null)
            .map((row) =>
              text(Object.fromEntries(names.map((name) => [name, translated(world, part, row, name) ?? null]))),
            ),
        ),
      ),
    ];
    const after = count((world.merged.get(table.table) ?? []).map(({ cells }) => text(cells)));
    const all = new Set(stores.flatMap((store) => [...store.keys()]));
    return [...all].flatMap((one) => {
      const most = Math.max(...stores.map((store) => store.get(one) ?? 0));
      return after.get(one) === most
        ? []
        : [`${table.table}: of equal rows there are ${after.get(one) ?? 0}, not ${most}`];
    });
  });
}

export function reachesItself(spec: MergeSpec, table: string): boolean {
  const seen = new Set<string>();
  const visit = (name: string): boolean =>
    (spec.tables.find((one) => one.table === name)?.references ?? []).some(({ to }) => {
      if (to === table) return true;
      if (seen.has(to)) return false;
      seen.add(to);
      return visit(to);
    });
  return visit(table);
}

/** An id that nobody has, and that refers to nobody either, is kept. */
function freeIds(world: World): readonly string[] {
  return world.ledger.parts.flatMap((part) => {
    const { surrogate, table } = part.table;
    if (surrogate === null) return [];
    const ids = new Set((world.merged.get(table) ?? []).map(({ cells }) => encoded(cells[surrogate])));
    const ghosts = ghostsOf(world, table);
    return part.rows.flatMap((row) => {
      const landed = part.landed.get(row.key);
      if (typeof row.cells[surrogate] !== 'bigint' || row.unsaid?.has(surrogate)) return [];
      const now = at(world, table, landed?.to ?? null)?.cells[surrogate];
      const own = encoded(row.cells[surrogate]);
      if (landed?.presence !== 1 || encoded(now) === own || ids.has(own) || ghosts.has(own)) return [];
      return [
        `${table}: source ${part.spec.source} has the id ${row.cells[surrogate]}, which was free and was not kept`,
      ];
    });
  });
}

/** Values of any store that refer to a row of the table which is not there. */
function ghostsOf(world: World, table: string): ReadonlySet<string> {
  const found = new Set<string>();
  const rowsThere = (store: number | 'target', to: string): readonly Row[] =>
    store === 'target'
      ? (world.before.get(to) ?? [])
      : (partsOf(world, to).find(({ spec }) => spec.source === store)?.rows ?? []);
  for (const spec of world.spec.tables) {
    for (const ref of spec.references.filter(({ to }) => to === table)) {
      const among = (rows: readonly Row[], store: number | 'target'): void => {
        for (const values of rows.flatMap((row) => valuesOf(ref, row.cells))) {
          if (leadsTo(rowsThere(store, table), ref, values).length > 0) continue;
          for (const value of values)
            found.add(encoded(typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : value));
        }
      };
      among(world.before.get(spec.table) ?? [], 'target');
      for (const part of partsOf(world, spec.table)) among(part.rows, storeOf(part, ref));
    }
  }
  return found;
}

/** Nobody who was deleted in the target comes back, unless it was decided so. */
function erased(world: World): readonly string[] {
  return world.ledger.parts.flatMap((part) => {
    const { table } = part;
    const keyed = table.identity.kind === 'key' ? table.identity.columns : [];
    const isTranslated = keyed.some((one) => table.references.some(({ columns }) => columns.includes(one)));
    const had = new Set((world.before.get(table.table) ?? []).map((row) => identityOf(table, row)));
    // A key that means the same in every store is known from the ancestor of any of them.
    const known = new Set(ancestorsOf(world, table).map((row) => identityOf(table, row)));
    return part.rows.flatMap((row) => {
      const landed = part.landed.get(row.key);
      const identity = identityOf(table, row);
      const wasDeleted = landed?.rule === 'deleted-in-target';
      const isNew = !world.before.has(table.table);
      if (wasDeleted && isNew) return [`${table.table}: retained as deleted, though the target never had the table`];
      if (wasDeleted && table.deleted === 'returns')
        return [`${table.table}: retained as deleted, though it may return`];
      if (wasDeleted && identity !== null && !isTranslated && had.has(identity))
        return [`${table.table}: retained as deleted, though the target has it`];
      if (landed?.presence !== 1 || identity === null || isTranslated) return [];
      return !isNew && table.deleted === 'stays' && known.has(identity) && !had.has(identity)
        ? [`${table.table}: source ${part.spec.source} brought back a row that the target had deleted`]
        : [];
    });
  });
}

const ancestorsOf = (world: World, { parts }: TableSpec): readonly Row[] =>
  parts.flatMap(({ source, ancestor }) => world.ancestors[source]?.get(ancestor?.table ?? '') ?? []);

/** Of rows of one source with one identity one is the entity: the first that could be. */
function doubles(world: World): readonly string[] {
  return world.ledger.parts.flatMap((part) => {
    const { table } = part;
    if (table.identity.kind !== 'key') return [];
    const { columns } = table.identity;
    // What refers to something is not the same before and after.
    if (table.references.some((ref) => ref.columns.some((column) => columns.includes(column)))) return [];
    const groups = new Map<string, Row[]>();
    for (const row of part.rows) {
      const identity = identityOf(table, row);
      if (identity === null || columns.some((column) => row.unsaid?.has(column))) continue;
      groups.set(identity, [...(groups.get(identity) ?? []), row]);
    }
    return [...groups.values()].flatMap((rows) => {
      const landed = rows.map(({ key }) => part.landed.get(key));
      const first = landed.findIndex((one) => one !== undefined && one.to !== null);
      const count = landed.filter((one) => one !== undefined && one.to !== null).length;
      if (count > 1) return [`${table.table}: ${count} rows of source ${part.spec.source} with one identity came in`];
      return landed.slice(0, Math.max(first, 0)).some((one) => one?.rule === 'two-matches')
        ? [`${table.table}: of rows of source ${part.spec.source} with one identity it is not the first that came in`]
        : [];
    });
  });
}
