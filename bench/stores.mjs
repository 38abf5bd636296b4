/** The figures of the first audit stage: comparing two large tables, auditing many large stores, auditing again. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { inTurns, measure } from './measure.mjs';

const CLI = resolve('dist/bin/desprawl.js');

export async function benchStores({ rows, gigabytes, runs, keep }) {
  const dir = keep ?? mkdtempSync(join(tmpdir(), 'desprawl-bench-'));
  mkdirSync(dir, { recursive: true });
  try {
    await comparing(join(dir, 'pair'), rows, runs);
    await auditing(join(dir, 'many'), join(dir, 'cache'), gigabytes, runs);
  } finally {
    if (keep === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

async function comparing(dir, rows, runs) {
  if (!exists(dir)) {
    mkdirSync(dir, { recursive: true });
    people(join(dir, 'a.db'), rows, 0);
    people(join(dir, 'b.db'), rows, 1);
    age(dir);
  }
  console.log(
    `\nTwo tables of ${rows.toLocaleString('en')} rows by key, every column (1 % differ, 0.5 % only on each side)`,
  );
  const [theirs, ours] = await inTurns(runs, [
    (how) => measure('sqldiff', ['--summary', join(dir, 'a.db'), join(dir, 'b.db')], how),
    (how) => measure(process.execPath, [CLI, '-C', dir, 'diff', 'a.db', 'b.db', '--json'], how),
  ]);
  row('sqldiff --summary', theirs);
  row('desprawl diff', ours, theirs, 0.8);
  const table = JSON.parse(ours.stdout).tables[0];
  console.log(`  same ${table.same}, differ ${table.conflicting}, only a ${table.onlyA}, only b ${table.onlyB}`);
}

async function auditing(dir, cache, gigabytes, runs) {
  if (!exists(dir)) {
    mkdirSync(dir, { recursive: true });
    // Eight lines of five generations each: live stores, diverged copies and backups of one schema.
    const each = Math.round((gigabytes * 1e9) / 40 / 149);
    for (let line = 0; line < 8; line++) {
      for (let generation = 0; generation < 5; generation++) {
        mkdirSync(join(dir, `service${line}`), { recursive: true });
        people(join(dir, `service${line}`, `g${generation}.db`), each, generation, line * 100_000_000);
      }
    }
    age(dir);
  }
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  console.log(`\n${paths.length} stores, ${(bytes / 1e9).toFixed(2)} GB`);
  const script = paths
    .map(
      (path) =>
        `sqlite3 '${path}' 'PRAGMA quick_check; SELECT count(*) FROM people; SELECT count(*) FROM visits;' && sha256sum '${path}'`,
    )
    .join(' && ');
  const audit = (folder, how) =>
    measure(process.execPath, [CLI, '-C', dir, 'audit', '--json'], {
      ...how,
      env: { ...process.env, XDG_CACHE_HOME: folder },
    });
  const [theirs, cold] = await inTurns(runs, [
    (how) => measure('sh', ['-c', script], how),
    (how) => {
      rmSync(cache, { recursive: true, force: true });
      return audit(cache, how);
    },
  ]);
  row('sqlite3 quick_check + count(*) + sha256sum', theirs);
  row('desprawl audit, first', cold, theirs, 1.5);
  const [warm] = await inTurns(runs, [(how) => audit(cache, how)]);
  row('desprawl audit, nothing changed', warm);
  console.log(
    `  aims: second audit < 0.5 s, memory of all processes < 300 MiB; now ${warm.median.toFixed(2)} s, ${Math.ceil(cold.peakMib)} MiB`,
  );
}

/** People and their visits; `generation` shifts which rows differ. Deterministic. */
function people(path, rows, generation, offset = 0) {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, city TEXT, amount REAL, visits INTEGER, created_at TEXT, note TEXT);
    CREATE TABLE visits (id INTEGER PRIMARY KEY, person_id INTEGER REFERENCES people (id), at TEXT);
    BEGIN;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO people
    SELECT i + ${offset}, 'person' || (i + ${offset}) || '@example.org', 'Person ' || (i * 7919 % 100003), 'City ' || (i % 977), i * 1.25, i % 50,
           strftime('%Y-%m-%dT%H:%M:%S', 1600000000 + i * 11, 'unixepoch'),
           CASE WHEN i % 100 = ${generation} THEN 'changed in ' || ${generation} ELSE 'note ' || (i * 31 % 1000) END
    FROM n WHERE i % 200 <> ${50 + generation};
    INSERT INTO visits SELECT id * 2, id, created_at FROM people WHERE id % 4 = 0;
    COMMIT;`);
  db.close();
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Files as old as real ones: what was written a second ago is not trusted by the cache. */
function age(dir) {
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), 1_757_980_800, 1_757_980_800);
  }
}

function row(name, run, against, aim) {
  const ratio =
    against === undefined
      ? ''
      : `  ${(run.median / against.median).toFixed(2)} ×, fastest runs ${(run.fastest / against.fastest).toFixed(2)} × (aim: at most ${aim} ×)`;
  console.log(
    `  ${name.padEnd(44)} ${run.median.toFixed(2).padStart(6)} s ${String(Math.ceil(run.peakMib)).padStart(5)} MiB${ratio}`,
  );
}
