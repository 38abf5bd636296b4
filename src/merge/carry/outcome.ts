/** What became of every later row, each counted once: carried to which stores, or aside and why. */
import { type Later, OP, type Pair } from './later-rows.ts';
import type { AsideReason, LaterMode, LaterTable } from './model.ts';
import type { CarryInto } from './places.ts';
import { text } from './stage.ts';

/**
 * Fills `taken(n, place)`, what is in a store, and `aside(n, why, detail, place, col)`, what is not: a row with any line there is aside.
 * `col`: position of a single column; `place`: the one that does not take it.
 */
export function settle(later: Later, into: readonly CarryInto[], mode: LaterMode): void {
  const { db, pairs } = later;
  db.exec(`
    CREATE TABLE taken (n INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (n, place)) WITHOUT ROWID;
    CREATE TABLE aside (n INTEGER NOT NULL, why TEXT NOT NULL, detail TEXT, place INTEGER, col INTEGER);
    CREATE INDEX aside_n ON aside (n);`);
  if (mode !== 'carry') {
    for (const { i } of pairs) {
      db.exec(`INSERT INTO aside SELECT n, 'asked', NULL, NULL, NULL FROM row_${i} WHERE op <> ${OP.none}`);
    }
    return;
  }
  for (const { places } of into) {
    for (const { id, table } of places) {
      if (table !== null) db.exec(`INSERT INTO taken SELECT n, ${id} FROM stage_${id}`);
    }
  }
  db.exec(`INSERT INTO aside SELECT n, why, detail, place, NULL FROM refused;
    INSERT INTO aside SELECT n, why, NULL, place, col FROM lost;`);
  for (const pair of pairs) {
    const none = reasonOf(pair, into);
    const open = `row_${pair.i} r WHERE NOT EXISTS (SELECT 1 FROM aside x WHERE x.n = r.n)`;
    db.exec(`INSERT INTO aside SELECT r.n, ${insertedWhy(none)}, NULL, NULL, NULL FROM ${open} AND r.op = ${OP.inserted}
      AND r.n NOT IN (SELECT n FROM taken)`);
    db.exec(`INSERT INTO aside SELECT r.n, ${text(none)}, NULL, NULL, NULL FROM ${open} AND r.op = ${OP.deleted}
      AND r.n NOT IN (SELECT n FROM taken)`);
    columnsWithout(later, pair, into, none);
  }
}

/** A changed row is carried when each of its changed columns is in a store that had the row. */
function columnsWithout({ db }: Later, pair: Pair, into: readonly CarryInto[], none: AsideReason): void {
  const has = into
    .flatMap(({ places }) => places)
    .filter(({ pair: one, table }) => one === pair && table !== null)
    .flatMap(({ id, columns }) => {
      const names = new Set(columns.map(({ merged }) => merged.toLowerCase()));
      const at = pair.columns.flatMap((column, k) => (names.has(column.toLowerCase()) ? [k] : []));
      return at.length === 0
        ? []
        : [`EXISTS (SELECT 1 FROM stage_${id} t WHERE t.n = d.n AND d.col IN (${at.join(', ')}))`];
    });
  const homes = into
    .flatMap(({ places }) => places)
    .filter(({ pair: one, table }) => one === pair && table !== null)
    .map(({ id }) => `EXISTS (SELECT 1 FROM home_${id} h WHERE h.n = d.n)`);
  const why =
    homes.length === 0 ? text(none) : `CASE WHEN ${homes.join(' OR ')} THEN 'no-column' ELSE ${text(none)} END`;
  const held = has.length === 0 ? '' : ` AND NOT (${has.join(' OR ')})`;
  db.exec(`INSERT INTO aside SELECT d.n, ${why}, NULL, NULL, d.col FROM row_${pair.i} r CROSS JOIN changed d ON d.n = r.n
    WHERE r.op = ${OP.changed}${held} AND NOT EXISTS (SELECT 1 FROM aside x WHERE x.n = d.n AND (x.col IS NULL OR x.col = d.col))`);
  // Of an altered table, only a column that one side lacks may differ.
  db.exec(`INSERT INTO aside SELECT r.n, ${text(none)}, NULL, NULL, NULL FROM row_${pair.i} r WHERE r.op = ${OP.changed}
    AND r.n NOT IN (SELECT n FROM taken) AND r.n NOT IN (SELECT n FROM aside)`);
}

