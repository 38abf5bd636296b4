import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, range } from './people.ts';

export const project: FixtureProject = {
  traps: ['R9'],
  wrong: `13 events of data/hub.db name a device that does not exist, and 24 readings a meter that does not; five more events name no
    device at all, which is allowed. In data/shop.db a foreign key names a column that the parent does not have: it cannot be
    checked. services/copy/sound.db has tables of the same kind and nothing wrong.`,
  build(dir) {
    const tables = `CREATE TABLE devices (id INTEGER PRIMARY KEY, serial TEXT UNIQUE);
      CREATE TABLE meters (id INTEGER PRIMARY KEY, place TEXT);
      CREATE TABLE events (id INTEGER PRIMARY KEY, device_id INTEGER REFERENCES devices (id), at TEXT NOT NULL);
      CREATE TABLE readings (id INTEGER PRIMARY KEY, meter_id INTEGER REFERENCES meters (id), kwh REAL);`;
    const devices = insert(
      'devices',
      range(10).map((n) => ({ id: n + 1, serial: `D-${n}` })),
    );
    const meters = insert(
      'meters',
      range(3).map((n) => ({ id: n + 1, place: `Cellar ${n}` })),
    );
    makeStore(
      dir,
      'data/hub.db',
      tables,
      devices,
      meters,
      insert(
        'events',
        range(40).map((n) => ({ id: n + 1, device_id: n < 13 ? 500 + n : n < 18 ? null : 1 + (n % 10), at: day(n) })),
      ),
      insert(
        'readings',
        range(50).map((n) => ({ id: n + 1, meter_id: n < 24 ? 77 : 1 + (n % 3), kwh: n * 1.25 })),
      ),
    );
    makeStore(
      dir,
      'data/shop.db',
      `CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT);
       CREATE TABLE prices (id INTEGER PRIMARY KEY, article TEXT REFERENCES articles (sku), cents INTEGER);`,
      insert(
        'articles',
        range(4).map((n) => ({ id: n + 1, title: `Article ${n}` })),
      ),
      insert(
        'prices',
        range(6).map((n) => ({ id: n + 1, article: `A${n}`, cents: 100 * n })),
      ),
    );
    makeStore(
      dir,
      'services/copy/sound.db',
      tables.replaceAll('events', 'alarms').replaceAll('readings', 'levels'),
      devices,
      meters,
      insert(
        'alarms',
        range(20).map((n) => ({ id: n + 1, device_id: 1 + (n % 10), at: day(n) })),
      ),
    );
  },
};
