"""Brings the database of accounts up to date; the applied revision is kept in `alembic_version`."""
import importlib

try:
    from services.auth.connection import session

    VERSIONS = "services.auth.migrations.versions"
except ImportError:  # started as `python3 app.py` inside services/auth
    from connection import session

    VERSIONS = "migrations.versions"

REVISIONS = ["a1f0_users_and_sessions", "b2c4_last_login"]


def upgrade():
    """Applies what is missing; returns the names of the revisions it applied."""
    applied = []
    with session() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        current = row[0] if row else None
        for name in REVISIONS:
            revision = importlib.import_module(f"{VERSIONS}.{name}")
            if revision.down_revision != current:
                continue
            for statement in revision.statements:
                connection.execute(statement)
            connection.execute("DELETE FROM alembic_version")
            connection.execute("INSERT INTO alembic_version (version_num) VALUES (?)", (revision.revision,))
            current = revision.revision
            applied.append(name)
    return applied


if __name__ == "__main__":
    print(upgrade())
