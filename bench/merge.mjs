/**
 * Merging five stores, against what people would type: `ATTACH` and `INSERT … SELECT … WHERE NOT EXISTS` by key, in the sqlite3 shell at its
 * defaults. Ours numbers what collides, writes a ledger and compares every row afterwards; backups are not in either.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inTurns, measure } from './measure.mjs';

const STORES = 5;
const PROGRAM = resolve('bench/merge-once.mjs');
const COLUMNS = 'email, name, city, created_at, amount, visits';

export async function benchMerge({ rows, runs, keep }) {
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'desprawl-bench-'));
  try {
    console.log(
      `\n${STORES} stores of ${rows.toLocaleString('en')} rows, a fifth of each in the one before, ids of all collide`,
    );
    const few = await merging(join(dir, 'few'), Math.round(rows / 10), 1);
    const many = await merging(join(dir, 'many'), rows, runs);
    console.log(
      `  peak memory of merging ${(rows / 10).toLocaleString('en')} and ${rows.toLocaleString('en')} rows a store: ${few} and ${many} MiB (aim: below 200, flat)`,
    );
  } finally {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

async function merging(dir, rows, runs) {
  mkdirSync(dir, { recursive: true });
  const stores = Array.from({ length: STORES }, (_, i) => join(dir, `store${i}.db`));
  for (const [i, store] of stores.entries()) if (!exists(store)) people(store, rows, i);
  const [target, ...sources] = stores;
  const bare = join(dir, 'bare.db');
  const script = sources
    .map(
      (source) =>
        `ATTACH '${source}' AS s; INSERT INTO main.people (${COLUMNS}) SELECT ${COLUMNS} FROM s.people AS p WHERE NOT EXISTS (SELECT 1 FROM main.people AS t WHERE t.email = p.email); DETACH s;`,
    )
    .join('\n');
  const theirs = (how) => {
    copyFileSync(target, bare);
    return measure('sqlite3', [bare, script], how);
  };
  const out = join(dir, 'out');
  const ours = (how) => {
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out);
    return measure(process.execPath, [PROGRAM, out, ...stores], how);
  };
  const [reference, own] = await inTurns(runs, [theirs, ours]);
  const { seconds, merged } = JSON.parse(own.stdout);
  const same = count(bare) === count(merged) ? 'as many rows' : 'ANOTHER NUMBER OF ROWS';
  console.log(
    `  ${rows.toLocaleString('en')} rows a store (${(statSync(merged).size / 1e6).toFixed(0)} MB merged; ${same}: ${count(merged).toLocaleString('en')})`,
  );
  const row = (name, run) =>
    console.log(
      `  ${name.padEnd(44)} ${run.median.toFixed(2).padStart(6)} s ${String(Math.ceil(run.peakMib)).padStart(5)} MiB  ${(run.median / reference.median).toFixed(2)} ×`,
    );
  row('ATTACH + INSERT … WHERE NOT EXISTS', reference);
  row('desprawl: merged, ledger, every row verified', own);
  console.log(
    `  of which merging ${seconds.merge.toFixed(2)} s, verifying ${seconds.verify.toFixed(2)} s (aim: at most 1.7 ×)`,
  );
  return Math.ceil(own.peakMib);
}

/** A fifth of the people are those of the store before. */
function people(path, rows, store) {
  const first = store * Math.round(rows * 0.8);
  execFileSync('sqlite3', [
    path,
    `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
     CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, city TEXT, created_at TEXT, amount REAL, visits INTEGER);
     INSERT INTO people WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
       SELECT i, 'person' || (i + ${first}) || '@example.org', 'Person ' || ((i + ${first}) * 7919 % 100003), 'City ' || ((i + ${first}) % 977),
              strftime('%Y-%m-%dT%H:%M:%S', 1600000000 + (i + ${first}) * 11, 'unixepoch'), (i + ${first}) * 1.25, (i + ${first}) % 50 FROM n;`,
  ]);
}

function count(path) {
  return Number(execFileSync('sqlite3', [path, 'SELECT count(*) FROM people'], { encoding: 'utf8' }));
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
