import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, person } from './people.ts';
import { writeFile } from './write-file.ts';

/** `roles`: those that the check allows. */
export const gatePy = (roles: string): string => `import sqlite3


def connect():
    db = sqlite3.connect("data/gate.db")
    db.execute("""
        CREATE TABLE IF NOT EXISTS members (
            id INTEGER PRIMARY KEY,
            email TEXT NOT NULL UNIQUE,
            role TEXT NOT NULL CHECK (role IN (${roles})),
            seen_at TEXT
        )""")
    return db


def admit(email):
    return connect().execute("SELECT role FROM members WHERE email = ?", (email,)).fetchone()
`;

const HUB_PY = `import sqlite3


def connect():
    db = sqlite3.connect("data/hub.db")
    db.execute("CREATE TABLE IF NOT EXISTS members (id INTEGER PRIMARY KEY, email TEXT UNIQUE, role TEXT, seen_at TEXT)")
    return db


def promote(email):
    connect().execute("UPDATE members SET role = 'admin' WHERE email = ?", (email,))
`;

const members = (rows: readonly (readonly [id: number, of: number, role: string | null, seen: number])[]) =>
  insert(
    'members',
    rows.map(([id, of, role, seen]) => ({ id, email: person(of).email, role, seen_at: day(seen) })),
  );

export const project: FixtureProject = {
  traps: ['R15'],
  wrong: `The gate declares which roles there are, and that everybody has one; the hub does not, and has admins, and somebody without a
    role. After a merge into the hub's store the gate opens that table: whatever of the gate makes its table anew and copies the rows
    loses those. What the hub itself declares beside it takes all of them.`,
  build(dir) {
    makeStore(
      dir,
      'data/hub.db',
      'CREATE TABLE members (id INTEGER PRIMARY KEY, email TEXT UNIQUE, role TEXT, seen_at TEXT)',
      members([
        [1, 0, 'admin', 90],
        [2, 1, null, 91],
        [3, 2, 'guest', 92],
        [4, 3, 'admin', 93],
        [5, 4, 'staff', 94],
      ]),
    );
    makeStore(
      dir,
      'data/gate.db',
      "CREATE TABLE members (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, role TEXT NOT NULL CHECK (role IN ('guest', 'staff')), seen_at TEXT)",
      members([
        [1, 2, 'guest', 92],
        [2, 4, 'staff', 94],
        [3, 7, 'guest', 40],
      ]),
    );
    writeFile(dir, 'hub.py', HUB_PY);
    writeFile(dir, 'gate.py', gatePy("'guest', 'staff'"));
  },
};
