"""Starts from nothing: drops every table of the hub."""
import sqlite3

if __name__ == "__main__":
    database = sqlite3.connect("data/hub.db")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
        database.execute(f'DROP TABLE "{name}"')
    database.commit()
