"""Asks the hub whether it is well, then looks at its database."""
import json
import os
import sqlite3
import urllib.request

PATH = os.environ.get("HUB_DB", "/app/data/hub.db")

if __name__ == "__main__":
    with urllib.request.urlopen("http://127.0.0.1:8100/health", timeout=2) as response:
        print(json.load(response))
    print(sqlite3.connect(PATH).execute("SELECT count(*) FROM devices").fetchone()[0], "devices")
