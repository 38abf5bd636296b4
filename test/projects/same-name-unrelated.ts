import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, range } from './people.ts';

export const project: FixtureProject = {
  traps: ['R5'],
  wrong: `Two programs have a table called events: data/hub.db logs what devices did, data/calendar.db keeps appointments. Name and id
    are all they share. services/gateway/log.db has a table events too, and that one really repeats the hub's.`,
  build(dir) {
    const log =
      'CREATE TABLE events (id INTEGER PRIMARY KEY, device TEXT NOT NULL, action TEXT NOT NULL, happened_at TEXT NOT NULL)';
    const logged = (n: number) =>
      insert(
        'events',
        range(n).map((i) => ({
          id: i + 1,
          device: `sensor-${i % 7}`,
          action: `turned ${i % 2 === 0 ? 'on' : 'off'} (${i})`,
          happened_at: day(i),
        })),
      );
    makeStore(dir, 'data/hub.db', log, logged(60));
    makeStore(dir, 'services/gateway/log.db', log, logged(45));
    makeStore(
      dir,
      'data/calendar.db',
      'CREATE TABLE events (id INTEGER PRIMARY KEY, title TEXT NOT NULL, place TEXT, starts TEXT, guests INTEGER)',
      insert(
        'events',
        range(50).map((i) => ({
          id: i + 1,
          title: `Dinner no. ${i}`,
          place: `Street ${i * 3}`,
          starts: `${day(i + 200)}`,
          guests: 2 + (i % 9),
        })),
      ),
    );
  },
};
