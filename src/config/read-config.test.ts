import { expect, it } from 'vitest';
import { DesprawlError } from '../errors.ts';
import { DEFAULT_CONFIG } from './config.ts';
import { parseConfig, readConfig } from './read-config.ts';

const CODES = ['copy-store', 'seed-data'];
const parse = (text: string) => parseConfig(text, 'desprawl.yaml', () => CODES);
const failure = async (text: string): Promise<string> => {
  const error = await parse(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DesprawlError);
  return `${(error as DesprawlError).code} ${(error as DesprawlError).message}`;
};

it('what is left out has its default', async () => {
  expect(await parse('version: 1\n')).toEqual(DEFAULT_CONFIG);
});

it('every key reaches its place', async () => {
  const config = await parse(`
version: 1
ignore: [data/raw/]
foreign: [ha.db]
stores:
  data/hub.db: { role: primary, note: the truth }
audit: { exact: true, timeout: 9, disable: [seed-data] }
state: /var/state
plan: { target: data/main.db, keep: [memory.db], docs: true }
checks:
  tests: { run: npm test }
  people: { store: data/hub.db, sql: select count(*) from users, is: 15 }
  health:
    start: python3 app.py
    port: HUB_PORT
    ready: /health
    requests: [{ get: /rooms }, { post: /login, json: { user: ada }, status: 204 }]
    timeout: 20
measures:
  boot: { run: node boot.mjs, of: seconds, tolerance: 7.5% }
  size: { run: node boot.mjs, of: memory, timeout: 5 }
targets: { stores: 3, connection-modules: 1, findings: { copy-store: 0 } }
exports:
  people: { store: data/hub.db, table: users, format: csv, to: data/exports }
  rooms:
    store: data/hub.db
    query: select * from rooms
    columns: [name]
    order: [{ name: desc }, id]
    format: csv
    file: all rooms.txt
    blobs: hex
    odd-text: escape
    csv: { delimiter: tab, bom: true, eol: crlf, nulls: 'NULL', formulas: guard }
approval: other
retention: { keep-days: 30, keep-runs: 5 }
`);
  expect(config).toEqual({
    version: 1,
    ignore: ['data/raw/'],
    foreign: ['ha.db'],
    stores: { 'data/hub.db': { role: 'primary', note: 'the truth' } },
    audit: { exact: true, timeout: 9, disable: ['seed-data'] },
    state: '/var/state',
    plan: { target: 'data/main.db', keep: ['memory.db'], docs: true },
    checks: {
      tests: { kind: 'command', run: 'npm test', timeout: 300 },
      people: { kind: 'sql', store: 'data/hub.db', sql: 'select count(*) from users', is: 15 },
      health: {
        kind: 'http',
        start: 'python3 app.py',
        port: 'HUB_PORT',
        ready: '/health',
        requests: [
          { method: 'GET', path: '/rooms', status: 200 },
          { method: 'POST', path: '/login', json: { user: 'ada' }, status: 204 },
        ],
        timeout: 20,
      },
    },
    measures: {
      boot: { run: 'node boot.mjs', of: 'seconds', tolerance: 0.075, timeout: 300 },
      size: { run: 'node boot.mjs', of: 'memory', tolerance: 0.2, timeout: 5 },
    },
    targets: { stores: 3, connectionModules: 1, findings: { 'copy-store': 0 } },
    exports: {
      people: {
        store: 'data/hub.db',
        from: { table: 'users' },
        columns: null,
        order: [],
        file: 'people.csv',
        to: 'data/exports',
        form: {
          format: 'csv',
          blobs: 'base64',
          oddText: 'refuse',
          csv: { delimiter: ',', bom: false, eol: 'lf', nulls: '', formulas: 'as-is' },
        },
      },
      rooms: {
        store: 'data/hub.db',
        from: { query: 'select * from rooms' },
        columns: ['name'],
        order: [
          { column: 'name', descending: true },
          { column: 'id', descending: false },
        ],
        file: 'all rooms.txt',
        to: null,
        form: {
          format: 'csv',
          blobs: 'hex',
          oddText: 'escape',
          csv: { delimiter: '\t', bom: true, eol: 'crlf', nulls: 'NULL', formulas: 'guard' },
        },
      },
    },
    approval: 'other',
    retention: { keepDays: 30, keepRuns: 5 },
  });
});

