/**
 * Which row of the merged table belongs to which inserted one. No two may share a row, none may stand where the target has one, and
 * what neither the target nor a source accounts for is a row of nobody. Where the ranges of the ledger lie apart, which is so unless ids of
 * several stores interleave, this is known from their ends; else each address is written down.
 */
import type { Connection } from '../../stores/sqlite/driver.ts';
import type { Found, Unbalanced } from './found.ts';
import type { Shape } from './shapes.ts';
import { equalAddresses, landings, numbered, type PartView } from './views.ts';

export interface Claims {
  /** With the source of the part attached as `src`. */
  add(view: PartView): void;
  /**
   * When all parts were added. `present`: rows of the target that are there; `unlisted`: the name under which rows that have no line
   * of their own and are there are counted, where the sources are compared.
   */
  settle(
    views: readonly PartView[],
    counts: { readonly unlisted: string; readonly present: number },
    found: Found,
    unbalanced: Unbalanced,
  ): void;
}

/** `ranges` were gathered before (`gatherRanges`). */
export function openClaims(
  db: Connection,
  table: string,
  merged: Shape,
  target: Shape | null,
  name: string,
  apart: boolean,
): Claims {
  const k = numbered('k', merged.address.length);
  db.exec(`CREATE TEMP TABLE ${name} (${k.join(', ')}, part, n, PRIMARY KEY (${k.join(', ')})) WITHOUT ROWID`);
  const count = (sql: string): number => Number(db.row(sql)?.[0] ?? 0);
  const claim = `ON CONFLICT DO UPDATE SET n = n + 1, part = max(part, excluded.part)`;
  return {
    add: (view) => {
      for (const { from, where, there, presence } of landings(view)) {
        const isListed = presence !== '1';
        if (!isListed && apart) continue;
        db.exec(`INSERT INTO temp.${name} SELECT ${there.join(', ')}, ${view.at}, 1 FROM ${from}
          WHERE ${where} AND ${there.map((one) => `${one} IS NOT NULL`).join(' AND ')}
            ${isListed ? `AND r.presence = 1 AND s.${view.src.address[0]} IS NOT NULL` : ''} ${claim}`);
      }
    },
    settle: (views, { unlisted, present }, found, unbalanced) => {
      const address = (alias: string, shape: Shape): readonly string[] => shape.address.map((one) => `${alias}.${one}`);
      const own = k.map((column) => `c.${column}`);
      found(
        'accounted-twice',
        table,
        null,
        count(`SELECT coalesce(sum(n - 1), 0) FROM temp.${name}`),
        'inserted rows that share a row of the target',
      );
      const isThere = `EXISTS (SELECT 1 FROM ${merged.from} m WHERE ${equalAddresses(address('m', merged), own)})`;
      const isTargets =
        target === null
          ? '0'
          : `EXISTS (SELECT 1 FROM ${target.from} t WHERE ${equalAddresses(address('t', target), own)})`;
      found(
        'accounted-twice',
        table,
        null,
        count(`SELECT count(*) FROM temp.${name} c WHERE ${isTargets}`),
        'inserted rows that stand where the target has a row',
      );
      const claimed = count(`SELECT count(*) FROM temp.${name} c WHERE NOT ${isTargets} AND ${isThere}`);
      const rows = count(`SELECT count(*) FROM ${merged.from}`);
      unbalanced(
        'row-of-nobody',
        table,
        rows - present - claimed,
        'rows of the merged table that neither the target nor a source accounts for',
        apart ? unlisted : null,
      );
      for (const view of views.filter(({ listed }) => listed > 0)) {
        found(
          'accounted-twice',
          table,
          view.source,
          metTwice(db, view, name, apart),
          'rows of one table that have the same row of the target',
        );
      }
      db.exec(`DROP TABLE temp.${name}`);
    },
  };
}

