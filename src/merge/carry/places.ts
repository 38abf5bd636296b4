/**
 * Where rows of the merged store came from: each table of a store that takes part is a place. `home_<place>` says under which address a
 * row lies there, read from the ledger backwards.
 */

import type { ValueForm } from '../../rows/write-form.ts';
import { fileUri } from '../../stores/sqlite/driver.ts';
import type { MergeSpec, PartSpec, TableSpec } from '../model.ts';
import { type CatalogTable, key, readCatalog } from './catalog.ts';
import { addressNames, type Later, type Pair, tableIn } from './later-rows.ts';
import type { CarryStore, LaterRequest, StoreReason } from './model.ts';
import { joined, list, numbered, of } from './sql.ts';

export interface CarryInto {
  /** 0: the target; sources in order of their paths. */
  readonly index: number;
  readonly store: CarryStore;
  /** Nothing can be carried into it. */
  readonly why: StoreReason | null;
  readonly places: readonly Place[];
}

export interface Place {
  readonly id: number;
  readonly store: number;
  readonly path: string;
  readonly pair: Pair;
  readonly spec: TableSpec | null;
  /** As it was before the merge. `null`: nothing can be carried into it. */
  readonly table: CatalogTable | null;
  /** In the ledger; `null`: of the target. */
  readonly part: number | null;
  readonly columns: readonly OwnColumn[];
  /** Columns, in lower case, whose values name rows of another store: its index. */
  readonly idsOf: ReadonlyMap<string, number>;
  /** The first one of its store that came into the table: new rows go there, and references lead there. */
  readonly isMain: boolean;
}

/** A column of the merged table, and the one here that its values came from. */
export interface OwnColumn {
  readonly merged: string;
  readonly own: string;
  readonly form: ValueForm | null;
}

/** What a ledger says of itself. It is attached as `l`. */
export interface LedgerRead {
  readonly spec: MergeSpec;
  readonly parts: readonly {
    readonly part: number;
    readonly path: string;
    readonly from: string;
    readonly to: string;
  }[];
}

export function readLedger({ db }: Later): LedgerRead {
  const [spec] = db.row('SELECT spec FROM l.ledger') ?? [];
  const parts = db.rows(
    'SELECT p.part, s.path, p.source_table, p.target_table FROM l.parts p JOIN l.stores s USING (store) ORDER BY p.part',
  );
  return {
    spec: JSON.parse(String(spec)) as MergeSpec,
    parts: parts.map(([part, path, from, to]) => ({
      part: Number(part),
      path: String(path),
      from: String(from),
      to: String(to),
    })),
  };
}

/** `ledger`: `null` where nothing was merged into the store, which then is its own only place. */
export function placesOf(
  later: Later,
  request: LaterRequest,
  ledger: LedgerRead | null,
  encoding: string,
): readonly CarryInto[] {
  let id = 0;
  const into: CarryInto[] = [];
  const known = new Map(request.sources.map((source) => [source.path, source]));
  const specs = new Map((ledger?.spec.tables ?? []).map((table) => [key(table.table), table]));
  const target = opened(request.target, encoding);
  into.push({
    index: 0,
    store: request.target,
    why: target.why,
    places: later.pairs.flatMap((pair): Place[] => {
      const table = target.tables?.get(key(pair.name)) ?? null;
      if (pair.is !== 'same' || table === null) return [];
      const spec = specs.get(key(pair.name)) ?? null;
      const columns = table.written.map((own) => ({ merged: own, own, form: null }));
      return [
        {
          id: id++,
          store: 0,
          path: request.target.path,
          pair,
          spec,
          table,
          part: null,
          columns,
          idsOf: new Map(),
          isMain: true,
        },
      ];
    }),
  });
  for (const [position, { path, kind }] of (ledger?.spec.sources ?? []).entries()) {
    const missing: CarryStore = {
      path,
      before: null,
      out: null,
      why: kind === 'text' ? 'text-store' : 'store-missing',
    };
    const store = known.get(path) ?? missing;
    const own = opened(kind === 'sqlite' ? store : missing, encoding);
    const seen = new Set<Pair>();
    const places: Place[] = [];
    // Values of a ledger lie in no store: their rows are those of the target.
    for (const spec of kind === 'values' ? [] : specs.values()) {
      const pair = later.byName.get(key(spec.table));
      if (pair?.is !== 'same') continue;
      for (const part of spec.parts) {
        if (part.source !== position) continue;
        const found = ledger?.parts.find(
          (one) => one.path === path && key(one.from) === key(part.table) && key(one.to) === key(spec.table),
        );
        if (found === undefined) continue;
        const table = own.tables?.get(key(part.table)) ?? null;
        const columns = table === null ? [] : columnsOf(part, table);
        places.push({
          ...{ id: id++, store: position + 1, path, pair, spec, table, part: found.part, columns },
          idsOf: new Map(
            Object.entries(part.idsOf ?? {}).map(([column, of]) => [key(column), of === 'target' ? 0 : of + 1]),
          ),
          isMain: !seen.has(pair),
        });
        seen.add(pair);
      }
    }
    into.push({ index: position + 1, store, why: own.why, places });
  }
  return into;
}

