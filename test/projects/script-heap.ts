import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['C16', 'C17', 'C18', 'C19'],
  wrong: `C17: five scripts migrate, four reset, three check; they share no text and say so in no name that they share. C18: three of the resets
    ask nobody; fresh.py asks for a typed word, wipe.js wants --yes, clear.sh looks at the environment, a test and a scratch store may be
    emptied by anybody. C16: --limit of load.js is accepted and ignored. C19: cron, a systemd unit, a Makefile, CI with a
    program in it and a Dockerfile name scripts; one of each is gone.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    makeStore(
      dir,
      'data/shop.db',
      'CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT, state TEXT)',
      insert(
        'orders',
        range(8).map((n) => ({ id: n + 1, what: `part ${n}`, state: 'open' })),
      ),
    );
    const python = (...lines: readonly string[]): readonly string[] => [
      '#!/usr/bin/env python3',
      'import sqlite3',
      'from pathlib import Path',
      'SHOP = Path(__file__).resolve().parent.parent / "data" / "shop.db"',
      ...lines,
    ];
    const node = (...lines: readonly string[]): readonly string[] => [
      "import Database from 'better-sqlite3';",
      "const db = new Database(new URL('../data/shop.db', import.meta.url).pathname);",
      ...lines,
    ];

    // Five that migrate.
    write(
      'scripts/upgrade.py',
      ...python('with sqlite3.connect(SHOP) as db:', '    db.execute("ALTER TABLE orders ADD COLUMN note TEXT")'),
    );
    write(
      'scripts/add_prices.py',
      ...python(
        'c = sqlite3.connect(str(SHOP)).cursor()',
        'c.execute("ALTER TABLE orders ADD COLUMN price INTEGER")',
        'print("prices added")',
      ),
    );
    write('scripts/schema-2.js', ...node("db.exec('ALTER TABLE orders ADD COLUMN customer TEXT');"));
    write(
      'scripts/bring-up.mjs',
      ...node(
        "for (const column of ['a', 'b']) db.exec('ALTER TABLE orders ADD COLUMN ' + column + ' TEXT');",
        "console.log('done');",
      ),
    );
    write('scripts/later.sh', '#!/bin/sh', 'sqlite3 data/shop.db "ALTER TABLE orders ADD COLUMN shop TEXT;"');

    // Four that reset; three of them ask nobody.
    write(
      'scripts/start_over.py',
      ...python(
        'db = sqlite3.connect(SHOP)',
        'db.execute("DROP TABLE orders")',
        'db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT, state TEXT)")',
        'db.commit()',
      ),
    );
    write('scripts/empty.js', ...node("db.prepare('DELETE FROM orders').run();"));
    write('scripts/away.sh', '#!/bin/sh', 'rm -f data/shop.db');
    write(
      'scripts/fresh.py',
      ...python(
        'if input("Type the name of the shop to empty it: ") != "shop":',
        '    raise SystemExit("nothing was changed")',
        'db = sqlite3.connect(SHOP)',
        'db.execute("DELETE FROM orders")',
        'db.commit()',
      ),
    );
    // Others that delete and ask.
    write(
      'tools/wipe.js',
      ...node("if (!process.argv.includes('--yes')) process.exit(2);", "db.exec('DELETE FROM orders');").map(
        (line) => line,
      ),
    );
    write(
      'tools/clear.sh',
      '#!/bin/sh',
      'if [ "$APP_ENV" = production ]; then exit 1; fi',
      'sqlite3 data/shop.db "DELETE FROM orders;"',
    );
    write(
      'tools/scratch.py',
      '#!/usr/bin/env python3',
      'import sqlite3',
      'db = sqlite3.connect("/tmp/scratch.db")',
      'db.execute("DROP TABLE IF EXISTS t")',
    );
    write(
      'tests/test_orders.py',
      'import sqlite3',
      'def test_orders(tmp_path):',
      '    db = sqlite3.connect(tmp_path / "shop.db")',
      '    db.execute("DROP TABLE IF EXISTS orders")',
    );

    // Three that look whether all is well.
    write(
      'scripts/doctor.py',
      ...python(
        'db = sqlite3.connect(SHOP)',
        'rows = db.execute("SELECT count(*) FROM orders").fetchone()[0]',
        'print("ok" if rows else "empty")',
      ),
    );
    write(
      'scripts/healthy.js',
      ...node("console.log(db.pragma('integrity_check'), db.prepare('SELECT count(*) FROM orders').get());"),
    );
    write(
      'scripts/look.php',
      '<?php',
      "$db = new PDO('sqlite:' . __DIR__ . '/../data/shop.db');",
      "echo $db->query('SELECT count(*) FROM orders')->fetchColumn();",
    );

    // An option that does nothing, one that does.
    write(
      'tools/load.js',
      "import { parseArgs } from 'node:util';",
      "import Database from 'better-sqlite3';",
      "const { values } = parseArgs({ options: { file: { type: 'string' }, limit: { type: 'string' } } });",
      "const db = new Database(new URL('../data/shop.db', import.meta.url).pathname);",
      "db.prepare('INSERT INTO orders (what) VALUES (?)').run(values.file);",
    );

    // What starts them.
    write(
      'deploy/crontab',
      '0 3 * * * cd /srv/shop && python3 scripts/doctor.py',
      '0 4 * * * cd /srv/shop && python3 scripts/nightly.py',
    );
    write(
      'deploy/shop.service',
      '[Service]',
      'WorkingDirectory=/srv/shop',
      'ExecStart=/usr/bin/node scripts/healthy.js',
    );
    write(
      'deploy/watch.service',
      '[Service]',
      'WorkingDirectory=/srv/shop',
      'ExecStart=/usr/bin/node scripts/watch.js',
    );
    write('Makefile', 'upgrade:', '\tpython3 scripts/upgrade.py', 'report:', '\tpython3 scripts/report.py');
    write(
      'Dockerfile',
      'FROM python:3.12',
      'WORKDIR /srv/shop',
      'COPY scripts/ scripts/',
      'COPY scripts/entry.sh /entry.sh',
      'CMD ["python3", "scripts/doctor.py"]',
    );
    write(
      '.github/workflows/nightly.yml',
      'on: push',
      'jobs:',
      '  nightly:',
      '    runs-on: ubuntu-latest',
      '    steps:',
      '      - run: |',
      '          python3 scripts/upgrade.py',
      '          node scripts/compare.js',
      '      - shell: python',
      '        run: |',
      '          import sqlite3',
      '          print(sqlite3.connect("data/shop.db").execute("SELECT count(*) FROM orders").fetchone())',
    );
  },
};
