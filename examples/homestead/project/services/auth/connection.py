"""Connections to the database of accounts. Began as a copy of the hub's, then grew retries."""
import sqlite3
import time
from contextlib import contextmanager

try:
    from services.auth import settings
except ImportError:  # started as `python3 app.py` inside services/auth
    import settings


def connect(path=None):
    """Opens the database; rows can be read by column name."""
    connection = sqlite3.connect(path or settings.DB_PATH, timeout=5)
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


def retrying(work, attempts=3, wait=0.05):
    """Runs `work(connection)` in a session, again when another process holds the lock."""
    for attempt in range(1, attempts + 1):
        try:
            with session() as connection:
                return work(connection)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or attempt == attempts:
                raise
            time.sleep(wait * attempt)
    return None


def one(sql, params=()):
    """The first row of a SELECT as a dictionary, or None."""
    with session() as connection:
        row = connection.execute(sql, params).fetchone()
        return dict(row) if row else None
