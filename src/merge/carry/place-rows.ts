/**
 * Which store a row goes to that was inserted since: the one that holds all it refers to; the target where several do, or nothing decides.
 * Rows that refer to each other stay together where one store can take them all.
 */

import { key } from './catalog.ts';
import type { Ref } from './edges.ts';
import { addressNames, isFilled, type Later, OP, tableIn } from './later-rows.ts';
import { type CarryInto, type Place, parentPlace } from './places.ts';
import { joined, of } from './sql.ts';

/** Fills `choice(n, store, place)`; who is missing in it goes aside. `allowed` says what was in the way. */
export function placeRows(later: Later, into: readonly CarryInto[], refs: readonly Ref[]): void {
  const { db } = later;
  db.exec(`DROP TABLE IF EXISTS dead; DROP TABLE IF EXISTS allowed; DROP TABLE IF EXISTS choice;
    CREATE TABLE dead (n INTEGER PRIMARY KEY);
    CREATE TABLE allowed (n INTEGER NOT NULL, store INTEGER NOT NULL, place INTEGER NOT NULL, refs INTEGER NOT NULL,
      columns INTEGER NOT NULL, PRIMARY KEY (n, store)) WITHOUT ROWID;
    CREATE TABLE choice (n INTEGER PRIMARY KEY, store INTEGER NOT NULL, place INTEGER NOT NULL);
    INSERT INTO dead WITH RECURSIVE d(n) AS (
      SELECT n FROM refused WHERE n IN (SELECT n FROM inserted)
      UNION SELECT e.child FROM d CROSS JOIN edge e ON e.parent = d.n WHERE e.child IN (SELECT n FROM inserted)
    ) SELECT n FROM d;`);
  for (const { places } of into) {
    for (const place of places) {
      if (!place.isMain || place.table === null) continue;
      const others = refs.filter(({ child }) => child === place.pair);
      db.exec(allow(place, into, others));
    }
  }
  together(later);
  oneByOne(later);
}

function allow(place: Place, into: readonly CarryInto[], refs: readonly Ref[]): string {
  const { pair, store, id } = place;
  const c = pair.c;
  if (c === null) return '';
  const own = new Set(place.columns.map(({ merged }) => key(merged)));
  const lacking = pair.columns.filter((column) => !own.has(key(column))).map((column) => isFilled('b', column, c));
  const apart = refs.map((ref) => {
    const there = parentPlace(into, place, ref.columns[0] ?? '', ref.to);
    const missing = there === undefined ? '1' : `e.parent NOT IN (SELECT n FROM home_${there.id})`;
    // What came since itself is looked at later, unless it would have to lie in another store.
    const counts = there?.store === place.store ? ` AND e.was <> ${OP.inserted}` : '';
    return `EXISTS (SELECT 1 FROM edge e WHERE e.child = r.n AND e.ref = ${ref.index}${counts} AND ${missing})`;
  });
  return `INSERT INTO allowed SELECT r.n, ${store}, ${id}, NOT (${apart.join(' OR ') || '0'}), NOT (${lacking.join(' OR ') || '0'})
    FROM row_${pair.i} r CROSS JOIN ${tableIn('c', c)} b ON ${joined(of('b', c.address.columns), addressNames(pair, 'c', 'r'))}
    WHERE r.op = ${OP.inserted} AND r.n NOT IN (SELECT n FROM dead)`;
}

/** Whole groups of rows that refer to each other. */
function together({ db, next }: Later): void {
  const parent = new Int32Array(next + 1);
  for (let n = 0; n <= next; n++) parent[n] = n;
  const root = (n: number): number => {
    let at = n;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at] ?? at] ?? at;
      at = parent[at] ?? at;
    }
    return at;
  };
  const edges = `SELECT e.child, e.parent FROM edge e WHERE e.was = ${OP.inserted} AND e.child IN (SELECT n FROM inserted)
    AND e.child NOT IN (SELECT n FROM dead) AND e.parent NOT IN (SELECT n FROM dead)`;
  for (const [child, to] of db.each(edges)) {
    const [a, b] = [root(Number(child)), root(Number(to))];
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  db.define('group_of', (n) => BigInt(root(Number(n))));
  db.exec(`CREATE TABLE grouped (n INTEGER PRIMARY KEY, g INTEGER NOT NULL);
    INSERT INTO grouped SELECT n, group_of(n) FROM inserted WHERE n NOT IN (SELECT n FROM dead);
    CREATE INDEX grouped_g ON grouped (g);
    CREATE TABLE fits (g INTEGER PRIMARY KEY, store INTEGER NOT NULL);
    INSERT INTO fits SELECT g, min(store) FROM (
      SELECT x.g, a.store FROM grouped x CROSS JOIN allowed a ON a.n = x.n WHERE a.refs AND a.columns
      GROUP BY x.g, a.store HAVING count(*) = (SELECT count(*) FROM grouped y WHERE y.g = x.g)) GROUP BY g;
    INSERT INTO choice SELECT x.n, a.store, a.place FROM grouped x CROSS JOIN fits f ON f.g = x.g
      CROSS JOIN allowed a ON a.n = x.n AND a.store = f.store;
    DROP TABLE grouped; DROP TABLE fits;`);
}

/** Where a group is not taken as a whole: parents first, each where it can be, and what refers to them after them. */
function oneByOne({ db }: Later): void {
  const count = (): number => Number(db.row('SELECT count(*) FROM choice')?.[0] ?? 0);
  for (let before = -1; before !== count(); ) {
    before = count();
    db.exec(`INSERT INTO choice SELECT a.n, min(a.store), a.place FROM allowed a
      WHERE a.refs AND a.columns AND a.n NOT IN (SELECT n FROM choice) AND NOT EXISTS (
        SELECT 1 FROM edge e WHERE e.child = a.n AND e.parent <> a.n AND e.was = ${OP.inserted}
          AND NOT EXISTS (SELECT 1 FROM choice x WHERE x.n = e.parent AND x.store = a.store)) GROUP BY a.n`);
  }
}
