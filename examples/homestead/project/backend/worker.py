"""Runs the jobs that are due. Which `app.db` it opens depends on the folder that it is started from."""
import argparse
import json
import os
import sqlite3
from datetime import datetime, timezone

JOBS_DB = "app.db"
HUB_DB = os.environ.get("HUB_DB", "/app/data/hub.db")
TELEMETRY_DB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "telemetry.db")


def due(connection, now):
    """Jobs whose time has come."""
    return connection.execute(
        "SELECT id, name, payload FROM jobs WHERE status = 'waiting' AND run_at <= ? ORDER BY run_at, id", (now,)
    ).fetchall()


def devices_named(numbers):
    """Names of devices, or nothing where the hub's database is elsewhere."""
    if not os.path.exists(HUB_DB) or not numbers:
        return []
    with sqlite3.connect(HUB_DB) as hub:
        marks = ",".join("?" * len(numbers))
        return [row[0] for row in hub.execute(f"SELECT name FROM devices WHERE id IN ({marks}) ORDER BY id", numbers)]


def ping(kind):
    """Notes that the worker is alive."""
    with sqlite3.connect(TELEMETRY_DB) as telemetry:
        telemetry.execute("INSERT INTO pings (source, kind, at) VALUES ('worker', ?, datetime('now'))", (kind,))


def run_once(now):
    """Does what is due; returns the names of the jobs."""
    names = []
    with sqlite3.connect(JOBS_DB) as connection:
        for number, name, payload in due(connection, now):
            print(name, devices_named(json.loads(payload).get("devices", [])))
            connection.execute("UPDATE jobs SET status = 'done', ran_at = ? WHERE id = ?", (now, number))
            names.append(name)
    return names


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--now", default=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S"))
    parser.add_argument("--ping", action="store_true")
    options = parser.parse_args()
    run_once(options.now)
    if options.ping:
        ping("done")
