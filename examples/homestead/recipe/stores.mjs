/**
 * Makes every SQLite store from the SQL in `data/`. A store with a past is made in layers and copied between them, so that backups and git
 * history hold what the store really was. Foreign keys are off, as in Python's driver: the hub's broken references come from that.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { makeWalOnly } from './wal-only.mjs';

/** Returns when each store was last written (path → time), and the contents of `data/auth.db` that went into git. */
export function makeStores(root, data) {
  const scratch = mkdtempSync(join(tmpdir(), 'homestead-build-'));
  try {
    return storesBy(scratch, root, data);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function storesBy(scratch, root, data) {
  const changed = new Map();
  const sql = (name) => readFileSync(join(data, name), 'utf8');
  const migration = (name) => readFileSync(join(root, 'migrations', name), 'utf8');
  const keep = (from, to, time) => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(from, join(root, to));
    changed.set(to, time);
  };

  const hub = join(scratch, 'hub.db');
  const ledger = 'CREATE TABLE schema_migrations (version TEXT PRIMARY KEY, applied_at TEXT NOT NULL);';
  write(hub, [ledger, migration('0001_init.sql'), sql('hub/2025-09-16.sql')]);
  const ancestor = join(scratch, 'hub-2025-09-16.db');
  copyFileSync(hub, ancestor);
  keep(ancestor, 'backups/hub-2025-09-16.db', '2025-09-16T18:55:00Z');
  write(hub, [migration('0002_tasks_and_memory.sql'), sql('hub/2025-10-01.sql')]);
  for (let day = 1; day <= 13; day++) {
    const date = `2025-10-${String(day).padStart(2, '0')}`;
    keep(hub, `backups/hub-${date}.db`, `${date}T03:15:00Z`);
  }
  write(hub, [migration('0003_scenes.sql'), sql('hub/2025-11-02.sql')]);
  keep(hub, 'data/hub.db', '2025-11-02T07:20:00Z');

  const auth = join(scratch, 'auth.db');
  const [first, second] = authRevisions(root);
  write(auth, [...first, sql('auth/2025-09-16.sql')], ancestor);
  const september = readFileSync(auth);
  write(auth, [...second, sql('auth/2025-10-12.sql')]);
  const october = readFileSync(auth);
  write(auth, [sql('auth/2025-11-02.sql')]);
  keep(auth, 'data/auth.db', '2025-11-02T06:30:00Z');

  const single = (to, time, names, attached, before = []) => {
    const file = join(scratch, 'single.db');
    write(file, [...before, ...names.map(sql)], attached);
    keep(file, to, time);
    rmSync(file);
  };
  single('services/auth/data/auth.db', '2025-09-20T18:00:00Z', ['auth/from-its-own-folder.sql'], undefined, first);
  single('data/devices-copy.db', '2025-11-02T17:20:00Z', ['devices-copy.sql'], hub);
  single('data/hub.db.old', '2024-06-30T10:00:00Z', ['hub-old.sql']);
  single('data/tasks.db', '2025-11-01T07:00:00Z', ['tasks.sql'], hub);
  single('data/memory.db', '2025-11-01T13:00:00Z', ['memory.sql'], hub);
  single('app.db', '2025-10-31T06:00:00Z', ['app.sql', 'app-from-the-root.sql']);
  single('backend/app.db', '2025-10-25T12:05:00Z', ['app.sql', 'app-from-backend.sql']);
  single('data/energy.db', '2025-11-01T23:59:00Z', ['energy.sql']);
  single('data/calendar.db', '2025-10-30T18:00:00Z', ['calendar.sql']);
  single('data/homeassistant/home-assistant_v2.db', '2025-10-10T12:00:00Z', ['home-assistant.sql']);

  for (const path of makeWalOnly(join(root, 'data/telemetry.db'), sql('telemetry.sql'), scratch)) {
    changed.set(`data/${path}`, '2025-11-01T23:05:00Z');
  }
  return { changed, generations: { september, october } };
}

/** Runs the layers of a store in one connection, each in a transaction; `attached` is there as `hub`. */
function write(path, layers, attached) {
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    if (attached) database.prepare('ATTACH ? AS hub').run(attached);
    for (const layer of layers) {
      database.exec('BEGIN');
      database.exec(layer);
      database.exec('COMMIT');
    }
  } finally {
    database.close();
  }
}

/** The statements of the auth service's own revisions, taken from its code. */
function authRevisions(root) {
  const ledger = 'CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)';
  const folder = join(root, 'services/auth/migrations/versions');
  const revisions = readdirSync(folder)
    .filter((name) => /^[a-z].*\.py$/.test(name))
    .sort();
  const statements = revisions.map((name) => {
    const code = readFileSync(join(folder, name), 'utf8');
    const list = code.slice(code.indexOf('statements = ['));
    return [...list.matchAll(/"""([\s\S]*?)"""|"([^"]*)"/g)].map((match) => match[1] ?? match[2]);
  });
  return [[ledger, ...(statements[0] ?? [])], statements[1] ?? []];
}
