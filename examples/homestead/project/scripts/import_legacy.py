"""Reads devices of the house before the move. Names the old store on purpose."""
import sqlite3

OLD = "data/hub.db.old"

if __name__ == "__main__":
    database = sqlite3.connect(f"file:{OLD}?mode=ro", uri=True)
    for serial, name in database.execute("SELECT serial, name FROM devices ORDER BY id"):
        print(serial, name)
