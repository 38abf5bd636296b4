import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, person, range } from './people.ts';

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, name TEXT, created_at TEXT)';
const users = (numbers: readonly number[]) =>
  insert(
    'users',
    numbers.map((n) => ({
      id: n + 1,
      email: person(n).email,
      name: person(n).name,
      created_at: person(n % 20).joined,
    })),
  );

const DJANGO =
  'CREATE TABLE django_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT, name TEXT, applied TEXT)';
const STEPS = ['0001_initial', '0002_names', '0003_rooms', '0004_prices', '0005_audit'];
const django = (steps: readonly string[]) =>
  insert(
    'django_migrations',
    steps.map((name, n) => ({ app: 'kiosk', name, applied: day(n) })),
  );

const ALEMBIC = 'CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)';
const ORDERS =
  'CREATE TABLE orders (id INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, cents INTEGER, ordered_at TEXT)';
const orders = (numbers: readonly number[]) =>
  insert(
    'orders',
    numbers.map((n) => ({ id: n + 1, reference: `ORD-${5000 + n}`, cents: 250 * n, ordered_at: day(n % 20) })),
  );

const PRISMA = `CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY, checksum TEXT NOT NULL, finished_at TEXT, migration_name TEXT NOT NULL,
  logs TEXT, rolled_back_at TEXT, started_at TEXT NOT NULL, applied_steps_count INTEGER NOT NULL DEFAULT 0)`;
const prisma = (names: readonly string[]) =>
  insert(
    '_prisma_migrations',
    names.map((name, n) => ({
      id: `m${n}`,
      checksum: `c${n}`,
      finished_at: day(n),
      migration_name: name,
      started_at: day(n),
      applied_steps_count: 1,
    })),
  );
const LAMPS = 'CREATE TABLE lamps (id INTEGER PRIMARY KEY, serial TEXT NOT NULL UNIQUE, room TEXT, fitted_at TEXT)';
const lamps = (numbers: readonly number[]) =>
  insert(
    'lamps',
    numbers.map((n) => ({ id: n + 1, serial: `LMP-${700 + n}`, room: `R${n % 5}`, fitted_at: day(n % 20) })),
  );

export const project: FixtureProject = {
  traps: ['S17'],
  wrong: `Three pairs of rival stores. The two kiosk.db are at different levels of Django's migrations (5 and 3), equally full and
    equally fresh: the schema level should speak for data/kiosk.db. The two shop.db are at different Alembic revisions. The
    two house.db have applied the same Prisma migrations, only noted in another order: no drift there. backup/kiosk.db is at
    an earlier level still, as a backup may be.`,
  build(dir) {
    makeStore(dir, 'data/kiosk.db', USERS, DJANGO, users([...range(20), 30, 31]), django(STEPS));
    makeStore(dir, 'backend/kiosk.db', USERS, DJANGO, users([...range(20), 40, 41]), django(STEPS.slice(0, 3)));
    makeStore(dir, 'backup/kiosk.db', USERS, DJANGO, users(range(10)), django(STEPS.slice(0, 1)));
    makeStore(
      dir,
      'data/shop.db',
      ORDERS,
      ALEMBIC,
      orders([...range(20), 50]),
      "INSERT INTO alembic_version VALUES ('a1f0c3d2e4b5')",
    );
    makeStore(
      dir,
      'backend/shop.db',
      ORDERS,
      ALEMBIC,
      orders([...range(20), 60]),
      "INSERT INTO alembic_version VALUES ('b2c4d6e8f0a1')",
    );
    makeStore(
      dir,
      'data/house.db',
      LAMPS,
      PRISMA,
      lamps([...range(20), 70]),
      prisma(['20250101_init', '20250201_rooms']),
    );
    makeStore(
      dir,
      'backend/house.db',
      LAMPS,
      PRISMA,
      lamps([...range(20), 80]),
      prisma(['20250201_rooms', '20250101_init']),
    );
  },
};
