"""Rows of one query of one store, as JSON; the store is opened for reading only."""
import json
import sqlite3
import sys

store, sql = sys.argv[1:]
print(json.dumps(sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute(sql).fetchall()))
