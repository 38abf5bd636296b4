import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, range } from './people.ts';

const BACKUPS = 156;
const CONTENTS = 12;

const readings = (rows: number) =>
  insert(
    'readings',
    range(rows).map((n) => ({ id: n + 1, meter: `M-${n % 3}`, kwh: 1.5 * n, read_at: day(n) })),
  );
const TABLE = 'CREATE TABLE readings (id INTEGER PRIMARY KEY, meter TEXT NOT NULL, kwh REAL, read_at TEXT NOT NULL)';

export const project: FixtureProject = {
  traps: ['S9'],
  wrong: `A job copied data/energy.db into backups/ 156 times, mostly without any change: 12 contents in all, thirteen files of
    each, and all files have the same size, so that only the bytes tell them apart. data/meters.db is another store of that size.`,
  build(dir) {
    makeStore(dir, 'data/energy.db', TABLE, readings(60));
    makeStore(
      dir,
      'data/meters.db',
      'CREATE TABLE meters (id INTEGER PRIMARY KEY, serial TEXT NOT NULL, place TEXT)',
      insert(
        'meters',
        range(3).map((n) => ({ id: n + 1, serial: `K-${4711 + n}`, place: `Cellar ${n}` })),
      ),
    );
    mkdirSync(join(dir, 'backups'));
    const aside = mkdtempSync(join(tmpdir(), 'fixture-backups-'));
    for (const content of range(CONTENTS)) {
      makeStore(aside, `${content}.db`, TABLE, readings(40 + content));
    }
    for (const n of range(BACKUPS)) {
      const at = new Date(Date.UTC(2025, 1, 1 + n, 3, 0, 0));
      const path = join(dir, 'backups', `energy-${at.toISOString().slice(0, 10)}.db`);
      copyFileSync(join(aside, `${Math.floor(n / (BACKUPS / CONTENTS))}.db`), path);
      utimesSync(path, at, at);
    }
    rmSync(aside, { recursive: true });
  },
};
