/**
 * Rows that were written after a merge, when it is taken back: found, and carried into the stores as they were, or kept aside. One request
 * of a child process; its files are private. `docs/merging.md`, "Going back after more was written", has the rules.
 */
import { jsonPutIds } from '../../rows/json-ids.ts';
import type { SqlValue } from '../../rows/normalise-sql.ts';
import type { ValueForm } from '../../rows/write-form.ts';
import { type Connection, fileUri, openConnection } from '../../stores/sqlite/driver.ts';
import { writeAside } from './aside-lines.ts';
import { backForm, meansTheSame } from './back-form.ts';
import { brokenRefs } from './broken-refs.ts';
import { buildStore, hasStaged, type Refusal } from './build.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { checkCarried, checkRefs } from './check-carried.ts';
import { findEdges, type Moving, type Ref, refsOf } from './edges.ts';
import { type Later, laterRows, schemaChanges } from './later-rows.ts';
import type { LaterRequest, LaterResult } from './model.ts';
import { countLater, settle } from './outcome.ts';
import { placeRows } from './place-rows.ts';
import { type CarryInto, findHomes, placesOf, readLedger, withStore } from './places.ts';
import { refsBack } from './refs-back.ts';
import { stageStore } from './stage.ts';
import { putIntoWal, takeOutOfWal } from './wal-header.ts';
import { prepareWork } from './work.ts';

export function carryBack(request: LaterRequest): LaterResult {
  const merged = request.merged === null ? null : readCatalog(request.merged);
  const current = readCatalog(request.current);
  const db = openConnection(request.work, 'create');
  try {
    // Made anew after any failure: durability would only cost time.
    db.exec(
      `PRAGMA main.encoding = '${current.encoding}'; PRAGMA main.journal_mode = MEMORY; PRAGMA main.synchronous = OFF;`,
    );
    db.define(
      'back_form',
      (form, value, octets, like) => backForm(form as ValueForm, value ?? null, octets ?? null, like ?? null) ?? null,
    );
    db.define('form_fits', (form, value, octets, like) =>
      BigInt(backForm(form as ValueForm, value ?? null, octets ?? null, like ?? null) !== undefined),
    );
    db.define('form_means', (form, a, x, b, y) =>
      BigInt(meansTheSame(form as ValueForm, a ?? null, x ?? null, b ?? null, y ?? null)),
    );
    db.define('json_put_ids', (text, map, octets) => jsonPutIds(text as SqlValue, map as SqlValue, octets as SqlValue));
    attach(db, 'c', request.current);
    if (request.merged !== null) attach(db, 'm', request.merged);
    if (request.ledger !== null) attach(db, 'l', request.ledger);
    const later = laterRows(db, merged, current);
    prepareWork(later);
    const ledger = request.ledger === null ? null : readLedger(later);
    const into = placesOf(later, request, ledger, current.encoding);
    const carries = request.mode === 'carry';
    const { refs, moving } = refsOf(later, ledger?.spec ?? null);
    const written = carries ? carry(later, into, refs, moving) : [];
    settle(later, into, request.mode);
    const tables = countLater(later, into, request.mode);
    if (request.mode !== 'count') writeAside(later, into, request.target.path, request.aside);
    return {
      tables,
      schema: schemaChanges(merged, current),
      written,
      notVerified: [...textStores(later, into), ...virtualTables(current)],
    };
  } finally {
    db.close();
  }
}

function attach(db: Connection, name: string, file: string): void {
  db.rows(`ATTACH ? AS ${name}`, fileUri(file, 'immutable'));
}

/** Until no store refuses anything: what it refuses is aside, and may be what other rows need. */
function carry(later: Later, into: readonly CarryInto[], refs: readonly Ref[], moving: Moving): readonly string[] {
  const { db } = later;
  findEdges(later, refs);
  findHomes(later, into);
  const count = (): string =>
    String(db.row("SELECT (SELECT count(*) FROM refused) || (SELECT ' ' || count(*) FROM lost)")?.[0]);
  const stores = into.filter(({ why, store }) => why === null && store.before !== null && store.out !== null);
  for (;;) {
    const before = count();
    placeRows(later, into, refs);
    for (const one of stores) {
      withStore(later, one.store.before ?? '', () => {
        stageStore(later, one, moving);
        refsBack(later, into, one, refs);
      });
    }
    if (count() !== before) continue;
    const refusals = stores.flatMap((one) => build(later, one, refs, false));
    if (refusals.length === 0) break;
    for (const { n, place, why, detail } of refusals) {
      db.rows('INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?)', n, BigInt(place), why, detail);
    }
  }
  for (const one of stores) build(later, one, refs, true);
  return stores.filter(({ places }) => places.some((place) => hasStaged(db, place))).map(({ store }) => store.path);
}

/** `keep`: for good, and compared afterwards. Else it is only tried. */
function build(later: Later, into: CarryInto, refs: readonly Ref[], keep: boolean): readonly Refusal[] {
  const { db } = later;
  const { before, out } = into.store;
  if (before === null || out === null || !into.places.some((place) => hasStaged(db, place))) return [];
  const own = readCatalog(before);
  const wal = takeOutOfWal(out);
  const refusals = withStore(later, before, () => {
    db.rows('ATTACH ? AS o', fileUri(out, 'private'));
    db.exec('PRAGMA o.journal_mode = MEMORY; PRAGMA o.synchronous = OFF; BEGIN');
    const found = [...buildStore(later, into, own.virtual), ...brokenRefs(later, into, own.tables)];
    if (keep) {
      const wrong = [...checkCarried(later, into, own.tables, refs), ...checkRefs(later, into, refs)];
      if (found.length > 0 || wrong.length > 0) {
        throw new Error(
          `${into.store.path} is not as it was to be: ${[...found.map(({ detail }) => detail), ...wrong].join('; ')}`,
        );
      }
    }
    db.exec(keep ? 'COMMIT' : 'ROLLBACK');
    if (keep) assertWhole(db, into.store.path);
    db.exec('DETACH o');
    return found;
  });
  if (wal) putIntoWal(out);
  return refusals;
}

/** A damaged index would be found by who reads through it next. */
function assertWhole(db: Connection, path: string): void {
  const [now, before] = ['o', 's'].map((schema) => String(db.row(`PRAGMA ${schema}.integrity_check(1)`)?.[0] ?? 'ok'));
  if (now !== 'ok' && before === 'ok') throw new Error(`${path} is damaged after carrying: ${now}`);
}

/** Text files had rows that changed since, too, and go back as they were. */
function textStores({ db }: Later, into: readonly CarryInto[]): LaterResult['notVerified'] {
  return into.flatMap(({ why, store, places }) => {
    if (why === null) return [];
    const rows = places.reduce((sum, { id }) => {
      if (db.row('SELECT 1 FROM sqlite_schema WHERE name = ?', `home_${id}`) === undefined) return sum;
      return sum + Number(db.row(`SELECT count(*) FROM home_${id} WHERE n IN (SELECT n FROM taken)`)?.[0] ?? 0);
    }, 0);
    return rows === 0
      ? []
      : [
          {
            what: store.path,
            why: `${rows} rows that it had, too, were changed or deleted since; it is not written (${why})`,
          },
        ];
  });
}

function virtualTables(current: Catalog): LaterResult['notVerified'] {
  return [...current.virtual].map((name) => ({
    what: `virtual table ${name}`,
    why: 'rows that it holds by itself are not compared; they are in the raw bytes that are kept',
  }));
}
