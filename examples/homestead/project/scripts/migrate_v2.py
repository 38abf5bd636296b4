"""Second try at migrations: one big script, without a list of what was applied."""
import sqlite3
import sys

sys.path.insert(0, "services/hub")
from db.connection import connect  # noqa: E402

STATEMENTS = [
    "ALTER TABLE users ADD COLUMN avatar_colour TEXT",
    "CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT, name TEXT)",
]

if __name__ == "__main__":
    database = connect()
    for statement in STATEMENTS:
        try:
            database.execute(statement)
        except sqlite3.OperationalError as error:
            print("skipped:", error)
    database.commit()