/** Rows that met one that their own table has brought, or that another row of it met. */
function metTwice(db: Connection, view: PartView, name: string, apart: boolean): number {
  const k = numbered('k', view.mrg.address.length);
  const met = `FROM led.rows_${view.at} r WHERE r.presence IN (2, 3)`;
  const own = equalAddresses(
    k.map((column) => `c.${column}`),
    k.map((column) => `r.${column}`),
  );
  const later = `g.owner = '${name}' AND g.part >= ${view.at}`;
  // Rows mostly meet what was there long before: their ids are below all of these ranges, which the ends tell at once.
  const [lowest, highest] = db.row(`SELECT min(g.lo), max(g.hi) FROM temp.ranges g WHERE ${later}`) ?? [];
  const inRange =
    apart && view.spans && typeof lowest === 'bigint' && typeof highest === 'bigint'
      ? `r.k0 BETWEEN ${lowest} AND ${highest} AND EXISTS (SELECT 1 FROM temp.ranges g WHERE g.lo = (SELECT max(h.lo) FROM temp.ranges h WHERE h.owner = '${name}' AND h.lo <= r.k0)
           AND ${later} AND g.hi >= r.k0)`
      : null;
  const isClaimed =
    db.row(`SELECT 1 FROM temp.${name} c WHERE c.part >= ${view.at} LIMIT 1`) === undefined
      ? null
      : `EXISTS (SELECT 1 FROM temp.${name} c WHERE ${own} AND c.part >= ${view.at})`;
  const brought = [inRange, isClaimed].filter((one) => one !== null).map((one) => `(${one})`);
  const count = (sql: string): number => Number(db.row(sql)?.[0] ?? 0);
  return (
    count(`SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT ${k.join(', ')} ${met})) ${met}`) +
    (brought.length === 0 ? 0 : count(`SELECT count(*) ${met} AND (${brought.join(' OR ')})`))
  );
}

/** Of all parts of one table, each with its source attached in turn: where the rows of its spans land. */
export function gatherRanges(db: Connection, view: PartView, name: string): void {
  db.exec(`CREATE TEMP TABLE IF NOT EXISTS ranges (owner, lo INTEGER, hi INTEGER, part);
    CREATE INDEX IF NOT EXISTS temp.ranges_lo ON ranges (owner, lo)`);
  if (!view.spans) return;
  const [own] = view.src.address;
  const end = (which: 'min' | 'max'): string =>
    `(SELECT ${which}(${own}) FROM ${view.src.from} WHERE ${own} BETWEEN sp.first AND sp.last)`;
  db.rows(
    `INSERT INTO temp.ranges SELECT ?, ${end('min')} + sp.offset, ${end('max')} + sp.offset, ${view.at}
     FROM led.spans sp WHERE sp.part = ${view.at} AND ${end('min')} IS NOT NULL`,
    name,
  );
}

/** Whether no two ranges of a table meet, none meets the ids of the target, and no inserted row that is listed lies in one. */
export function rangesLieApart(
  db: Connection,
  views: readonly PartView[],
  target: Shape | null,
  name: string,
): boolean {
  const [first] = views;
  if (first === undefined) return true;
  // One part of a table whose keys are no integers: they are all different, and only the target could have them too.
  if (views.some(({ spans }) => !spans)) return false;
  const meets = `SELECT 1 FROM temp.ranges a JOIN temp.ranges b ON b.owner = a.owner AND b.lo = (SELECT min(c.lo) FROM temp.ranges c WHERE c.owner = a.owner AND c.lo > a.lo)
    WHERE a.owner = ? AND b.lo <= a.hi`;
  const same = 'SELECT 1 FROM temp.ranges WHERE owner = ? GROUP BY lo HAVING count(*) > 1';
  if (db.row(meets, name) !== undefined || db.row(same, name) !== undefined) return false;
  if (target !== null) {
    const [key] = target.address;
    const inside = `SELECT 1 FROM temp.ranges g WHERE g.owner = ? AND EXISTS (SELECT 1 FROM ${target.from} t WHERE t.${key} BETWEEN g.lo AND g.hi)`;
    if (db.row(inside, name) !== undefined) return false;
  }
  return views.every(({ at, listed }) => {
    if (listed === 0) return true;
    const taken = `SELECT 1 FROM led.rows_${at} r WHERE r.presence = 1 AND EXISTS (SELECT 1 FROM temp.ranges g
      WHERE g.owner = ? AND g.lo = (SELECT max(h.lo) FROM temp.ranges h WHERE h.owner = ? AND h.lo <= r.k0) AND g.hi >= r.k0)`;
    return db.row(taken, name, name) === undefined;
  });
}
