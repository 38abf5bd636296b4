"""Is the hub's database whole?"""
import os
import sqlite3
import sys

PATH = os.getenv("HUB_DB", "data/hub.db")

if __name__ == "__main__":
    if not os.path.exists(PATH):
        sys.exit(f"{PATH} is not there")
    database = sqlite3.connect(f"file:{PATH}?mode=ro", uri=True)
    print(database.execute("PRAGMA integrity_check").fetchone()[0])
    print(len(database.execute("PRAGMA foreign_key_check").fetchall()), "broken references")