it.each([
  ['an unknown key', 'version: 1\nignroe: []\n', /desprawl\.yaml:2:1: unknown key "ignroe"; did you mean "ignore"\?/],
  [
    'an unknown key further in',
    'version: 1\naudit:\n  exakt: true\n',
    /yaml:3:3: unknown key "exakt" in audit; did you mean "exact"/,
  ],
  ['a value of the wrong type', 'version: 1\naudit:\n  timeout: soon\n', /yaml:3:12: audit\.timeout: /],
  ['an unknown role', 'version: 1\nstores:\n  a.db: { role: main }\n', /yaml:3:17: stores\.a\.db\.role: /],
  ['an item of the wrong type', 'version: 1\nignore:\n  - 3\n', /yaml:3:5: ignore\.0: /],
  [
    'a code that does not exist',
    'version: 1\naudit:\n  disable: [seed-date]\n',
    /yaml:3:13: .*"seed-date"; did you mean "seed-data"/,
  ],
  [
    'a check with a misspelt key',
    'version: 1\nchecks:\n  a: { rum: npm test }\n',
    /yaml:3:8: unknown key "rum" in checks\.a; did you mean "run"\?/,
  ],
  [
    'a check of two kinds',
    'version: 1\nchecks:\n  a: { run: npm test, sql: select 1 }\n',
    /yaml:3:23: unknown key "sql" in checks\.a/,
  ],
  ['a check without its store', 'version: 1\nchecks:\n  a: { sql: select 1, is: 1 }\n', /yaml:3:6: checks\.a\.store: /],
  ['a check that is no map', 'version: 1\nchecks:\n  a: npm test\n', /yaml:3:6: checks\.a: /],
  [
    'a wrong value within a check',
    'version: 1\nchecks:\n  a: { run: npm test, timeout: soon }\n',
    /yaml:3:32: checks\.a\.timeout: /,
  ],
  [
    'a wrong path within a request',
    'version: 1\nchecks:\n  a: { start: x, port: P, ready: /, requests: [{ get: rooms }] }\n',
    /yaml:3:55: checks\.a\.requests\.0\.get: a path of the program begins with \//,
  ],
  [
    'a name that no command line takes',
    'version: 1\nchecks:\n  a b: { run: x }\n',
    /yaml:3:\d+: checks\.a b: a name has letters/,
  ],
  [
    'a tolerance that is no percentage',
    'version: 1\nmeasures:\n  a: { run: x, of: seconds, tolerance: 20 }\n',
    /yaml:3:40: measures\.a\.tolerance: /,
  ],
  [
    'a target for a code that does not exist',
    'version: 1\ntargets:\n  findings: { seed-date: 0 }\n',
    /yaml:3:15: targets\.findings: .*"seed-date"; did you mean "seed-data"/,
  ],
  [
    'an export of a table and a query',
    'version: 1\nexports:\n  a: { store: a.db, table: t, query: select 1, format: csv }\n',
    /yaml:3:\d+: unknown key "(query|table)" in exports\.a/,
  ],
  [
    'a NULL that YAML takes for none',
    'version: 1\nexports:\n  a: { store: a.db, table: t, format: csv, csv: { nulls: NULL } }\n',
    /yaml:3:\d+: exports\.a\.csv\.nulls: a text, in quotes/,
  ],
  [
    'an export that is kept outside of the project',
    'version: 1\nexports:\n  a: { store: a.db, table: t, format: csv, to: data/../../x }\n',
    /yaml:3:\d+: exports\.a\.to: a folder of the project/,
  ],
  [
    'an export into another folder',
    'version: 1\nexports:\n  a: { store: a.db, table: t, format: csv, file: ../a.csv }\n',
    /yaml:3:\d+: exports\.a\.file: a name without folders/,
  ],
  [
    'an order by two columns at once',
    'version: 1\nexports:\n  a: { store: a.db, table: t, format: csv, order: [{ x: asc, y: asc }] }\n',
    /yaml:3:\d+: exports\.a\.order\.0: one column/,
  ],
  [
    'two exports into one file',
    'version: 1\nexports:\n  a: { store: a.db, table: t, format: csv }\n  b: { store: a.db, table: t, format: csv, file: A.csv }\n',
    /yaml:4:3: exports\.b: it would be the same file as a/,
  ],
  ['an unknown approval', 'version: 1\napproval: maybe\n', /yaml:2:11: approval: /],
  [
    'an unknown key of the retention',
    'version: 1\nretention: { keepdays: 3 }\n',
    /yaml:2:14: unknown key "keepdays" in retention; did you mean "keep-days"/,
  ],
  ['no version', 'ignore: []\n', /yaml:1:1: version: /],
  ['another version', 'version: 2\n', /yaml:1:10: version: /],
  ['broken YAML', 'version: 1\nignore: [a\n', /desprawl\.yaml:[23]:\d+: /],
  ['a key twice', 'version: 1\nversion: 1\n', /yaml:2:1: .*unique/i],
  ['nothing at all', '# only a comment\n', /the file is empty/],
  ['a list', '- 1\n', /yaml:1:1: /],
])('%s is refused with line and column', async (_name, text, expected) => {
  const message = await failure(text);
  expect(message).toMatch(/^DSP-CONFIG-INVALID /);
  expect(message).toMatch(expected);
});

it('a project without the file has the defaults; a file that was named must be there', async () => {
  expect(await readConfig('/nonexistent', undefined, () => CODES)).toEqual(DEFAULT_CONFIG);
  await expect(readConfig('/nonexistent', '/nonexistent/x.yaml', () => CODES)).rejects.toMatchObject({
    code: 'DSP-CONFIG-INVALID',
  });
});
