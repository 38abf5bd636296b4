import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['C13', 'C15'],
  wrong: `C13: tools/nightly/count.py was tools/count.py and still takes its parent's parent for the root: it opens tools/data/shop.db, which
    sqlite3 would make, and import.py reads tools/data/prices.csv; their neighbours count right.
    C15: kiosk/models.py stands beside kiosk/models/, which Python prefers; kiosk/views/ has no __init__.py beside kiosk/views.py, so
    that nothing can be imported from it; kiosk/plugins/ has none either and is a package all the same.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    makeStore(
      dir,
      'data/shop.db',
      'CREATE TABLE prices (id INTEGER PRIMARY KEY, what TEXT, price INTEGER)',
      insert('prices', [{ id: 1, what: 'tea', price: 3 }]),
    );
    writeFile(dir, 'data/prices.csv', 'sku,amount\na-1,3\nb-2,4\n');
    write('Makefile', 'run:', '\tpython -m kiosk.main', 'count:', '\tpython tools/nightly/count.py');
    write('kiosk/__init__.py');
    write(
      'kiosk/main.py',
      'from kiosk.models import User',
      'from kiosk.models.guest import Guest',
      'from kiosk.plugins.clock import tick',
      'from kiosk.views import show',
      'from kiosk.views.login import login',
    );
    write('kiosk/models.py', 'class User:', '    table = "people"');
    write('kiosk/models/__init__.py', 'class User:', '    table = "users"');
    write('kiosk/models/guest.py', 'class Guest:', '    table = "guests"');
    write('kiosk/plugins/clock.py', 'def tick():', '    return 1');
    write('kiosk/views.py', 'def show():', '    return 1');
    write('kiosk/views/login.py', 'def login():', '    return 1');

    const count = (parents: string): readonly string[] => [
      'import sqlite3',
      'from pathlib import Path',
      `ROOT = Path(__file__).resolve()${parents}`,
      'db = sqlite3.connect(ROOT / "data" / "shop.db")',
      'print(db.execute("SELECT count(*) FROM prices").fetchone())',
    ];
    write('tools/nightly/count.py', ...count('.parent.parent'));
    write('tools/nightly/sum.py', ...count('.parents[2]'));
    write('tools/weekly.py', ...count('.parent.parent'));
    const read = (parents: string): readonly string[] => [
      'import csv',
      'import os',
      `ROOT = ${parents}`,
      'with open(os.path.join(ROOT, "data", "prices.csv")) as file:',
      '    rows = list(csv.reader(file))',
    ];
    write('tools/nightly/import.py', ...read('os.path.dirname(os.path.dirname(os.path.abspath(__file__)))'));
    write('tools/import.py', ...read('os.path.dirname(os.path.dirname(os.path.abspath(__file__)))'));
  },
};
