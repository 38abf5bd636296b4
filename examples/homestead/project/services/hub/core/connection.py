"""Database connections (core)."""
import os
import sqlite3
from contextlib import contextmanager

DB_PATH = os.getenv("HUB_DB", "data/hub.db")


def connect(path=None):
    """Opens the database; rows can be read by column name."""
    connection = sqlite3.connect(path or DB_PATH, timeout=5)
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def session(path=None):
    """One unit of work: committed at the end, rolled back on an error, closed always."""
    connection = connect(path)
    try:
        yield connection
        connection.commit()
    except Exception:
        connection.rollback()
        raise
    finally:
        connection.close()


def query(sql, params=(), path=None):
    """All rows of a SELECT, as dictionaries."""
    with session(path) as connection:
        return [dict(row) for row in connection.execute(sql, params)]


def execute(sql, params=(), path=None):
    """Runs one statement and tells how many rows it touched."""
    with session(path) as connection:
        return connection.execute(sql, params).rowcount
