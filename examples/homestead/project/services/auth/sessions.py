"""Accounts and their sessions."""
import secrets

try:
    from services.auth import settings
    from services.auth.connection import one, retrying
    from services.auth.passwords import make_hash, matches
except ImportError:  # started as `python3 app.py` inside services/auth
    import settings
    from connection import one, retrying
    from passwords import make_hash, matches


def register(email, name, password):
    """Makes an account; returns its id, or None where the e-mail is taken."""
    if one("SELECT id FROM users WHERE lower(email) = lower(?)", (email,)):
        return None
    return retrying(
        lambda connection: connection.execute(
            """
            INSERT INTO users (name, email, role, password_hash, created_at, updated_at)
            VALUES (?, ?, 'member', ?, datetime('now'), datetime('now'))
            """,
            (name, email, make_hash(password)),
        ).lastrowid
    )


def log_in(email, password, user_agent=""):
    """A new session token, or None."""
    person = one("SELECT id, name, password_hash FROM users WHERE lower(email) = lower(?)", (email,))
    if person is None or not matches(password, person["password_hash"]):
        return None
    token = secrets.token_hex(16)

    def work(connection):
        connection.execute(
            """
            INSERT INTO sessions (token, user_id, created_at, expires_at, user_agent)
            VALUES (?, ?, datetime('now'), datetime('now', ?), ?)
            """,
            (token, person["id"], f"+{settings.SESSION_DAYS} days", user_agent),
        )
        connection.execute("UPDATE users SET last_login_at = datetime('now') WHERE id = ?", (person["id"],))

    retrying(work)
    return {"token": token, "name": person["name"]}


def person_of(token):
    """The person behind a session token, or None."""
    return one(
        """
        SELECT users.id, users.name, users.email, users.role
        FROM sessions JOIN users ON users.id = sessions.user_id
        WHERE sessions.token = ?
        """,
        (token,),
    )
