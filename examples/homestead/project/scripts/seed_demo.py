"""Fills an empty hub with something to look at."""
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT 'guest',
  created_at TEXT NOT NULL
)
"""

if __name__ == "__main__":
    database = sqlite3.connect("data/hub.db")
    database.execute(SCHEMA)
    database.execute(
        "INSERT OR IGNORE INTO users (email, name, password_hash, role, created_at) VALUES (?, ?, ?, ?, datetime('now'))",
        ("test@example.com", "Demo User", "disabled", "guest"),
    )
    database.commit()
