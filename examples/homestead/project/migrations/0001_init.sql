CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('admin', 'member', 'guest')),
  created_at TEXT NOT NULL,
  updated_at TEXT
);

CREATE TABLE sessions (
  token TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL
);

CREATE TABLE rooms (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  floor INTEGER NOT NULL
);

CREATE TABLE devices (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room_id INTEGER REFERENCES rooms (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  vendor TEXT NOT NULL,
  serial TEXT NOT NULL UNIQUE,
  firmware TEXT,
  battery INTEGER,
  health REAL NOT NULL DEFAULT 1.0,
  installed_on TEXT NOT NULL,
  last_seen_at TEXT
);

CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id INTEGER NOT NULL REFERENCES devices (id),
  kind TEXT NOT NULL,
  value REAL,
  happened_at TEXT NOT NULL
);
CREATE INDEX events_by_device ON events (device_id, happened_at);
