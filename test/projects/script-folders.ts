import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['C13', 'C17', 'C19'],
  wrong: `C17: database/scripts and database/setup both hold scripts that empty the store; cron, a Makefile and one of the scripts name
    them. C13: the scripts find the store from their own place, three levels up, which stays three. tools/ looks at the store as well, and the
    application imports from it: that is no folder of scripts.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    makeStore(
      dir,
      'data/shop.db',
      'CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT)',
      insert(
        'orders',
        range(8).map((n) => ({ id: n + 1, what: `part ${n}` })),
      ),
    );
    const head = [
      '#!/usr/bin/env python3',
      'import sqlite3',
      'from pathlib import Path',
      'SHOP = Path(__file__).resolve().parent.parent.parent / "data" / "shop.db"',
      'db = sqlite3.connect(SHOP)',
    ];
    const reset = (path: string, sql: string): void => write(path, ...head, `db.execute("${sql}")`, 'db.commit()');
    reset('database/setup/reset_orders.py', 'DELETE FROM orders');
    reset('database/setup/drop_all.py', 'DROP TABLE IF EXISTS orders');
    reset('database/scripts/clear.py', 'DELETE FROM orders');
    write('database/scripts/nightly.sh', '#!/bin/sh', 'python3 database/scripts/clear.py');
    write(
      'tools/counts.py',
      'import sqlite3',
      'def counts(db):',
      '    return db.execute("SELECT count(*) FROM orders").fetchone()',
    );
    write(
      'app.py',
      'import sqlite3',
      'from tools.counts import counts',
      'print(counts(sqlite3.connect("data/shop.db")))',
    );
    write('Makefile', 'reset:', '\tpython3 database/setup/reset_orders.py', '\tpython3 database/setup/drop_all.py');
    write('deploy/crontab', '0 3 * * * cd /srv/shop && sh database/scripts/nightly.sh');
  },
};
