import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, range } from './people.ts';
import { writeFile } from './write-file.ts';

const COLUMNS = [
  'id',
  'serial',
  'name',
  'room',
  'maker',
  'model',
  'score',
  'watts',
  'volts',
  'fitted_at',
  'seen_at',
  'firmware',
  'mac',
  'ip',
  'channel',
  'battery',
  'warranty',
  'cents',
  'note',
];
/** What the export kept. */
export const EXPORTED: readonly string[] = COLUMNS.slice(0, 11);
export const LOST: readonly string[] = COLUMNS.slice(11);

const devices = range(40).map((n) => ({
  id: n + 1,
  serial: `SER-${3000 + n}`,
  name: `Device ${n}`,
  room: `Room ${n % 6}`,
  maker: `Maker ${n % 4}`,
  model: `M${n % 9}`,
  score: n + 0.5,
  watts: n * 3,
  volts: n % 2 === 0 ? 230 : 12,
  fitted_at: day(n),
  seen_at: day(n + 100),
  firmware: `1.${n}`,
  mac: `02:00:00:00:00:${(n + 16).toString(16)}`,
  ip: `10.0.0.${n + 1}`,
  channel: n % 13,
  battery: 100 - n,
  warranty: `W${n}`,
  cents: 1000 + n,
  note: `Note on device ${n}`,
}));

const csv = (columns: readonly string[], cell: (column: string, value: unknown) => unknown): string =>
  `${[columns, ...devices.map((device) => columns.map((column) => cell(column, device[column as keyof typeof device])))].map((cells) => cells.join(',')).join('\n')}\n`;

export const project: FixtureProject = {
  traps: ['X4'],
  wrong: `exports/devices.csv was meant to replace the table devices of data/hub.db: it has 11 of its 19 columns, and 0 for
    every score. exports/devices-full.csv has every column and every value.`,
  build(dir) {
    const definitions = COLUMNS.map((name) =>
      name === 'id' ? 'id INTEGER PRIMARY KEY' : name === 'serial' ? 'serial TEXT NOT NULL UNIQUE' : name,
    );
    makeStore(dir, 'data/hub.db', `CREATE TABLE devices (${definitions.join(', ')})`, insert('devices', devices));
    writeFile(
      dir,
      'exports/devices.csv',
      csv(EXPORTED, (column, value) => (column === 'score' ? 0 : value)),
    );
    writeFile(
      dir,
      'exports/devices-full.csv',
      csv(COLUMNS, (_, value) => value),
    );
  },
};