/** Why a row of a table has no store at all. */
function reasonOf(pair: Pair, into: readonly CarryInto[]): AsideReason {
  if (pair.is !== 'same') return pair.is;
  const closed = into.find(({ why, places }) => why !== null && places.some((place) => place.pair === pair));
  return closed?.why ?? 'no-store';
}

function insertedWhy(none: AsideReason): string {
  const allowed = (what: string): string => `EXISTS (SELECT 1 FROM allowed a WHERE a.n = r.n AND ${what})`;
  const parent = `EXISTS (SELECT 1 FROM edge e WHERE e.child = r.n AND e.was = ${OP.inserted} AND e.parent NOT IN (SELECT n FROM choice))`;
  return `CASE WHEN r.n IN (SELECT n FROM dead) OR ${parent} THEN 'parent-aside' WHEN NOT ${allowed('1')} THEN ${text(none)}
    WHEN NOT ${allowed('a.refs')} THEN 'references-apart' WHEN NOT ${allowed('a.refs AND a.columns')} THEN 'no-column' ELSE 'references-apart' END`;
}

/** Tables with later rows. Throws where a row is neither carried nor aside: that would lose it. */
export function countLater({ db, pairs }: Later, into: readonly CarryInto[], mode: LaterMode): readonly LaterTable[] {
  const paths = new Map(into.flatMap(({ places, store }) => places.map(({ id }) => [id, store.path])));
  return pairs.flatMap((pair): LaterTable[] => {
    const rows = `row_${pair.i} r WHERE r.op <> ${OP.none}`;
    const number = (sql: string): number => Number(db.row(sql)?.[0] ?? 0);
    const ops = new Map(
      db.rows(`SELECT op, count(*) FROM ${rows} GROUP BY op`).map(([op, n]) => [Number(op), Number(n)]),
    );
    const [inserted, changed, deleted] = [OP.inserted, OP.changed, OP.deleted].map((op) => ops.get(op) ?? 0) as [
      number,
      number,
      number,
    ];
    const all = inserted + changed + deleted;
    if (all === 0) return [];
    const isAside = 'r.n IN (SELECT n FROM aside)';
    const aside = number(`SELECT count(*) FROM ${rows} AND ${isAside}`);
    const carried =
      mode === 'carry' ? number(`SELECT count(*) FROM ${rows} AND NOT ${isAside} AND r.n IN (SELECT n FROM taken)`) : 0;
    if (carried + aside !== all) {
      throw new Error(`of ${all} later rows of ${pair.name}, ${carried} are carried and ${aside} are aside`);
    }
    const to: Record<string, number> = {};
    for (const [place, count] of db.rows(
      `SELECT t.place, count(*) FROM ${rows.replace(' WHERE', ' CROSS JOIN taken t ON t.n = r.n WHERE')} GROUP BY t.place`,
    )) {
      const path = paths.get(Number(place)) ?? '';
      to[path] = (to[path] ?? 0) + Number(count);
    }
    const why = db.rows(
      `SELECT x.why, count(DISTINCT x.n) FROM ${rows.replace(' WHERE', ' CROSS JOIN aside x ON x.n = r.n WHERE')} GROUP BY x.why ORDER BY x.why`,
    );
    const columns = db.rows(
      `SELECT d.col, count(*) FROM ${rows.replace(' WHERE', ' CROSS JOIN changed d ON d.n = r.n WHERE')} GROUP BY d.col`,
    );
    return [
      {
        ...{ table: pair.name, inserted, changed, deleted, carried, aside, to },
        columns: Object.fromEntries(columns.map(([at, count]) => [pair.columns[Number(at)] ?? '', Number(count)])),
        why: mode === 'carry' ? Object.fromEntries(why.map(([name, count]) => [String(name), Number(count)])) : {},
      },
    ];
  });
}
