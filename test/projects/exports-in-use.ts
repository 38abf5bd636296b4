import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

const orders = range(30).map((n) => ({
  id: n + 1,
  part: `part ${n}`,
  amount: (n * 7) % 11,
  city: n % 2 ? 'Ulm' : 'Kiel',
}));
const csv = (rows: readonly Readonly<Record<string, unknown>>[]): string =>
  [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');

export const project: FixtureProject = {
  traps: ['X1', 'X3', 'X6'],
  wrong: `X1: exports/readings.csv is called an export, and its 95 records are in no table; exports/orders.csv can be made again from the table,
    and data/words.csv is data that nobody calls an export. X3: the endpoints of api/ read exports/orders.csv, in JavaScript
    and in PHP; the export that makes it and a test with a file of its own are no readers. X6: api/subscribe.js and contact.php append to
    data/subscribers.csv and data/contacts.csv, which others read back; the export writes what nobody reads, and a log is no data.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    makeStore(
      dir,
      'data/shop.db',
      'CREATE TABLE orders (id INTEGER PRIMARY KEY, part TEXT, amount INTEGER, city TEXT)',
      insert('orders', orders),
    );
    writeFile(dir, 'exports/orders.csv', csv(orders));
    writeFile(
      dir,
      'exports/readings.csv',
      csv(
        range(95).map((n) => ({
          reading: n + 500,
          sensor: `s-${n % 9}`,
          volts: (n * 13) % 240,
          taken: `2025-03-${String((n % 28) + 1).padStart(2, '0')}`,
        })),
      ),
    );
    writeFile(dir, 'data/words.csv', csv(range(20).map((n) => ({ word: `word ${n}`, weight: n * 3 }))));
    writeFile(
      dir,
      'data/subscribers.csv',
      csv(range(12).map((n) => ({ mail: `m${n}@kiosk-nord.de`, since: `2025-01-${n + 10}` }))),
    );
    writeFile(dir, 'data/contacts.csv', csv(range(9).map((n) => ({ who: `Contact ${n}`, subject: `about ${n}` }))));
    write('package.json', '{ "name": "shop", "type": "module", "scripts": { "start": "node api/server.js" } }');
    write(
      'api/server.js',
      "import { readFileSync } from 'node:fs';",
      "import { join } from 'node:path';",
      "import Database from 'better-sqlite3';",
      "import { subscribers } from './subscribe.js';",
      "const db = new Database(join(import.meta.dirname, '../data/shop.db'));",
      "export const total = () => db.prepare('SELECT sum(amount) FROM orders').get();",
      "export const orders = () => readFileSync(join(import.meta.dirname, '../exports/orders.csv'), 'utf8').split('\\n');",
      "export const words = () => readFileSync(new URL('../data/words.csv', import.meta.url), 'utf8').split('\\n');",
      'console.log(orders(), words(), subscribers());',
    );
    write(
      'api/subscribe.js',
      "import { appendFileSync, readFileSync } from 'node:fs';",
      "import { join } from 'node:path';",
      "const FILE = join(import.meta.dirname, '..', 'data', 'subscribers.csv');",
      "const LOG = join(import.meta.dirname, '..', 'logs', 'subscribe.log');",
      'export function subscribe(mail) {',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of the fixture
      '  appendFileSync(FILE, `${mail},${new Date().toISOString()}\\n`);',
      "  appendFileSync(LOG, 'one more\\n');",
      '}',
      "export const subscribers = () => readFileSync(FILE, 'utf8').split('\\n');",
    );
    write(
      'web/orders.php',
      '<?php',
      "$file = fopen(__DIR__ . '/../exports/orders.csv', 'r');",
      'while (($row = fgetcsv($file)) !== false) echo $row[1];',
    );
    write(
      'web/contact.php',
      '<?php',
      "file_put_contents(__DIR__ . '/../data/contacts.csv', $_POST['who'] . \"\\n\", FILE_APPEND);",
    );
    write('web/contacts.php', '<?php', "echo count(file(__DIR__ . '/../data/contacts.csv'));");
    write(
      'scripts/export.py',
      'import csv, sqlite3',
      'from pathlib import Path',
      'ROOT = Path(__file__).resolve().parent.parent',
      'rows = sqlite3.connect(ROOT / "data/shop.db").execute("SELECT id, part, amount, city FROM orders")',
      'with open(ROOT / "exports" / "orders.csv", "w") as file:',
      '    csv.writer(file).writerows(rows)',
    );
    write(
      'tests/orders.test.js',
      "import { readFileSync } from 'node:fs';",
      "readFileSync(new URL('./fixtures/orders.csv', import.meta.url));",
    );
    writeFile(dir, 'tests/fixtures/orders.csv', csv(orders.slice(0, 3)));
  },
};
