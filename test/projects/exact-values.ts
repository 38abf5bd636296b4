import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, range } from './people.ts';

const TABLES = `
  CREATE TABLE parts (maker TEXT, number INTEGER, label TEXT, PRIMARY KEY (maker, number)) WITHOUT ROWID;
  CREATE TABLE fits (maker TEXT, number INTEGER, model TEXT, since TEXT, PRIMARY KEY (maker, number, model),
    FOREIGN KEY (maker, number) REFERENCES parts (maker, number));
  CREATE TABLE folders (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES folders (id), name TEXT);
  CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT UNIQUE, lead_id INTEGER REFERENCES players (id));
  CREATE TABLE players (id INTEGER PRIMARY KEY, name TEXT UNIQUE, team_id INTEGER REFERENCES teams (id));
  CREATE TABLE boxes (id INTEGER PRIMARY KEY, width INTEGER, height INTEGER, area INTEGER GENERATED ALWAYS AS (width * height) STORED,
    label TEXT GENERATED ALWAYS AS ('box ' || id) VIRTUAL);
  CREATE TABLE strict_counts (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, ratio REAL, raw BLOB) STRICT;
  CREATE TABLE blobs (id INTEGER PRIMARY KEY, content BLOB);
  CREATE TABLE snowflakes (id INTEGER PRIMARY KEY, shard INTEGER, at TEXT);
  CREATE TABLE limits (id INTEGER PRIMARY KEY, value REAL, kind TEXT);
  CREATE TABLE blanks (id INTEGER PRIMARY KEY, remark TEXT, note TEXT);`;

/** 2^53 + 1: the first integer that a double cannot hold. */
const BEYOND = 9_007_199_254_740_993n;

/** `changed`: with the one difference that each table has in data/changed.db. `backwards`: rows written in another order. */
function fill(changed: boolean, backwards: boolean): (database: DatabaseSyncInstance) => void {
  return (database) => {
    const put = (table: string, rows: readonly Readonly<Record<string, unknown>>[]): void =>
      insert(table, backwards ? rows.toReversed() : rows)(database);
    put(
      'parts',
      range(12).map((n) => ({ maker: `Maker ${n % 3}`, number: n, label: changed && n === 4 ? 'Lever' : `Part ${n}` })),
    );
    put(
      'fits',
      range(12).map((n) => ({
        maker: `Maker ${n % 3}`,
        number: n,
        model: 'T1',
        since: changed && n === 4 ? day(99) : day(n),
      })),
    );
    put(
      'folders',
      range(8).map((n) => ({ id: n + 1, parent_id: n === 0 ? null : changed && n === 7 ? 1 : n, name: `Folder ${n}` })),
    );
    put(
      'teams',
      range(3).map((n) => ({ id: n + 1, name: `Team ${n}`, lead_id: changed && n === 2 ? 1 : n + 1 })),
    );
    put(
      'players',
      range(6).map((n) => ({ id: n + 1, name: `Player ${n}`, team_id: changed && n === 5 ? 1 : 1 + (n % 3) })),
    );
    put(
      'boxes',
      range(6).map((n) => ({ id: n + 1, width: n + 2, height: changed && n === 3 ? 99 : n + 5 })),
    );
    put(
      'strict_counts',
      range(6).map((n) => ({
        id: n + 1,
        amount: BigInt(n),
        ratio: changed && n === 3 ? 0.1 + 0.2 : 0.3,
        raw: Buffer.from([n]),
      })),
    );
    put(
      'blobs',
      range(6).map((n) => ({ id: n + 1, content: Buffer.from([0, 255, changed && n === 3 ? 254 : 255, n]) })),
    );
    put(
      'snowflakes',
      range(6).map((n) => ({ id: BEYOND + BigInt(2 * n), shard: BEYOND - (changed && n === 3 ? 1n : 0n), at: day(n) })),
    );
    put(
      'limits',
      range(6).map((n) => ({
        id: n + 1,
        value: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.5, 1e308, 5e-324, 1][n],
        kind: `k${n}`,
      })),
    );
    if (changed) database.exec('UPDATE limits SET value = 1.7976931348623157e308 WHERE id = 1');
    put(
      'blanks',
      range(6).map((n) => ({ id: n + 1, remark: n % 2 === 0 ? '' : null, note: `Note ${n}` })),
    );
    if (changed) database.exec('UPDATE blanks SET remark = NULL WHERE id = 3');
  };
}

export const TABLE_NAMES: readonly string[] = [
  'parts',
  'fits',
  'folders',
  'teams',
  'players',
  'boxes',
  'strict_counts',
  'blobs',
  'snowflakes',
  'limits',
  'blanks',
];

export const project: FixtureProject = {
  traps: ['R12'],
  wrong: `Eleven tables with everything that is easily lost: composite, self-referencing and cyclic foreign keys, WITHOUT ROWID, STRICT,
    generated columns, blobs, integers beyond 2^53, infinities, empty text beside NULL. data/same.db holds the same rows,
    written in another order with another page size. data/changed.db differs from data/exact.db in exactly one row of each table, by as
    little as possible: a byte, the last bit of a number, '' for NULL.`,
  build(dir) {
    makeStore(dir, 'data/exact.db', TABLES, fill(false, false));
    makeStore(dir, 'data/same.db', 'PRAGMA page_size = 1024', TABLES, fill(false, true));
    makeStore(dir, 'data/changed.db', TABLES, fill(true, false));
  },
};
