import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

const things = (table: string, n: number) => [
  `CREATE TABLE ${table} (id INTEGER PRIMARY KEY, label TEXT NOT NULL)`,
  insert(
    table,
    range(n).map((i) => ({ id: i + 1, label: `${table} ${i}` })),
  ),
];

/** Bytes as an encrypted file has them: no pattern, a multiple of the page size. */
function noise(bytes: number): Uint8Array {
  const noise = new Uint8Array(bytes);
  let state = 42;
  for (let i = 0; i < bytes; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[i] = state >>> 24;
  }
  return noise;
}

export const project: FixtureProject = {
  traps: ['S11'],
  wrong: `Names and contents disagree. SQLite under .sqlite3 (data/app.sqlite3), .dat (data/history.dat), without a suffix
    (data/ledger) and as a .txt (data/readme.txt); text under .db (data/notes.db); an encrypted file (data/vault.db); a link to
    a store (current.db), a link to nothing (gone.db); a folder named like a store (data/parts.db) with a store in it;
    Thumbs.db; the history and the cookies of a browser (profile/). data/prose.dat is plain text and nobody's business.`,
  build(dir) {
    makeStore(dir, 'data/app.sqlite3', ...things('tiles', 5));
    makeStore(dir, 'data/history.dat', ...things('trips', 6));
    makeStore(dir, 'data/ledger', ...things('entries', 7));
    makeStore(dir, 'data/readme.txt', ...things('hidden', 8));
    makeStore(dir, 'data/parts.db/one.db', ...things('bolts', 9));
    makeStore(
      dir,
      'profile/places.sqlite',
      `CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url TEXT); CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, place_id INTEGER);
       CREATE TABLE moz_bookmarks (id INTEGER PRIMARY KEY, title TEXT);`,
      insert(
        'moz_places',
        range(4).map((n) => ({ id: n + 1, url: `https://kiosk-nord.de/${n}` })),
      ),
    );
    makeStore(
      dir,
      'profile/Cookies',
      'CREATE TABLE cookies (host_key TEXT, name TEXT); CREATE TABLE meta (key TEXT, value TEXT);',
    );
    writeFile(dir, 'data/notes.db', 'Buy milk.\nCall the plumber about the tap in the kitchen.\n');
    writeFile(dir, 'data/prose.dat', 'Nothing to see here.\n');
    writeFile(dir, 'data/vault.db', noise(16 * 1024));
    writeFile(dir, 'pictures/Thumbs.db', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1528)]));
    symlinkSync('data/app.sqlite3', join(dir, 'current.db'));
    symlinkSync('data/removed.db', join(dir, 'gone.db'));
    mkdirSync(join(dir, 'empty.db'));
  },
};
