CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  title TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'doing', 'done')),
  assigned_to INTEGER REFERENCES users (id),
  due_on TEXT,
  created_at TEXT NOT NULL
);

CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  relation TEXT NOT NULL,
  birthday TEXT
);

-- entity_type says which table entity_id means; user_id is the text that a session gives us.
CREATE TABLE memory_facts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_type TEXT NOT NULL,
  entity_id INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  fact TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE automations (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  device_ids TEXT NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1
);
