"""Password hashes: `pbkdf2_sha256$iterations$salt$base64`."""
import base64
import hashlib
import hmac
import secrets

ITERATIONS = 1200


def make_hash(password, salt=None, iterations=ITERATIONS):
    """A new hash of a password."""
    salt = salt or secrets.token_urlsafe(9)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(digest).decode()}"


def matches(password, stored):
    """Whether a password belongs to a stored hash."""
    try:
        scheme, iterations, salt, _ = stored.split("$")
    except ValueError:
        return False
    if scheme != "pbkdf2_sha256":
        return False
    return hmac.compare_digest(make_hash(password, salt, int(iterations)), stored)
