import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person, range } from './people.ts';

const NOTES =
  'CREATE TABLE notes (id INTEGER PRIMARY KEY, author TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (author, body));';
/** Keeps words, and no text. */
const WORDS = "CREATE VIRTUAL TABLE words USING fts5 (body, content = '');";
/** Ordinary tables to SQLite: only the module of `vectors` knows what they are. */
const CHUNKS = 'CREATE TABLE vectors_chunks (chunk INTEGER PRIMARY KEY, size INTEGER, points BLOB);';

/** What a program with an extension leaves behind, for one that has not loaded it. */
function vectors(database: DatabaseSyncInstance): void {
  database.enableDefensive(false);
  database.exec(`PRAGMA writable_schema = ON;
    INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql)
      VALUES ('table', 'vectors', 'vectors', 0, 'CREATE VIRTUAL TABLE vectors USING vec0 (point float[3])');
    PRAGMA writable_schema = OFF`);
}

const notes = (from: number, rows: number) =>
  insert(
    'notes',
    range(rows).map((n) => ({ id: n + 1, author: person(from + n).email, body: `Note ${from + n} of the board` })),
  );
const words = (rows: number) =>
  insert(
    'words',
    range(rows).map((n) => ({ rowid: n + 1, body: `note ${n}` })),
  );
const chunks = (rows: number, byte: number) =>
  insert(
    'vectors_chunks',
    range(rows).map((n) => ({ chunk: n + 1, size: 8, points: new Uint8Array(8).fill(byte + n) })),
  );

export const project: FixtureProject = {
  traps: ['R20'],
  wrong: `Two boards have notes of their own. data/plain.db has nothing else. Beside the notes of data/search.db stand an index that keeps
    words and no text, and a virtual table of a module that is not loaded, with the ordinary table that the module keeps it in. What
    these hold can neither be read nor compared, and rows of the last one mean nothing anywhere else.`,
  build(dir) {
    makeStore(dir, 'data/plain.db', NOTES, notes(0, 6));
    makeStore(dir, 'data/search.db', NOTES, WORDS, CHUNKS, notes(4, 6), words(6), chunks(3, 16), vectors);
  },
};
