"""SQLite for a Node that has none: reads {path, sql, values} from standard input, prints the rows as JSON."""
import json
import sqlite3
import sys

request = json.load(sys.stdin)
connection = sqlite3.connect(request["path"], timeout=5)
connection.row_factory = sqlite3.Row
connection.execute("PRAGMA foreign_keys = ON")
try:
    rows = [dict(row) for row in connection.execute(request["sql"], request["values"])]
    connection.commit()
except sqlite3.Error as error:
    sys.exit(str(error))
print(json.dumps(rows))
