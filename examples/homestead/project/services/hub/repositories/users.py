"""Who may use the dashboard."""
import secrets

from services.auth.passwords import matches
from services.hub.core.connection import execute, query


def log_in(email, password):
    """A new session token, or None."""
    people = query("SELECT id, name, password_hash FROM users WHERE lower(email) = lower(?)", (email,))
    if not people or not matches(password, people[0]["password_hash"]):
        return None
    token = secrets.token_hex(16)
    execute(
        """
        INSERT INTO sessions (token, user_id, created_at, expires_at)
        VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+30 days'))
        """,
        (token, people[0]["id"]),
    )
    return {"token": token, "name": people[0]["name"]}


def person_of(token):
    """The person behind a session token, or None."""
    people = query(
        "SELECT users.id, users.name, users.role FROM sessions JOIN users ON users.id = sessions.user_id WHERE token = ?",
        (token,),
    )
    return people[0] if people else None