function opened(
  store: CarryStore,
  encoding: string,
): { readonly why: StoreReason | null; readonly tables: ReadonlyMap<string, CatalogTable> | null } {
  if (store.why !== null || store.before === null) return { why: store.why ?? 'store-missing', tables: null };
  const catalog = readCatalog(store.before);
  if (catalog.encoding !== encoding) return { why: 'other-encoding', tables: null };
  return { why: null, tables: catalog.tables };
}

function columnsOf(part: PartSpec, table: CatalogTable): readonly OwnColumn[] {
  const written = new Map(table.written.map((name) => [key(name), name]));
  const taken = new Set<string>();
  return Object.entries(part.columns).flatMap(([merged, source]) => {
    const own = 'from' in source ? written.get(key(source.from)) : undefined;
    if (own === undefined || taken.has(own) || !('from' in source)) return [];
    taken.add(own);
    return [{ merged, own, form: source.form ?? null }];
  });
}

/** Attaches a store as it was, as `s`, while `work` is done. */
export function withStore<T>({ db }: Pick<Later, 'db'>, file: string, work: () => T): T {
  db.rows('ATTACH ? AS s', fileUri(file, 'immutable'));
  // What fails ends the request, and with it the connection: nothing is to be put in order then.
  const result = work();
  db.exec('DETACH s');
  return result;
}

/** Of rows that the merged file had and that later rows are or refer to. */
export function findHomes(later: Later, into: readonly CarryInto[]): void {
  for (const { store, places } of into) {
    const fill = (): void => {
      for (const place of places) fillHome(later, place);
    };
    if (places.some(({ table }) => table !== null) && store.before !== null) withStore(later, store.before, fill);
    else fill();
  }
}

function fillHome({ db }: Later, place: Place): void {
  const { id, pair, table, part } = place;
  const m = addressNames(pair, 'm', 'r');
  const isThere = (address: readonly string[]): string =>
    table === null
      ? '1'
      : `EXISTS (SELECT 1 FROM ${tableIn('s', table)} x WHERE ${joined(of('x', table.address.columns), address)})`;
  const rows =
    part === null
      ? 0
      : db.rows(`SELECT name FROM pragma_table_info('rows_${part}', 'l') WHERE name GLOB 'o[0-9]*'`).length;
  const o = numbered('o', part === null ? m.length : rows);
  db.exec(`CREATE TABLE home_${id} (n INTEGER PRIMARY KEY, ${list(o)})`);
  if (part === null) {
    db.exec(
      `INSERT INTO home_${id} SELECT r.n, ${list(m)} FROM row_${pair.i} r WHERE r.m0 IS NOT NULL AND ${isThere(m)}`,
    );
    return;
  }
  const old = o.map((one) => `e.${one}`);
  const met = joined(
    numbered('k', m.length).map((k) => `e.${k}`),
    m,
  );
  db.exec(`INSERT INTO home_${id} SELECT r.n, ${list(old)} FROM l.rows_${part} e CROSS JOIN row_${pair.i} r ON ${met}
    WHERE e.presence IN (1, 2, 3)`);
  const listed = (address: readonly string[]): string =>
    `EXISTS (SELECT 1 FROM l.rows_${part} e WHERE ${joined(old, address)})`;
  if (pair.m?.address.isKey === false) {
    const at = ['r.m0 - g.offset'];
    db.exec(`INSERT INTO home_${id}
      SELECT r.n, ${list(at)} FROM row_${pair.i} r CROSS JOIN l.spans g ON g.part = ${part}
        AND r.m0 - g.offset BETWEEN g.first AND g.last
      WHERE r.m0 IS NOT NULL AND r.n NOT IN (SELECT n FROM home_${id}) AND ${isThere(at)} AND NOT ${listed(at)}`);
  } else if (o.length === m.length) {
    // Both are WITHOUT ROWID: what is not listed came under its own key. Where one has a rowid, every row is listed.
    const isKey = table === null || table.address.isKey;
    if (isKey) {
      db.exec(`INSERT INTO home_${id} SELECT r.n, ${list(m)} FROM row_${pair.i} r
        WHERE r.m0 IS NOT NULL AND r.n NOT IN (SELECT n FROM home_${id}) AND ${isThere(m)} AND NOT ${listed(m)}`);
    }
  }
}

/** Where the rows lie that values of a column in this place refer to. */
export function parentPlace(into: readonly CarryInto[], place: Place, column: string, to: Pair): Place | undefined {
  const store = place.idsOf.get(key(column)) ?? place.store;
  return into[store]?.places.find((one) => one.pair === to && one.isMain && one.table !== null);
}
