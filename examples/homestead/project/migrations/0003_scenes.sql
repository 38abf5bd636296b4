CREATE TABLE scenes (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  mode TEXT NOT NULL,
  brightness INTEGER NOT NULL,
  colour TEXT,
  room_id INTEGER REFERENCES rooms (id),
  owner_id INTEGER REFERENCES users (id),
  uses INTEGER NOT NULL DEFAULT 0,
  score REAL NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  used_at TEXT
);

ALTER TABLE users ADD COLUMN avatar_colour TEXT;
