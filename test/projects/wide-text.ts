import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { person } from './people.ts';

const USERS = 'CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, name TEXT);';
/** Only the store in UTF-16 has it. */
const CARDS = `CREATE TABLE cards (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id), motto TEXT NOT NULL, points REAL,
  colour TEXT DEFAULT 'red' CHECK (colour <> '')); CREATE INDEX cards_of ON cards (user_id);`;

/** Outside the first plane, composed and decomposed, behind NUL, a byte order mark that is text. */
export const MOTTOS: readonly string[] = ['😀 hello 𝄞', 'é e\u0301', 'a\u0000b', '\uFEFFmark', '日本語', ''];

export const project: FixtureProject = {
  traps: ['R16'],
  wrong: `data/cards.db keeps its text in UTF-16, data/hub.db in UTF-8: SQLite attaches no files of two encodings. What it holds must come over
    to the last character, with the types, keys and constraints of its own table, and with what AUTOINCREMENT gave away.`,
  build(dir) {
    makeStore(
      dir,
      'data/hub.db',
      USERS,
      insert(
        'users',
        [0, 1].map((n, i) => ({ id: i + 1, email: person(n).email, name: person(n).name })),
      ),
    );
    makeStore(
      dir,
      'data/cards.db',
      "PRAGMA encoding = 'UTF-16le'",
      USERS,
      CARDS,
      insert(
        'users',
        [5, 1, 40].map((n, i) => ({ id: i + 1, email: person(n).email, name: i === 0 ? 'Zoë 😀' : person(n).name })),
      ),
      "INSERT INTO users (id, email) VALUES (90, 'left'); DELETE FROM users WHERE id = 90",
      insert(
        'cards',
        MOTTOS.map((motto, i) => ({ id: i + 1, user_id: (i % 3) + 1, motto: motto.replace('\0', '~'), points: i / 2 })),
      ),
      // As SQL text it would end there.
      "UPDATE cards SET motto = replace(motto, '~', char(0)) WHERE motto LIKE '%~%'",
    );
  },
};
