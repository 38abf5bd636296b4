"""Applies migrations/*.sql to the hub's database; what was applied is kept in `schema_migrations`."""
import os
import sqlite3
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATABASE = os.environ.get("HUB_DB", "data/hub.db")


def migrate(path=DATABASE):
    """Applies what is missing, in order of the file names; returns their names."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE IF NOT EXISTS schema_migrations (version TEXT PRIMARY KEY, applied_at TEXT NOT NULL)")
    done = {row[0] for row in connection.execute("SELECT version FROM schema_migrations")}
    applied = []
    for file in sorted((ROOT / "migrations").glob("*.sql")):
        if file.stem in done:
            continue
        connection.executescript(file.read_text(encoding="utf-8"))
        connection.execute("INSERT INTO schema_migrations VALUES (?, datetime('now'))", (file.stem,))
        connection.commit()
        applied.append(file.stem)
    connection.close()
    return applied


if __name__ == "__main__":
    print("\n".join(migrate()) or "nothing to do")
